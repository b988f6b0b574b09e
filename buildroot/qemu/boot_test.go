//go:build qemu

package qemu

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
)

// The aim is that people are served no later than at 1.5 times what the same
// kernel, devices and disk take to a bare shell. An appliance is switched on many
// times, so the first start, which enrols it and grows its disk, does not count.
// It serves as soon as the panel says so; the shell, as soon as it waits for a
// command. Both are seen from without, and switched on in turn. No page is looked
// for before there could have been a shell: who looks makes the machine slower.
func BenchmarkBoot(b *testing.B) {
	if *imageFolder == "" {
		b.Skip("the appliance is not booted: make bench-image makes it, and does")
	}
	h := hospitaltest.OpenTLS(b, unhurried, guestHost)
	a := newAppliance(b, h)
	a.on()
	e := a.sits()
	e.wakes()
	e.enrols(a.joins)
	e.sees("idle")
	box, ok := hospitaltest.Title(a.look(), glass)
	if !ok {
		b.Fatal("the page that waits for a card has no title")
	}
	title := box.Rect
	serves := a.pixels(b, title)
	a.cut()
	bare := a.system
	bare.init = "/bin/sh"
	var shell, idle time.Duration
	for b.Loop() {
		m := switched(b, bare, a.openings)
		barely := took(func() {
			if _, _, err := m.console.expect(soon(b), "/ # ", 0); err != nil {
				b.Fatal(err)
			}
		})
		if err := m.off(); err != nil {
			b.Fatal(err)
		}
		shell += barely
		a.on()
		idle += took(func() {
			time.Sleep(barely)
			for limit := soon(b); !bytes.Equal(a.pixels(b, title), serves); time.Sleep(glance) {
				if limit.Err() != nil {
					b.Fatal("the page that waits for a card does not come")
				}
			}
		})
		a.cut()
	}
	b.ReportMetric(idle.Seconds()/shell.Seconds(), "x/boot")
	b.ReportMetric(shell.Seconds()/float64(b.N), "s/shell")
	b.ReportMetric(idle.Seconds()/float64(b.N), "s/idle")
}

// glance is how often somebody looks at the panel. The machine stands still for
// some 3 ms meanwhile, which is why the picture goes into memory.
const glance = 50 * time.Millisecond

func took(do func()) time.Duration {
	begun := time.Now()
	do()
	return time.Since(begun)
}

// pixels are those of a part of the panel, as they are now.
func (a *appliance) pixels(t testing.TB, part image.Rectangle) (all []byte) {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "glance")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "panel.ppm")
	if err := a.control.glance(file); err != nil {
		t.Fatal(err)
	}
	raw := contents(t, file)
	from := len(raw) - 3*panelWidth*panelHeight // a heading, then red, green and blue of each pixel (ppm(5))
	if from < 0 {
		return nil // the panel is not on yet
	}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := raw[from+3*panelWidth*y:]
		all = append(all, row[3*part.Min.X:3*part.Max.X]...)
	}
	return all
}
