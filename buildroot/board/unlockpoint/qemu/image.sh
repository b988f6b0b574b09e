#!/bin/bash
# Makes the appliance for QEMU where Buildroot is not: the overlays, users and
# scripts of this tree, and the terminal, on programs of Debian's for arm64. It
# leaves disk, kernel and initrd in a folder, whose name it is given. With a
# second word "watched" a test can look in: the page is told on TCP port 8091,
# and the log on a console of virtio's. With KERNEL=debian in the environment it
# has Debian's kernel, even where there is another.
set -euo pipefail
to=$(realpath -m "$1")
watched=${2-}
here=$(dirname "$(readlink -f "$0")")
common=$here/../common
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unlockpoint

# Debian is fetched once. Nothing of it is run, so that this needs no emulator.
packages=linux-image-arm64,busybox-static,pcscd,libccid,libpcsclite-dev,e2fsprogs,fdisk,util-linux,tzdata,socat
debian=$cache/debian-$(sha256sum <<<"$packages" | cut -c1-16).tar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -e "$debian" ]; then
	mkdir -p "$cache"
	mmdebstrap --quiet --variant=extract --architectures=arm64 --skip=check/qemu --include=$packages bookworm "$work/debian.tar"
	mv "$work/debian.tar" "$debian"
fi
unpack() { tar -xf "$debian" -C "$1" --wildcards --no-wildcards-match-slash "${@:2}"; }

# What Buildroot would have: libraries, BusyBox for almost everything, what S20data
# needs beyond it, and the time of the place.
root=$work/root
zone=$(sed -n 's/^BR2_TARGET_LOCALTIME="\(.*\)"/\1/p' "$here/../../../configs/unlockpoint_qemu_aarch64_defconfig")
mkdir -p "$root"/{etc,bin,sbin,usr/bin,usr/sbin,root}
unpack "$root" './lib/ld-linux-aarch64.so.1' './lib/aarch64-linux-gnu/*.so*' './usr/lib/aarch64-linux-gnu/*.so*' \
	./bin/busybox ./usr/bin/partx ./sbin/{sfdisk,e2fsck,resize2fs} \
	./usr/sbin/pcscd ./etc/libccid_Info.plist ./usr/lib/pcsc "./usr/share/zoneinfo/$zone"
ln -s "../usr/share/zoneinfo/$zone" "$root/etc/localtime"
for applet in $(busybox --list); do
	[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
done
ln -s ../bin/init "$root/sbin/init"

# The accounts: root's, the groups that mdev.conf gives devices to, and those of
# users.txt in the form that Buildroot's mkusers reads.
echo unlockpoint >"$root/etc/hostname"
echo root:x:0:0:root:/root:/bin/sh >"$root/etc/passwd"
echo 'root::10933:0:99999:7:::' >"$root/etc/shadow"
declare -A ids=([root]=0 [tty]=5 [dialout]=18 [video]=28 [audio]=29 [input]=30) members=()
next=1000
while read -r user _ group _ password home shell groups comment; do
	ids[$group]=$next
	echo "$user:x:$next:$next:$comment:${home/#-//}:${shell/#-//bin/false}" >>"$root/etc/passwd"
	echo "$user:$password:::::::" >>"$root/etc/shadow"
	for more in ${groups//[-,]/ }; do
		ids[$more]=${ids[$more]:-$((++next))}
		members[$more]+=${members[$more]:+,}$user
	done
	next=$((next + 1))
done < <(grep -v '^#' "$common/users.txt")
for group in "${!ids[@]}"; do
	echo "$group:x:${ids[$group]}:${members[$group]:-}"
done >"$root/etc/group"

cp -a "$common/overlay/." "$here/overlay/." "$root"
sh "$common/post-build.sh" "$root"
if [ "$watched" ]; then
	unpack "$root" ./usr/bin/socat
	cat >>"$root/etc/inittab" <<-'END' # when the terminal is up: nothing that looks on is to be waited for
		null::respawn:/bin/sh -c 'sleep 5; exec socat TCP-LISTEN:8091,fork,reuseaddr UNIX-CONNECT:/var/lib/unlockpoint/terminal.sock'
		hvc0::respawn:/bin/sh -c 'sleep 5; exec logread -F'
	END
fi

# The terminal, against the headers and libraries of that same Debian. What
# pkg-config says is no part of the key under which Go caches a package:
# CGO_LDFLAGS is.
sysroot=${debian%.tar}-sysroot
libraries=$sysroot/usr/lib/aarch64-linux-gnu
mkdir -p "$sysroot"
unpack "$sysroot" ./usr/include/PCSC './usr/lib/aarch64-linux-gnu/libpcsclite.*' ./usr/lib/aarch64-linux-gnu/pkgconfig/libpcsclite.pc
(cd "$here" && GOOS=linux GOARCH=arm64 CGO_ENABLED=1 CC=aarch64-linux-gnu-gcc CGO_LDFLAGS=-L$libraries \
	PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$libraries/pkgconfig \
	go build -trimpath -ldflags='-s -w' -o "$root/usr/bin/terminal" unlockpoint/cmd/terminal)

# The kernel: the small one where it was built, else Debian's with its modules.
# The initrd waits for the disk and the reader, since this pcscd would hear of
# a later one from udev only, which is not here.
mkdir -p "$to" "$work/initrd"/{bin,dev,proc,sys,modules,root}
cp "$root/bin/busybox" "$work/initrd/bin"
cp "$here/initrd.sh" "$work/initrd/init"
kernel=$cache/kernel-$(sha256sum <"$here/kernel.fragment" | cut -c1-16)
if [ -e "$kernel" ] && [ "${KERNEL-}" != debian ]; then
	cp "$kernel" "$to/Image"
else
	mkdir "$work/kernel"
	unpack "$work/kernel" './boot/vmlinuz-*' ./lib/modules
	cp "$work"/kernel/boot/vmlinuz-* "$to/Image"
	place=10
	while read -r module; do
		cp "$(find "$work/kernel" -name "$module.ko")" "$work/initrd/modules/$((place++))-$module.ko"
	done <"$here/modules"
fi
(cd "$work/initrd" && find . | cpio --quiet -o -H newc -R 0:0) >"$to/initrd"

images=$work/images
mkdir "$images"
# An emulated processor reads faster than it unpacks.
mksquashfs "$root" "$images/rootfs.squashfs" -quiet -no-progress -all-root -comp zstd -noD -noF
sh "$common/post-image.sh" "$images" qemu >&2
cp --sparse=always "$images/unlockpoint.img" "$to/"
