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
	"strings"
)

// What of Debian is in the root, beyond what these packages depend on.
const (
	suite    = "bookworm"
	packages = "linux-image-arm64,busybox-static,pcscd,libccid,libpcsclite-dev,socat"
)

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

func (r root) debianKernel() string { return filepath.Join(r.dir, "kernel") }
func (r root) archive() string      { return filepath.Join(r.dir, "root.cpio") }
func (r root) sysroot() string      { return filepath.Join(r.dir, "sysroot") }

// makeRoot fetches Debian's packages and packs them, which takes half a
// minute, unless the user's cache has the same root from before.
func makeRoot(ctx context.Context) (root, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return root{}, fmt.Errorf("find a place for the root: %w", err)
	}
	modules, err := listModules()
	if err != nil {
		return root{}, err
	}
	r := root{filepath.Join(cache, "unlockpoint", "qemu-"+recipe(modules))}
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
	if err := debian(ctx, root{work}, modules); err != nil {
		return root{}, err
	}
	if err := os.Rename(work, r.dir); err != nil && !errors.Is(err, os.ErrExist) {
		return root{}, fmt.Errorf("keep the root: %w", err)
	}
	return r, nil
}

// listModules is what a machine needs of Debian's kernel, in the order in which
// it loads.
func listModules() ([]string, error) {
	text, err := os.ReadFile(filepath.Join(board, "modules"))
	if err != nil {
		return nil, fmt.Errorf("list the kernel's modules: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// recipe is a hash of all that decides what is in the root.
func recipe(modules []string) string {
	h := sha256.New()
	fmt.Fprintln(h, "layout 3", suite, packages, modules, kept)
	h.Write(initScript)
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// debian fills a root from Debian's packages. Nothing of them is run, so that
// this needs neither root nor an emulator.
func debian(ctx context.Context, r root, modules []string) error {
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
	if err := sort(tar.NewReader(f), r, modules); err != nil {
		return fmt.Errorf("unpack Debian: %w", err)
	}
	return nil
}
