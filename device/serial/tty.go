package serial

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// speeds are those that field engineers' adapters know (termios(3)).
var speeds = map[int]uint32{
	9600: unix.B9600, 19200: unix.B19200, 38400: unix.B38400, 57600: unix.B57600, 115200: unix.B115200, 230400: unix.B230400,
}

// CheckBaud says whether a line can have this speed.
func CheckBaud(baud int) error {
	if speeds[baud] == 0 {
		return fmt.Errorf("%d baud: write 9600, 19200, 38400, 57600, 115200 or 230400", baud)
	}
	return nil
}

// OpenTTY opens a serial line, "/dev/ttyAMA0": 8 bits, no parity, 1 stop
// bit, no flow control, and every byte as it is. A BREAK comes as a zero. Close
// ends a Read under way.
func OpenTTY(path string, baud int) (*os.File, error) {
	if err := CheckBaud(baud); err != nil {
		return nil, err
	}
	// Not waiting for a carrier, and for Go's poller to end a Read.
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := makeRaw(fd, speeds[baud]); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("set %s to %d baud: %w", path, baud, err)
	}
	return os.NewFile(uintptr(fd), path), nil
}

func makeRaw(fd int, speed uint32) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON | unix.IXOFF
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag &^= unix.CSIZE | unix.PARENB | unix.CSTOPB | unix.CRTSCTS | unix.CBAUD
	t.Cflag |= unix.CS8 | unix.CREAD | unix.CLOCAL | speed
	t.Ispeed, t.Ospeed = speed, speed
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
