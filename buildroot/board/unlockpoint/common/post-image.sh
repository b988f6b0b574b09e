#!/bin/sh
# Called by Buildroot with the folder of images and the board's name: makes the
# image that is written to a card. The kernel's command line is written for each
# slot, and names the slot's own system.
set -eu
images=$1
board=$2
here=$(dirname "$0")/..

case "$board" in
rpi4) firmware='"bcm2711-rpi-4-b.dtb", "rpi-firmware/start4.elf", "rpi-firmware/fixup4.dat"' ;;
rpi5) firmware='"bcm2712-rpi-5-b.dtb", "bcm2712d0-rpi-5-b.dtb"' ;;
*) firmware= ;;
esac
kind=${board%[45]}
parts=$here/$kind
for slot in a b; do
	[ ! -e "$parts/cmdline.txt" ] || sed "s/SLOT/$slot/" "$parts/cmdline.txt" >"$images/cmdline-$slot.txt"
done
for file in config.txt autoboot.txt; do
	[ ! -e "$parts/$file" ] || cp "$parts/$file" "$images/"
done
# Raspberry Pi's boot program takes an overlay out of this folder.
if [ -e "$parts/config.txt" ]; then
	overlays=$images/rpi-firmware/overlays
	mkdir -p "$overlays"
	for source in "$here"/rpi/overlays/*.dtso; do
		dtc -@ -I dts -O dtb -o "$overlays/$(basename "$source" .dtso).dtbo" "$source"
	done
fi
cp "$images/rootfs.squashfs" "$images/system.squashfs"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/root"
sed "s|FIRMWARE|$firmware|" "$parts/genimage-$kind.cfg" >"$work/genimage.cfg"
genimage --rootpath "$work/root" --tmppath "$work/tmp" \
	--inputpath "$images" --outputpath "$images" --config "$work/genimage.cfg"
