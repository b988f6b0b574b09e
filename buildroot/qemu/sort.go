//go:build qemu

package qemu

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// sort puts each of Debian's files where it is needed, if it is.
func sort(ball *tar.Reader, r root, modules []string) error {
	out, err := os.Create(r.archive())
	if err != nil {
		return err
	}
	defer out.Close()
	s := sorter{root: r, modules: modules, guest: newArchive(out)}
	s.guest.file("init", 0o755, initScript)
	for _, folder := range []string{"dev", "proc", "sys", "run", "tmp", "root", "var/lib"} {
		s.guest.folder(folder)
	}
	for {
		h, err := ball.Next()
		if err == io.EOF {
			return errors.Join(s.complete(), s.guest.close(), out.Close())
		}
		if err != nil {
			return err
		}
		body, err := io.ReadAll(ball)
		if err != nil {
			return err
		}
		if err := s.take(path.Clean(h.Name), h, body); err != nil {
			return err
		}
	}
}

// sorter is what has come of the kernel, and where the rest goes.
type sorter struct {
	root    root
	modules []string // in the order in which they load
	guest   *archive
	found   int
}

func (s *sorter) complete() error {
	if want := len(s.modules) + 1; s.found != want {
		return fmt.Errorf("kernel and modules are %d files instead of %d: Debian's kernel has changed", s.found, want)
	}
	return nil
}

func (s *sorter) take(name string, h *tar.Header, body []byte) error {
	switch n := s.moduleNumber(name); {
	case strings.HasPrefix(name, "boot/vmlinuz-"):
		s.found++
		return os.WriteFile(s.root.debianKernel(), body, 0o644)
	case n >= 0:
		s.found++
		s.guest.file(fmt.Sprintf("modules/%02d-%s", n, path.Base(name)), 0o644, body)
	case h.Typeflag == tar.TypeSymlink && isKept(name):
		s.guest.link(name, h.Linkname)
	case h.Typeflag == tar.TypeReg && isKept(name):
		s.guest.file(name, h.FileInfo().Mode().Perm(), body)
	}
	if isForBuilding(name) {
		return write(filepath.Join(s.root.sysroot(), name), h, body)
	}
	return nil
}

// moduleNumber is a module's place in the order of loading, or -1.
func (s *sorter) moduleNumber(name string) int {
	base, ok := strings.CutSuffix(path.Base(name), ".ko")
	for i, m := range s.modules {
		if ok && m == base {
			return i
		}
	}
	return -1
}

func isKept(name string) bool {
	for _, k := range kept {
		if name == k || strings.HasSuffix(k, "/") && strings.HasPrefix(name, k) {
			return true
		}
	}
	return isLibrary(name)
}

func isLibrary(name string) bool {
	folder := strings.TrimPrefix(path.Dir(name), "usr/")
	return folder == "lib/aarch64-linux-gnu" && strings.Contains(path.Base(name), ".so")
}

// isForBuilding reports whether the compiler needs a file of PC/SC; the C
// library is its own.
func isForBuilding(name string) bool {
	return strings.HasPrefix(name, "usr/include/PCSC/") || strings.Contains(path.Base(name), "libpcsclite.")
}

// write puts a file or a link into a folder of this machine.
func write(name string, h *tar.Header, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeSymlink:
		return os.Symlink(h.Linkname, name)
	case tar.TypeReg:
		return os.WriteFile(name, body, 0o644)
	}
	return nil
}
