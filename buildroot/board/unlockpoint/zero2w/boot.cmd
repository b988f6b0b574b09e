# U-Boot runs this. The slot that starts is "slot"; "trial" names one that is to
# be started once: it is forgotten before it is tried, so that a system that does
# not come up is followed by the old one. The board's device tree, with its
# overlays, is the one that the boot program handed over; of its command line,
# which this replaces, the kernel takes the number of its small UARTs.
test -n "${slot}" || setenv slot a
setenv now ${slot}
if test -n "${trial}"; then
	setenv now ${trial}
	setenv trial
	saveenv
fi
if test "${now}" = b; then setenv part 3; else setenv part 2; fi
setenv bootargs "8250.nr_uarts=1 console=ttyS0,115200 root=/dev/mmcblk0p${part} rootfstype=squashfs ro rootwait quiet vt.global_cursor_default=0 spidev.bufsiz=65536 panic=10"
load mmc 0:${part} ${kernel_addr_r} /boot/Image
booti ${kernel_addr_r} - ${fdt_addr}
# Here it did not come up. There is no prompt for whoever has the serial line.
reset
