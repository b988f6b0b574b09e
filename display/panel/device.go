package panel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
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

// Backlight is a light that the kernel drives: a folder below
// /sys/class/backlight, or of a channel below /sys/class/pwm (the kernel's
// Documentation/ABI/testing/sysfs-class-pwm).
type Backlight struct {
	file string // holds the level
	most int    // level at 100 per cent
	was  int
}

func openBacklight(folder string) (*Backlight, error) {
	most, err := number(filepath.Join(folder, "max_brightness"))
	if errors.Is(err, fs.ErrNotExist) {
		return openPWM(folder)
	}
	if err != nil {
		return nil, err
	}
	return openLevel(filepath.Join(folder, "brightness"), most)
}

func openLevel(file string, most int) (*Backlight, error) {
	was, err := number(file)
	if err != nil {
		return nil, err
	}
	return &Backlight{file, most, was}, nil
}

// pwmPeriod is lightFrequency in nanoseconds.
const pwmPeriod = 1000000

// openPWM gives a channel its period, which is 0 until somebody does, and
// switches it on.
func openPWM(folder string) (*Backlight, error) {
	light, err := openLevel(filepath.Join(folder, "duty_cycle"), pwmPeriod)
	if err != nil {
		return nil, err
	}
	if light.was > pwmPeriod { // no period may be below it
		light.was, err = pwmPeriod, light.write(0)
	}
	return light, errors.Join(err, put(filepath.Join(folder, "period"), pwmPeriod), put(filepath.Join(folder, "enable"), 1))
}

func number(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 || n > 1<<30 {
		return 0, fmt.Errorf("%s holds %.20q, not a brightness", file, text)
	}
	return n, nil
}

// set is the brightness in per cent; more than none is never rounded to none.
// Without a light all is left to the picture, and so it is by one that somebody
// else may set and we may not: it stays as it is, and keeps no picture away.
func (b *Backlight) set(percent int) (picture int, err error) {
	if b == nil {
		return percent, nil
	}
	level := (b.most*percent + 50) / 100
	if percent > 0 {
		level = max(level, 1)
	}
	if err := b.write(level); !errors.Is(err, fs.ErrPermission) {
		return 100, err
	}
	return percent, nil
}

func (b *Backlight) restore() error {
	if b == nil {
		return nil
	}
	return b.write(b.was)
}

func (b *Backlight) write(level int) error { return put(b.file, level) }

func put(file string, n int) error {
	return os.WriteFile(file, strconv.AppendInt(nil, int64(n), 10), 0o644)
}
