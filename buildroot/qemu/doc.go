//go:build qemu

// Package qemu tests the terminal as a whole device: the program built for
// arm64, on a small Debian in QEMU, with a kernel's framebuffer, touch panel
// and keys, and with a USB reader that pcscd drives. The card in the reader is
// package simcard's; broker, central and mail are outside, on the host.
//
// Its words: a machine is one QEMU and what is plugged into it; its console is
// a shell on the serial line; its mouth is where cards go into the reader; a
// root is the Debian it boots, made once and kept in the user's cache folder.
//
// It is behind the build tag qemu, since it needs "make deps-qemu".
package qemu
