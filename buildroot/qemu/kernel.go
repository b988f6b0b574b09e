//go:build qemu

package qemu

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// board is where the files are that make the machine an appliance's board.
const board = "../board/unlockpoint/qemu"

// kernel is what a machine boots.
type kernel struct {
	image string
	hat   bool // it drives what hat.dtsi describes
}

// kernel is the small one, if "make kernel-qemu" built it from today's
// fragment, else Debian's.
func (r root) kernel() (kernel, error) {
	fragment, err := os.ReadFile(filepath.Join(board, "kernel.fragment"))
	if err != nil {
		return kernel{}, fmt.Errorf("find the small kernel: %w", err)
	}
	hash := sha256.Sum256(fragment)
	image := filepath.Join(filepath.Dir(r.dir), fmt.Sprintf("kernel-%x", hash[:8])) // as kernel.sh names it
	if _, err := os.Stat(image); errors.Is(err, fs.ErrNotExist) {
		return kernel{image: r.debianKernel()}, nil
	} else if err != nil {
		return kernel{}, fmt.Errorf("find the small kernel: %w", err)
	}
	return kernel{image: image, hat: true}, nil
}

// tree writes the device tree of a machine with a hat, and returns QEMU's
// arguments for it: none where the machine has none.
func (k kernel) tree(ctx context.Context, folder string) ([]string, error) {
	if !k.hat {
		return nil, nil
	}
	bare, worn := filepath.Join(folder, "bare.dtb"), filepath.Join(folder, "hat.dtb")
	hat, err := os.ReadFile(filepath.Join(board, "hat.dtsi"))
	if err != nil {
		return nil, fmt.Errorf("put on the hat: %w", err)
	}
	if _, err := tool(ctx, nil, "qemu-system-aarch64", append(bareBoard, "-M", "dumpdtb="+bare)...); err != nil {
		return nil, err
	}
	source, err := tool(ctx, nil, "dtc", "-q", "-I", "dtb", "-O", "dts", bare)
	if err != nil {
		return nil, err
	}
	if _, err := tool(ctx, append(source, hat...), "dtc", "-q", "-I", "dts", "-O", "dtb", "-o", worn); err != nil {
		return nil, err
	}
	return []string{"-dtb", worn}, nil
}

// tool runs a program of "make deps-qemu" to its end.
func tool(ctx context.Context, input []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: is \"make deps-qemu\" done?\n%s", name, err, &said)
	}
	return out, nil
}
