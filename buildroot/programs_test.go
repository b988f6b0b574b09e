package buildroot_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// run fails with what the program said.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v: is \"make deps\" done?\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestShellcheckIsContent(t *testing.T) {
	args := []string{"--shell=sh"}
	for name, text := range files(t) {
		if strings.HasPrefix(text, "#!/bin/sh\n") {
			args = append(args, name)
		}
	}
	if len(args) < 10 {
		t.Fatalf("only %d scripts", len(args)-1)
	}
	run(t, "shellcheck", args...)
}

// TestOverlaysFitTheBoard: dtc makes each overlay, and puts it on a tree with the
// labels that Raspberry Pi's has.
func TestOverlaysFitTheBoard(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "board.dtb")
	run(t, "dtc", "-@", "-q", "-I", "dts", "-O", "dtb", "-o", base, "testdata/board.dts")
	overlays, err := filepath.Glob(board + "/rpi/overlays/*.dtso")
	must(t, err)
	for _, source := range overlays {
		overlay := filepath.Join(dir, strings.TrimSuffix(filepath.Base(source), ".dtso")+".dtbo")
		if out := run(t, "dtc", "-@", "-I", "dts", "-O", "dtb", "-o", overlay, source); out != "" {
			t.Errorf("%s: %s", source, out)
		}
		merged := filepath.Join(dir, "merged.dtb")
		run(t, "fdtoverlay", "-i", base, "-o", merged, overlay)
		tree := run(t, "dtc", "-q", "-I", "dtb", "-O", "dts", merged)
		if strings.Contains(source, "panel") && strings.Count(tree, `compatible = "rohm,dh2228fv"`) != 2 {
			t.Errorf("%s: panel and touch chip are not both on the bus:\n%s", source, tree)
		}
		if pins := regexp.MustCompile(`brcm,pins = <(.*)>`).FindStringSubmatch(tree); pins == nil && !strings.Contains(source, "panel") {
			t.Errorf("%s: no pins:\n%s", source, tree)
		}
	}
	if len(overlays) != 3 {
		t.Errorf("%d overlays", len(overlays))
	}
}

// TestTheKernelHasTheBusesOfTheOverlays: on each board of theirs, and built in,
// since the terminal starts before modules do.
func TestTheKernelHasTheBusesOfTheOverlays(t *testing.T) {
	needs := map[string][]string{
		"spi0":    {"SPI_BCM2835", "SPI_DESIGNWARE", "SPI_DW_MMIO"},
		"spidev0": {"SPI_SPIDEV"},
		"spidev1": {"SPI_SPIDEV"},
		"i2c1":    {"I2C_BCM2835", "I2C_DESIGNWARE_CORE", "I2C_DESIGNWARE_PLATFORM", "I2C_CHARDEV"},
		"gpio":    {"GPIO_CDEV"},
	}
	all := files(t)
	target := regexp.MustCompile(`target = <&(\w+)>`)
	taken := 0
	for name, text := range all {
		if !strings.HasSuffix(name, ".dtso") {
			continue
		}
		for _, label := range target.FindAllStringSubmatch(text, -1) {
			taken++
			if needs[label[1]] == nil {
				t.Errorf("%s: what does %s need?", name, label[1])
			}
			for _, symbol := range needs[label[1]] {
				if !strings.Contains(all[board+"/rpi/kernel.fragment"], "\nCONFIG_"+symbol+"=y\n") {
					t.Errorf("%s takes %s, and the kernel has no %s", name, label[1], symbol)
				}
			}
		}
	}
	if taken < 6 {
		t.Errorf("only %d targets", taken)
	}
}

// part is a partition: its name, and the image that it holds.
type part struct{ name, image string }

// two are the partitions of a board whose boot program knows slots.
var two = []part{{"select", "select.vfat"}, {"boot-a", "boot-a.vfat"}, {"boot-b", "boot-b.vfat"},
	{"system-a", "system.squashfs"}, {"system-b", "system.squashfs"}, {"data", "data.ext4"}}

// TestGenimageMakesTheDisks: post-image.sh runs genimage for each board, on files
// of the names that Buildroot leaves for it. Both slots hold the system, each
// boot partition names its own slot and has the overlays that its config.txt
// offers, and the data comes last, where it can grow.
func TestGenimageMakesTheDisks(t *testing.T) {
	boards := map[string]struct {
		partitions []part
		left       []string // what Buildroot leaves
	}{
		"rpi4": {two,
			[]string{"bcm2711-rpi-4-b.dtb", "rpi-firmware/start4.elf", "rpi-firmware/fixup4.dat"}},
		"rpi5": {two,
			[]string{"bcm2712-rpi-5-b.dtb", "bcm2712d0-rpi-5-b.dtb"}},
		"zero2w": {[]part{{"", "boot.vfat"}, {"", "system.squashfs"}, {"", "system.squashfs"}, {"", "data.ext4"}}, // of the old kind, without names
			[]string{"rpi-firmware/bootcode.bin", "rpi-firmware/start.elf", "rpi-firmware/fixup.dat", "u-boot.bin", "boot.scr", "bcm2710-rpi-zero-2-w.dtb"}},
		"qemu": {two[3:], nil},
	}
	for name, b := range boards {
		t.Run(name, func(t *testing.T) {
			images := t.TempDir()
			left := append(b.left, "Image")
			if strings.Contains(defconfig(t, name), "\nBR2_PACKAGE_RPI_FIRMWARE_INSTALL_DTB_OVERLAYS=y\n") {
				left = append(left, "rpi-firmware/overlays/vc4-kms-v3d.dtbo")
			}
			for _, file := range left {
				must(t, os.MkdirAll(filepath.Dir(filepath.Join(images, file)), 0o755))
				must(t, os.WriteFile(filepath.Join(images, file), []byte(tree+file), 0o644))
			}
			run(t, "mksquashfs", board, filepath.Join(images, "rootfs.squashfs"), "-quiet", "-no-progress")
			run(t, "sh", board+"/common/post-image.sh", images, name)
			holds(t, filepath.Join(images, "unlockpoint.img"), b.partitions)
			for _, p := range b.partitions {
				if strings.HasPrefix(p.image, "boot") {
					offers(t, filepath.Join(images, p.image))
				}
			}
			for _, slot := range []string{"a", "b"} {
				if part := filepath.Join(images, "boot-"+slot+".vfat"); exists(part) {
					if line := run(t, "mtype", "-i", part, "::cmdline.txt"); !strings.Contains(line, "root=PARTLABEL=system-"+slot+" ") {
						t.Errorf("slot %s starts with %s", slot, line)
					}
				}
			}
		})
	}
}

// defconfig is the one of a board.
func defconfig(t *testing.T, board string) string {
	t.Helper()
	for name, text := range files(t) {
		if strings.HasPrefix(name, "configs/unlockpoint_"+board) {
			return text
		}
	}
	t.Fatalf("%s has no defconfig", board)
	return ""
}

// tree is how a compiled device tree begins (Devicetree Specification, 5.2).
const tree = "\xd0\x0d\xfe\xed"

var offered = regexp.MustCompile(`(?m)^#?dtoverlay=([\w-]+)`)

// offers checks that overlays are where the boot program looks for them
// (Raspberry Pi, documentation/computers/config_txt, dtoverlay), and are some.
func offers(t *testing.T, part string) {
	t.Helper()
	overlays := offered.FindAllStringSubmatch(run(t, "mtype", "-i", part, "::config.txt"), -1)
	for _, o := range overlays {
		if file := run(t, "mtype", "-i", part, "::overlays/"+o[1]+".dtbo"); !strings.HasPrefix(file, tree) {
			t.Errorf("%s: %s is no device tree: %q", part, o[1], file)
		}
	}
	if len(overlays) < 3 {
		t.Errorf("%s: only %d overlays", part, len(overlays))
	}
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }

// holds checks a disk's partitions: names, order, and every byte of their images.
// The last is the one that S20data finds by its label.
func holds(t *testing.T, disk string, want []part) {
	t.Helper()
	var found struct {
		PartitionTable struct {
			Partitions []struct {
				Start, Size int // in sectors
				Name        string
			}
		}
	}
	must(t, json.Unmarshal([]byte(run(t, "sfdisk", "--json", disk)), &found))
	file, err := os.Open(disk)
	must(t, err)
	defer file.Close()
	at := func(start, length int) []byte {
		t.Helper()
		got := make([]byte, length)
		_, err := file.ReadAt(got, int64(start))
		must(t, err)
		return got
	}
	parts, end := found.PartitionTable.Partitions, 0
	if len(parts) != len(want) {
		t.Fatalf("%d partitions, not %d", len(parts), len(want))
	}
	for i, p := range parts {
		image, err := os.ReadFile(filepath.Join(filepath.Dir(disk), want[i].image))
		must(t, err)
		if p.Name != want[i].name || p.Start < end || 512*p.Size < len(image) || !bytes.Equal(at(512*p.Start, len(image)), image) {
			t.Errorf("partition %d, %q of %d sectors from %d, is not %v after %d", i+1, p.Name, p.Size, p.Start, want[i], end)
		}
		end = p.Start + p.Size
	}
	// The superblock is at 1024, its label at 0x78 (Linux, ext4/super.rst).
	if label := at(512*parts[len(parts)-1].Start+1024+0x78, 16); string(bytes.TrimRight(label, "\x00")) != "data" {
		t.Errorf("the last partition is labelled %q", label)
	}
}

// uboot are U-Boot's commands, of which boot.cmd is made, for a shell.
const uboot = `setenv() { name=$1; shift; eval "$name=\$*"; }
saveenv() { echo "saved slot=$slot trial=$trial"; }
load() { echo "load $1 $2 $4"; }
kernel_addr_r=1 fdt_addr=2
booti() { echo "booti $bootargs"; }
reset() { echo reset; }
`

// TestTheZeroStartsItsSlot: boot.cmd, on what U-Boot kept. A trial is forgotten
// before it is made; whatever does not start is followed by another start, and
// never by a prompt. The kernel has no small UART, which is the console, but for
// those that it is told of (bcm2711_defconfig, SERIAL_8250_RUNTIME_UARTS=0).
func TestTheZeroStartsItsSlot(t *testing.T) {
	script, err := os.ReadFile(board + "/zero2w/boot.cmd")
	must(t, err)
	for kept, want := range map[string]string{
		"":                "load mmc 0:2 /boot/Image",
		"slot=b":          "load mmc 0:3 /boot/Image",
		"slot=a; trial=b": "saved slot=a trial=\nload mmc 0:3 /boot/Image",
		"slot=b; trial=a": "saved slot=b trial=\nload mmc 0:2 /boot/Image",
	} {
		said := run(t, "sh", "-c", kept+"\n"+uboot+string(script))
		part := want[strings.Index(want, "0:")+2:][:1]
		if !strings.HasPrefix(said, want+"\nbooti 8250.nr_uarts=1 console=ttyS0,115200 root=/dev/mmcblk0p"+part+" ") || !strings.HasSuffix(said, "\nreset\n") {
			t.Errorf("%q starts %s", kept, said)
		}
	}
	if fragment := files(t)[board+"/zero2w/u-boot.fragment"]; !strings.Contains(fragment, "\nCONFIG_BOOTDELAY=-2\n") {
		t.Errorf("a key stops it:\n%s", fragment)
	}
}
