package pages_test

import (
	"context"
	"image"
	"testing"
	"testing/synctest"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel"
	"unlockpoint/display/typing"
)

// TestPagesArePaintedAndSentWithoutAllocating holds painting, comparing and
// sending to it, for every page of the tours after every other, once all have
// been shown.
func TestPagesArePaintedAndSentWithoutAllocating(t *testing.T) {
	synctest.Test(t, sendAll) // no time passes, so that nothing is sent anew
}

func sendAll(t *testing.T) {
	lit := pulse{set: make(chan struct{})}
	p, err := panel.New(panel.ST7796(), nowhere{}, panel.Pins{DC: still{}, Light: lit},
		panel.Options{Orientation: panel.Orientation{Rotation: 90}, Day: 100, Night: 50})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- p.Run(ctx) }()
	<-lit.set
	var all []layout.Layout
	for _, page := range tours() {
		all = append(all, layout.Of(page.page, layouttest.Small(), typing.State{}))
	}
	painter, n := paint.New(), 0
	frame := image.NewRGBA(p.Bounds())
	show := func() {
		painter.Paint(all[n%len(all)], frame)
		p.Draw(frame.Rect, frame, image.Point{})
		n++
		p.SetLight(panel.Light(n % 2)) // day or night: it is told of after all is sent
		<-lit.set
	}
	for range len(all) + 1 {
		show()
	}
	if n := testing.AllocsPerRun(len(all), show); n > 0 {
		t.Errorf("%v allocations a page", n)
	}
	stop()
	go func() {
		for range lit.set {
		}
	}()
	if err := <-done; err != nil {
		t.Error(err)
	}
	close(lit.set)
}

// nowhere is a bus to nothing.
type nowhere struct{ spi.Conn }

func (nowhere) String() string                                            { return "nowhere" }
func (nowhere) Connect(physic.Frequency, spi.Mode, int) (spi.Conn, error) { return nowhere{}, nil }
func (nowhere) Tx(w, r []byte) error                                      { return nil }
func (nowhere) MaxTxSize() int                                            { return 4096 }

// still is a line to nothing.
type still struct{ gpio.PinOut }

func (still) Out(gpio.Level) error { return nil }

// pulse is a light that says when it is set.
type pulse struct {
	gpio.PinOut
	set chan struct{}
}

func (p pulse) Out(gpio.Level) error                  { p.set <- struct{}{}; return nil }
func (p pulse) PWM(gpio.Duty, physic.Frequency) error { p.set <- struct{}{}; return nil }
