#!/bin/sh
# Called by Buildroot with the root's folder: the folders that everything else
# is mounted on, and nothing that writes to a root that is read-only.
set -eu
cd "$1"
mkdir -p data boot proc sys dev run tmp
rm -f etc/init.d/S10mdev etc/init.d/S20seedrng etc/init.d/S20urandom etc/init.d/S50crond
# No password of anybody's fits.
sed -i 's/^root:[^:]*:/root:*:/' etc/shadow
# A pcscd that was built with polkit has to be told that this is not here.
mkdir -p usr/share/unlockpoint
if grep -q -e --disable-polkit usr/sbin/pcscd; then echo --disable-polkit; else echo; fi >usr/share/unlockpoint/pcscd
