package evdev

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Folder is where input devices appear.
type Folder interface {
	List() ([]Place, error)
	Open(Place) (Device, error)
}

// Place is where a device is. One that comes after another has the same path,
// but is another node.
type Place struct {
	Path string
	Node uint64
}

// Dir is a folder of the file system: /dev/input.
type Dir string

// List implements Folder.
func (d Dir) List() ([]Place, error) {
	paths, err := filepath.Glob(filepath.Join(string(d), "event*"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(string(d)); err != nil {
		return nil, fmt.Errorf("no input devices: %w", err)
	}
	var places []Place
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue // it vanished meanwhile
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			places = append(places, Place{path, stat.Ino})
		}
	}
	slices.SortFunc(places, func(a, b Place) int { return byNumber(a.Path, b.Path) })
	return places, nil
}

// byNumber puts event9 before event10.
func byNumber(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }

// Open implements Folder.
func (d Dir) Open(p Place) (Device, error) {
	// Without blocking, the runtime waits for the file, and Close ends a Read.
	f, err := os.OpenFile(p.Path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

// file is an input device of the kernel.
type file struct{ *os.File }

// Requests as asm-generic/ioctl.h makes them on every machine we run on.
const (
	iocRead = 2 << 30
	evioc   = 'E' << 8
	grab    = 1<<30 | 4<<16 | evioc | 0x90 // EVIOCGRAB
)

// get is the number of an EVIOCG... request.
func get(request byte, size int) uintptr {
	return iocRead | uintptr(size)<<16 | evioc | uintptr(request)
}

// Get implements Device.
func (f file) Get(request byte, buf []byte) (n int, err error) {
	if len(buf) == 0 {
		return 0, nil
	}
	err = f.control(func(fd uintptr) error {
		got, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, get(request, len(buf)), uintptr(unsafe.Pointer(&buf[0])))
		if errno != 0 {
			return errno
		}
		n = int(got)
		return nil
	})
	return n, err
}

// Grab implements Device.
func (f file) Grab() error {
	return f.control(func(fd uintptr) error { return unix.IoctlSetInt(int(fd), grab, 1) })
}

// control does something with the open file.
func (f file) control(do func(fd uintptr) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var did error
	if err := raw.Control(func(fd uintptr) { did = do(fd) }); err != nil {
		return err
	}
	return did
}
