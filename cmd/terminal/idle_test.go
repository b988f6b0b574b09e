package main

import (
	"context"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"periph.io/x/conn/v3/gpio"

	"unlockpoint/display"
	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/front"
	"unlockpoint/display/keypad"
	"unlockpoint/display/keypad/keypadtest"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/panel"
	"unlockpoint/display/panel/paneltest"
	"unlockpoint/display/touch"
	"unlockpoint/display/touch/touchtest"
)

// idleFor is long enough for a percentage from hundredths of a second.
const idleFor = time.Minute

// The aim is 0.5 % of a core, of a terminal that waits for a card.
func BenchmarkIdle(b *testing.B) {
	w := newWorld(b, "")
	door := w.walls[0]
	door.start().sees("idle")
	time.Sleep(2 * time.Second) // what a start leaves to do
	for b.Loop() {
		begun, cpu := time.Now(), door.terminal.CPU(b)
		time.Sleep(idleFor)
		b.ReportMetric(100*float64(door.terminal.CPU(b)-cpu)/float64(time.Since(begun)), "%/idle")
	}
}

// BenchmarkIdleFace is what a terminal on a board needs beside that: a panel on
// a bus, sent anew every 30 s, a touch controller and a matrix of keys, each of
// whose columns has told of a key since the start. Its polled is the same where
// neither of them has interrupts, so that they are asked all the time. Both have
// the models' own work in them and lack the kernel's.
func BenchmarkIdleFace(b *testing.B) {
	idles(b, true, "%/face")
}

func BenchmarkIdlePolled(b *testing.B) {
	idles(b, false, "%/polled")
}

func idles(b *testing.B, edges bool, unit string) {
	f := boardFace(b, edges)
	time.Sleep(2 * time.Second)
	for b.Loop() {
		begun, cpu := time.Now(), spent(b)
		for range idleFor / time.Second {
			f.Show(sample("idle")) // as the appliance does
			time.Sleep(time.Second)
		}
		b.ReportMetric(100*float64(spent(b)-cpu)/float64(time.Since(begun)), unit)
	}
}

// sample is a page as it may stand on a panel.
func sample(id string) display.Page {
	all := layouttest.Samples()
	return all[slices.IndexFunc(all, func(p display.Page) bool { return p.ID == id })]
}

// boardFace is a face of models that waits for a card, until the test ends.
func boardFace(t testing.TB, edges bool) *front.Front {
	modules := paneltest.Modules()
	model := paneltest.New(modules[slices.IndexFunc(modules, func(m paneltest.Module) bool { return m.Name == "st7796" })], 4096)
	glass, err := panel.New(panel.ST7796(), model.Port(),
		panel.Pins{DC: model.DC(), Reset: model.Reset(), Light: model.Light()},
		panel.Options{Orientation: panel.Orientation{Rotation: 90}, Day: 100, Night: 25})
	if err != nil {
		t.Fatal(err)
	}
	resistive, pen := touchtest.NewXPT2046(), gpio.PinIn(nil)
	if edges {
		pen = resistive.Pen
	}
	controller, err := touch.NewXPT2046(resistive, pen)
	if err != nil {
		t.Fatal(err)
	}
	fingers, err := touch.New(controller, touch.Config{Chip: touch.NameXPT2046, Panel: glass.Bounds().Size()})
	if err != nil {
		t.Fatal(err)
	}
	m := keypadtest.NewMatrix(4, 3)
	keys, err := keypad.Open(matrix(t, m, edges))
	if err != nil {
		t.Fatal(err)
	}
	f := front.New(glass, layouttest.Small(), front.Patient(), nil)
	f.Show(sample("idle"))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	parts := []part{glass.Run, fingers.Run, keys.Run, f.Run}
	for _, run := range parts {
		go func() { done <- run(ctx) }()
	}
	t.Cleanup(func() {
		stop()
		for range parts {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		for _, c := range model.Complaints() {
			t.Error(c)
		}
	})
	for column := range 3 {
		time.Sleep(200 * time.Millisecond)
		m.Press(0, column)
		time.Sleep(200 * time.Millisecond)
		m.Release(0, column)
	}
	return f
}

// matrix is twelve keys whose pins the board has.
func matrix(t testing.TB, m *keypadtest.Matrix, edges bool) keypad.Config {
	c := keypad.Config{Kind: keypad.GPIO}
	for i := range 4 {
		c.Rows = append(c.Rows, plug(t, m.Row(i)))
	}
	for i := range 3 {
		column := m.Column(i)
		if !edges {
			column.Break(keypadtest.NoEdges)
		}
		c.Columns = append(c.Columns, plug(t, column))
	}
	return c
}

func plug(t testing.TB, l *keypadtest.Line) string {
	boardtest.Pins(t, l)
	return l.Name()
}

// spent is the processor time of this program.
func spent(t testing.TB) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
