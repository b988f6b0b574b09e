//go:build qemu

package qemu

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// terminal builds the terminal for the guest, and returns the program's file.
func (r root) terminal(ctx context.Context, folder string) (string, error) {
	file := filepath.Join(folder, "terminal")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "unlockpoint/cmd/terminal")
	libraries := filepath.Join(r.sysroot(), "usr/lib/aarch64-linux-gnu")
	// What pkg-config says is no part of the key under which Go caches a
	// package: with CGO_LDFLAGS, those of another root are not taken for this one's.
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=1", "CC=aarch64-linux-gnu-gcc", "CGO_LDFLAGS=-L"+libraries,
		"PKG_CONFIG_SYSROOT_DIR="+r.sysroot(), "PKG_CONFIG_LIBDIR="+filepath.Join(libraries, "pkgconfig"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the terminal for arm64: %w: is \"make deps-qemu\" done?\n%s", err, out)
	}
	return file, nil
}
