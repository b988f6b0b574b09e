package house

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/reader/pcsc/pcscd"
	"unlockpoint/reader/simcard"
)

// cardReader is the terminal's reader together with the hand that puts
// virtual cards into it.
type cardReader struct {
	slot  reader.Slot
	mouth tray.Mouth
	plug  func(present bool) error
	allow func(readers []string) // that may be used, named as in pcsc.Config
	gone  atomic.Bool
	close func()
}

// directReader is a reader in this process.
func directReader(between func(*simcard.Slot) reader.Slot) *cardReader {
	const name = "Demo reader"
	slot := simcard.NewSlot(name)
	r := &cardReader{slot: slot, mouth: tray.Direct{Slot: slot}, close: func() {}}
	if between != nil {
		r.slot = between(slot)
	}
	r.plug = func(present bool) error {
		r.gone.Store(!present)
		slot.SetReader(present)
		return nil
	}
	r.allow = func(readers []string) { slot.SetApproved(pcsc.Approved(readers, name)) }
	return r
}

// The socket of the machine's pcscd, and the port of vpcd's first reader.
const (
	pcscdSocket = "/run/pcscd/pcscd.comm"
	vpcdAddr    = "127.0.0.1:35963"
)

// pcscReader is a reader of the machine's PC/SC service. Where none runs, a
// private one with a virtual reader is started.
func pcscReader() (*cardReader, error) {
	addr, stop, err := virtualReader()
	if err != nil {
		return nil, err
	}
	mouth := tray.NewVirtual(addr)
	slot := pcsc.NewSlot(pcsc.Config{})
	return &cardReader{
		slot: slot, mouth: mouth, allow: slot.Approve,
		plug: func(bool) error {
			return fmt.Errorf("%w: the reader is a real one to this program: unplug it by hand", driver.ErrNotHere)
		},
		close: func() { mouth.Close(); stop() },
	}, nil
}

// virtualReader returns where virtual cards go, and what to call at the end.
func virtualReader() (addr string, stop func(), err error) {
	if conn, err := net.Dial("unix", pcscdSocket); err == nil {
		return vpcdAddr, func() {}, conn.Close()
	}
	dir, err := os.MkdirTemp("", "unlockpoint-pcscd-")
	if err != nil {
		return "", nil, fmt.Errorf("start a PC/SC service: %w", err)
	}
	service, err := pcscd.Start(dir)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start a PC/SC service: %w", err), os.RemoveAll(dir))
	}
	// libpcsclite reads its environment at its first use, which comes later.
	for _, setting := range service.Env {
		name, value, _ := strings.Cut(setting, "=")
		if err := os.Setenv(name, value); err != nil {
			service.Down()
			return "", nil, fmt.Errorf("start a PC/SC service: %w", err)
		}
	}
	return service.Slots[0], func() { service.Down(); os.RemoveAll(filepath.Clean(dir)) }, nil
}
