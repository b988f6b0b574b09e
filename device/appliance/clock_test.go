package appliance

import (
	"bufio"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
)

func TestAWrongClockIsSet(t *testing.T) {
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	pipe := filepath.Join(t.TempDir(), "clock")
	a := &Appliance{store: db, cfg: Config{Clock: pipe, Log: slog.New(slog.DiscardHandler)},
		uplink: uplink.New(uplink.Config{Now: func() time.Time { return now }}, db)}
	a.setClock(-time.Hour) // there is no pipe yet
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	a.setClock(-time.Hour) // nobody listens
	system, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer system.Close()
	a.setClock(9 * time.Second) // right enough: the next line is not about it
	now = now.Add(time.Minute)
	a.setClock(-10 * time.Second)
	line, err := bufio.NewReader(system).ReadString('\n')
	if want := strconv.FormatInt(now.Unix(), 10); err != nil || strings.TrimSpace(line) != want {
		t.Errorf("the system heard %q, %v; it is %s", line, err, want)
	}
}
