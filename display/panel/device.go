package panel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// file is a Device of this machine.
type file struct {
	*os.File
	memory []byte
}

func openDevice(path string) (*file, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return &file{File: f}, nil
}

func (f *file) Get(request uint, structure []byte, lists map[int][]byte) error {
	var held runtime.Pinner // the kernel writes to addresses
	defer held.Unpin()
	for at, list := range lists {
		if len(list) > 0 {
			held.Pin(&list[0])
			binary.NativeEndian.PutUint64(structure[at:], uint64(uintptr(unsafe.Pointer(&list[0]))))
		}
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), uintptr(request), uintptr(unsafe.Pointer(&structure[0])))
	return orNil(errno)
}

func (f *file) Set(request uint, value int) error {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), uintptr(request), uintptr(value))
	return orNil(errno)
}

func orNil(errno unix.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}

func (f *file) Map(offset int64, size int) (memory []byte, err error) {
	f.memory, err = unix.Mmap(int(f.Fd()), offset, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	return f.memory, err
}

func (f *file) Close() error {
	var unmapped error
	if f.memory != nil {
		unmapped = unix.Munmap(f.memory)
		f.memory = nil
	}
	return errors.Join(unmapped, f.File.Close())
}

// backlight is a folder below /sys/class/backlight.
type backlight struct {
	folder string
	most   int // brightness at 100 per cent
	was    int
}

func openBacklight(folder string) (*backlight, error) {
	most, err := number(filepath.Join(folder, "max_brightness"))
	if err != nil {
		return nil, err
	}
	was, err := number(filepath.Join(folder, "brightness"))
	if err != nil {
		return nil, err
	}
	return &backlight{folder, most, was}, nil
}

func number(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 || n > 1<<24 {
		return 0, fmt.Errorf("%s holds %.20q, not a brightness", file, text)
	}
	return n, nil
}

// set is the brightness in per cent; more than none is never rounded to none.
func (b *backlight) set(percent int) error {
	if b == nil {
		return nil
	}
	level := (b.most*percent + 50) / 100
	if percent > 0 {
		level = max(level, 1)
	}
	return b.write(level)
}

func (b *backlight) restore() error {
	if b == nil {
		return nil
	}
	return b.write(b.was)
}

func (b *backlight) write(level int) error {
	return os.WriteFile(filepath.Join(b.folder, "brightness"), strconv.AppendInt(nil, int64(level), 10), 0o644)
}
