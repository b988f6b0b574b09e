//go:build qemu

package qemu

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/evdev"
	"unlockpoint/sync/broker/brokertest"
)

// patience bounds every wait for something that does come: without KVM, on a
// busy machine, the guest is slow. Nothing here measures time.
const patience = 5 * hospitaltest.Patience

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// until asks again and again for something that comes of its own, but not so
// often that the guest has no time for it.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx := soon(t)
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func debianRoot(t testing.TB) root {
	t.Helper()
	r, err := makeRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func kernelOf(t testing.TB, r root) kernel {
	t.Helper()
	k, err := r.kernel()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// power boots a machine with more files in its root, and waits for its shell.
func power(t testing.TB, more []byte, o openings) *machine {
	t.Helper()
	r := debianRoot(t)
	base, err := os.ReadFile(r.archive())
	if err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "root.cpio")
	if err := os.WriteFile(archive, append(base, more...), 0o600); err != nil {
		t.Fatal(err)
	}
	m := switched(t, system{kernel: kernelOf(t, r), archive: archive}, o)
	if err := m.console.up(soon(t)); err != nil {
		t.Fatal(err)
	}
	return m
}

// switched boots a machine that goes off with the test, if not before.
func switched(t testing.TB, s system, o openings) *machine {
	t.Helper()
	m, err := boot(soon(t), s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.off(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the console:\n%s", m.console)
		}
	})
	return m
}

// says runs a command in the guest.
func (m *machine) says(t testing.TB, command string) string {
	t.Helper()
	out, err := m.console.run(soon(t), command)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// photograph keeps what the panel shows.
func (m *machine) photograph(t testing.TB, name string) image.Image {
	t.Helper()
	file := filepath.Join(t.ArtifactDir(), name+".png")
	if err := m.control.photograph(file); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return picture
}

// feels reads as many events of an input device as are wanted, while do
// happens.
func (m *machine) feels(t testing.TB, device string, want []evdev.Event, do func() error) {
	t.Helper()
	m.says(t, "exec 3<"+device) // opened before, so that nothing is missed
	if err := do(); err != nil {
		t.Fatal(err)
	}
	text := m.says(t, fmt.Sprintf("dd bs=24 count=%d <&3 2>/dev/null | base64; exec 3<&-", len(want)))
	raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := evdev.Parse(raw, evdev.Width64); !slices.Equal(got, want) {
		t.Errorf("%s says %v, want %v", device, got, want)
	}
}

func TestTheMachineHasAScreenAndFingersAndKeys(t *testing.T) {
	m := power(t, nil, openings{page: brokertest.FreeAddr(t)})

	m.says(t, `tr '\0' '\377' </dev/zero | head -c $((800*480*4)) >/dev/fb0`)
	picture := m.photograph(t, "white")
	if got := picture.Bounds(); got != image.Rect(0, 0, panelWidth, panelHeight) {
		t.Fatalf("the panel has %v", got)
	}
	if r, g, b, _ := picture.At(400, 300).RGBA(); r&g&b != 0xFFFF {
		t.Errorf("what is white in the framebuffer is %04x %04x %04x on the panel", r, g, b)
	}

	event := func(kind, code uint16, value int32) evdev.Event {
		return evdev.Event{Type: kind, Code: code, Value: value}
	}
	report := evdev.Event{}
	m.feels(t, "/dev/input/event0", []evdev.Event{
		event(evdev.EvAbs, evdev.AbsX, 8212), event(evdev.EvAbs, evdev.AbsY, 24541), event(evdev.EvKey, evdev.BtnLeft, 1), report,
		event(evdev.EvKey, evdev.BtnLeft, 0), report,
	}, func() error { return m.control.touch(200, 359) })
	m.feels(t, "/dev/input/event1", []evdev.Event{
		event(evdev.EvKey, evdev.KeyEnter, 1), event(evdev.EvKey, evdev.KeyEnter, 0), report,
	}, func() error { return m.control.press("ret") })
}
