#!/bin/busybox sh
# The first process of a machine of image.sh: waits for what Debian's pcscd has to
# find at its start, and leads on to the system.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
if [ -e /proc/modules ]; then # the small kernel has all built in
	for module in /modules/*; do insmod "$module"; done
fi
read -r line </proc/cmdline
for word in $line; do
	case $word in
	root=*) root=${word#root=} ;;
	init=*) init=${word#init=} ;;
	esac
done
until [ -b "$root" ]; do usleep 20000; done
until grep -q 0b /sys/bus/usb/devices/*/bInterfaceClass; do usleep 20000; done 2>/dev/null
mount -t squashfs -o ro "$root" /root
for at in /proc /sys /dev; do mount -o move $at /root$at; done
exec switch_root /root "${init:-/sbin/init}"
