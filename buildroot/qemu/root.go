//go:build qemu

package qemu

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// What of Debian is in the root, beyond what these packages depend on.
const (
	suite    = "bookworm"
	packages = "linux-image-arm64,busybox-static,pcscd,libccid,libpcsclite-dev,socat"
)

// modules of Debian's kernel, in the order in which they load.
var modules = []string{
	"virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci",
	"failover", "net_failover", "virtio_net",
	"drm", "drm_kms_helper", "drm_shmem_helper", "virtio_dma_buf", "virtio-gpu",
	"evdev", "virtio_input",
	"usb-common", "usbcore", "xhci-hcd", "xhci-pci",
}

// kept are the files that the guest has, besides libraries.
var kept = []string{
	"bin/busybox", "usr/sbin/pcscd", "usr/bin/socat", "lib/ld-linux-aarch64.so.1",
	"etc/libccid_Info.plist", "usr/lib/pcsc/drivers/ifd-ccid.bundle/",
}

//go:embed init.sh
var initScript []byte

// root is a folder with what one needs to boot a guest and to build programs
// for it.
type root struct{ dir string }

func (r root) kernel() string  { return filepath.Join(r.dir, "kernel") }
func (r root) archive() string { return filepath.Join(r.dir, "root.cpio") }
func (r root) sysroot() string { return filepath.Join(r.dir, "sysroot") }

// makeRoot fetches Debian's packages and packs them, which takes half a
// minute, unless the user's cache has the same root from before.
func makeRoot(ctx context.Context) (root, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return root{}, fmt.Errorf("find a place for the root: %w", err)
	}
	r := root{filepath.Join(cache, "unlockpoint", "qemu-"+recipe())}
	if _, err := os.Stat(r.dir); err == nil {
		return r, nil
	}
	if err := os.MkdirAll(filepath.Dir(r.dir), 0o755); err != nil {
		return root{}, fmt.Errorf("make a place for the root: %w", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(r.dir), "making-")
	if err != nil {
		return root{}, fmt.Errorf("make a place for the root: %w", err)
	}
	defer os.RemoveAll(work)
	if err := debian(ctx, root{work}); err != nil {
		return root{}, err
	}
	if err := os.Rename(work, r.dir); err != nil && !errors.Is(err, os.ErrExist) {
		return root{}, fmt.Errorf("keep the root: %w", err)
	}
	return r, nil
}

// recipe is a hash of all that decides what is in the root.
func recipe() string {
	h := sha256.New()
	fmt.Fprintln(h, "layout 2", suite, packages, modules, kept)
	h.Write(initScript)
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// debian fills a root from Debian's packages. Nothing of them is run, so that
// this needs neither root nor an emulator.
func debian(ctx context.Context, r root) error {
	ball := filepath.Join(r.dir, "debian.tar")
	defer os.Remove(ball)
	cmd := exec.CommandContext(ctx, "mmdebstrap", "--quiet", "--variant=extract", "--architectures=arm64", "--skip=check/qemu",
		"--include="+packages, suite, ball)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("mmdebstrap: %w: is \"make deps-qemu\" done?\n%s", err, out)
	}
	f, err := os.Open(ball)
	if err != nil {
		return fmt.Errorf("unpack Debian: %w", err)
	}
	defer f.Close()
	if err := sort(tar.NewReader(f), r); err != nil {
		return fmt.Errorf("unpack Debian: %w", err)
	}
	return nil
}
