#!/bin/sh
# Called by Buildroot with the folder of images and the board's name: makes the
# image that is written to a card. The kernel's command line is written for each
# slot, and names the slot's own system.
set -eu
images=$1
board=$2
here=$(dirname "$0")/..

case "$board" in
rpi*) parts=$here/rpi ;;
*) parts=$here/$board ;;
esac
for slot in a b; do
	[ ! -e "$parts/cmdline.txt" ] || sed "s/SLOT/$slot/" "$parts/cmdline.txt" >"$images/cmdline-$slot.txt"
done
for file in config.txt autoboot.txt; do
	[ ! -e "$parts/$file" ] || cp "$parts/$file" "$images/"
done
cp "$images/rootfs.squashfs" "$images/system.squashfs"

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
mkdir "$empty/root"
genimage --rootpath "$empty/root" --tmppath "$empty/tmp" \
	--inputpath "$images" --outputpath "$images" --config "$parts/genimage-$board.cfg"
