//go:build qemu

package qemu

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// The panel of the machine, in pixels.
const (
	panelWidth  = 800
	panelHeight = 480
)

// bareBoard is a machine with nothing plugged in. It has one core, which is all
// that one core of the host can play (see start).
var bareBoard = []string{
	"-M", "virt,gic-version=3", "-cpu", "cortex-a72", "-accel", "tcg", "-smp", "1", "-m", "1024",
	"-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
	"-rtc", "base=1970-01-02", // as one without a battery
}

// plugged is what is always in it. The network is closed, but for the openings
// that come with it.
var plugged = []string{
	"-device", fmt.Sprintf("virtio-gpu-pci,xres=%d,yres=%d", panelWidth, panelHeight),
	"-device", "virtio-tablet-pci", "-device", "virtio-keyboard-pci",
	"-device", "virtio-net-pci,netdev=n,romfile=",
	"-device", "qemu-xhci,id=xhci", "-device", "usb-ccid,id=ccid,bus=xhci.0",
	"-device", "ccid-card-passthru,chardev=vsc,bus=ccid.0",
	"-serial", "chardev:con", "-qmp", "chardev:qmp",
	"-device", "virtio-serial-pci", "-device", "virtconsole,chardev=log",
}

// openings are what the guest's network leads to.
type openings struct {
	out  map[string]string // host:port of the guest's to host:port of this side
	page string            // host:port on this side that leads to the guest's port 8091
}

// guestHost is what the guest calls this side.
const guestHost = "10.0.2.100"

func (o openings) netdev() string {
	all := "user,id=n,restrict=on,hostfwd=tcp:" + o.page + "-10.0.2.15:8091"
	for guest, here := range o.out {
		all += ",guestfwd=tcp:" + guest + "-cmd:socat - TCP:" + here
	}
	return all
}

// machine is a running QEMU.
type machine struct {
	cmd     *exec.Cmd
	folder  string
	lines   []net.Conn
	control *control
	console *console
	log     *console // of virtio's: image.sh has the log there
	mouth   *mouth
	ended   chan struct{}
	words   []byte // what QEMU itself said, once it has ended
}

// arrival is how long QEMU may take to plug itself in. It takes 0.1 s.
const arrival = time.Minute

// system is what a machine boots.
type system struct {
	kernel
	archive string // the first root
	disk    string // empty: there is none
	init    string // the disk's first program; empty: the usual one
}

func (s system) arguments() []string {
	args := []string{"-kernel", s.image, "-initrd", s.archive}
	if s.disk == "" {
		return append(args, "-append", "console=ttyAMA0 quiet")
	}
	// What kpti guards against the boards' cores do not do (Meltdown), and an
	// emulated one forgets its tables at every call for it.
	line := "console=ttyAMA0 quiet kpti=off root=/dev/vda1"
	if s.init != "" {
		line += " init=" + s.init
	}
	return append(args, "-append", line,
		// It is the machine's power that is cut, not this side's.
		"-drive", "file="+s.disk+",format=raw,if=none,id=disk,cache=unsafe", "-device", "virtio-blk-pci,drive=disk")
}

// boot starts a machine, and returns when it is plugged in; its console says
// when it is up.
func boot(ctx context.Context, s system, o openings) (*machine, error) {
	folder, err := os.MkdirTemp("", "qemu") // short: sockets have names of at most 107 bytes
	if err != nil {
		return nil, fmt.Errorf("start a machine: %w", err)
	}
	m := &machine{folder: folder, ended: make(chan struct{})}
	if err := m.start(ctx, s, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start a machine: %w", err), m.off())
	}
	return m, nil
}

func (m *machine) start(ctx context.Context, s system, o openings) error {
	tree, err := s.tree(ctx, m.folder)
	if err != nil {
		return err
	}
	args := append(s.arguments(), "-netdev", o.netdev())
	var lines []net.Listener
	for _, name := range []string{"vsc", "con", "qmp", "log"} {
		l, err := net.Listen("unix", filepath.Join(m.folder, name))
		if err != nil {
			return err
		}
		defer l.Close()
		lines = append(lines, l)
		args = append(args, "-chardev", "socket,id="+name+",path="+l.Addr().String())
	}
	args = slices.Concat(bareBoard, tree, args, plugged)
	// On one core of the host, since there are hosts whose cores tell different
	// times: a guest's counter that steps back by a little is, to Linux, one that
	// has gone on for 73 years.
	m.cmd = exec.Command("taskset", append([]string{"--cpu-list", "0", "qemu-system-aarch64"}, args...)...)
	output, err := os.Create(filepath.Join(m.folder, "qemu.log"))
	if err != nil {
		return err
	}
	defer output.Close()
	m.cmd.Stdout, m.cmd.Stderr = output, output
	if err := m.cmd.Start(); err != nil {
		return fmt.Errorf("%w: is \"make deps-qemu\" done?", err)
	}
	go m.await()
	return m.plug(ctx, lines)
}

// await keeps QEMU's last words.
func (m *machine) await() {
	m.cmd.Wait()
	m.words, _ = os.ReadFile(filepath.Join(m.folder, "qemu.log"))
	close(m.ended)
}

// plug takes the calls of QEMU's lines.
func (m *machine) plug(ctx context.Context, lines []net.Listener) error {
	ctx, cancel := context.WithTimeout(ctx, arrival)
	defer cancel()
	go func() {
		select {
		case <-m.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	for _, l := range lines {
		line, err := accept(ctx, l)
		if err != nil {
			return err
		}
		m.lines = append(m.lines, line)
	}
	m.console, m.log = openConsole(m.lines[1]), openConsole(m.lines[3])
	var err error
	if m.control, err = openControl(m.lines[2]); err != nil {
		return err
	}
	m.mouth, err = openMouth(m.lines[0])
	return err
}

func accept(ctx context.Context, l net.Listener) (net.Conn, error) {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	conn, err := l.Accept()
	if ctx.Err() != nil {
		return nil, errors.New("QEMU does not come up")
	}
	return conn, err
}

// off ends the machine, as a power cut would. The error holds what QEMU said,
// if it said anything.
func (m *machine) off() error {
	defer os.RemoveAll(m.folder)
	if m.cmd == nil || m.cmd.Process == nil {
		return nil
	}
	m.cmd.Process.Kill()
	<-m.ended
	for _, line := range m.lines {
		line.Close()
	}
	if m.mouth != nil {
		<-m.mouth.ended
	}
	if len(m.words) > 0 {
		return fmt.Errorf("QEMU said: %s", m.words)
	}
	return nil
}
