//go:build qemu

package qemu

import (
	"fmt"
	"io"
	"io/fs"
	"path"
)

// archive writes files as the kernel takes them for its first root: cpio in
// its "newc" form (Linux, Documentation/driver-api/early-userspace/buffer-format.rst).
// Several archives one after the other are one root.
type archive struct {
	w       io.Writer
	folders map[string]bool
	number  int
	err     error // the first one
}

func newArchive(w io.Writer) *archive {
	return &archive{w: w, folders: map[string]bool{".": true}}
}

// The kinds of file (inode(7)).
const (
	kindLink   = 0o120000
	kindFile   = 0o100000
	kindFolder = 0o040000
)

// file adds a file, and the folders it is in.
func (a *archive) file(name string, mode fs.FileMode, body []byte) {
	a.folder(path.Dir(name))
	a.entry(name, kindFile|uint32(mode.Perm()), body)
}

func (a *archive) link(name, to string) {
	a.folder(path.Dir(name))
	a.entry(name, kindLink|0o777, []byte(to))
}

func (a *archive) folder(name string) {
	if a.folders[name] {
		return
	}
	a.folders[name] = true
	a.folder(path.Dir(name))
	a.entry(name, kindFolder|0o755, nil)
}

// close ends the archive. The error is that of the first entry that failed.
func (a *archive) close() error {
	a.entry("TRAILER!!!", 0, nil)
	return a.err
}

// entry is a header of 13 numbers, the name with a zero, and the body, both
// filled up to 4 bytes.
func (a *archive) entry(name string, mode uint32, body []byte) {
	a.number++
	header := fmt.Sprintf("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
		a.number, mode, 0, 0, 1, 0, len(body), 0, 0, 0, 0, len(name)+1, 0, name)
	a.padded([]byte(header))
	a.padded(body)
}

func (a *archive) padded(b []byte) {
	if a.err != nil {
		return
	}
	_, a.err = a.w.Write(append(b, make([]byte, -len(b)&3)...))
}
