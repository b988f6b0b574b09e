// Package panel drives the screens people stand in front of: small colour
// panels on an SPI bus, and whatever Linux shows as a framebuffer or by way of
// DRM. Each is a periph display.Drawer.
//
// Its words: a [Chip] is the controller on a panel, as a row of data; a window
// is the rectangle that the next pixels fill; a [Light] is how bright the
// panel is, down to asleep.
//
// Draw copies and returns. One goroutine, Run's, owns the bus: it takes the
// newest picture, works out where that differs from what it sent last, and
// sends this alone. Pictures that came and went meanwhile are never sent. A
// bus that fails is tried again, from a reset on, until it works; and every
// now and then everything is sent anew, what is drawn meanwhile first, since a
// panel that has reset itself cannot say so.
package panel

import (
	"image"
	"image/color"
	"image/draw"
	"log/slog"
	"sync"

	"periph.io/x/conn/v3/display"

	"unlockpoint/display/mend"
)

// Light is how bright a panel is.
type Light int

// The lights. In the dark a panel sleeps; it still takes pictures.
const (
	Day Light = iota
	Night
	Dark
)

// Panel is a display.Drawer. It shows nothing before Run.
type Panel struct {
	*mend.Part // how the bus is

	screen screen // Run's alone
	levels [3]int // brightness in per cent, by Light
	log    *slog.Logger
	nudge  chan struct{}
	begun  chan struct{} // see Lit
	first  sync.Once     // of what closes it

	mu    sync.Mutex // guards all below: Draw and Run are two goroutines
	drawn *image.RGBA
	dirty image.Rectangle // where something was drawn that Run has not taken
	light Light
}

var _ display.Drawer = (*Panel)(nil)

// newPanel returns a black panel, with its brightness by day and by night.
func newPanel(s screen, size image.Point, day, night int, log *slog.Logger) *Panel {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Panel{
		Part: mend.New(mending), screen: s, levels: [3]int{Day: percent(day), Night: percent(night), Dark: 0}, log: log,
		nudge: make(chan struct{}, 1), begun: make(chan struct{}),
		drawn: black(size),
	}
}

// Lit is closed once the panel has shown a picture.
func (p *Panel) Lit() <-chan struct{} { return p.begun }

func percent(n int) int { return min(max(n, 0), 100) }

func black(size image.Point) *image.RGBA {
	m := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(m, m.Rect, image.Black, image.Point{}, draw.Src)
	return m
}

// String names the panel.
func (p *Panel) String() string { return p.screen.String() }

// ColorModel implements display.Drawer. The panel rounds to what it can show.
func (p *Panel) ColorModel() color.Model { return color.RGBAModel }

// Bounds implements display.Drawer: the panel as it is mounted.
func (p *Panel) Bounds() image.Rectangle { return p.drawn.Rect }

// Draw implements display.Drawer. It does not wait for the bus, and a bus that
// fails is Run's to mend: the error is always nil.
func (p *Panel) Draw(to image.Rectangle, src image.Image, from image.Point) error {
	p.mu.Lock()
	draw.Draw(p.drawn, to, src, from, draw.Src)
	p.dirty = p.dirty.Union(to.Intersect(p.drawn.Rect))
	p.mu.Unlock()
	p.wake()
	return nil
}

// SetLight changes the brightness, or puts the panel to sleep and wakes it up.
// It does not wait.
func (p *Panel) SetLight(l Light) {
	p.mu.Lock()
	p.light = min(max(l, Day), Dark)
	p.mu.Unlock()
	p.wake()
}

// Halt implements conn.Resource: it puts the panel to sleep.
func (p *Panel) Halt() error {
	p.SetLight(Dark)
	return nil
}

func (p *Panel) wake() {
	select {
	case p.nudge <- struct{}{}:
	default: // it is to look anyway
	}
}

// take brings a picture up to date with what was drawn, and says where that
// was and which light is wanted.
func (p *Panel) take(into *image.RGBA) (image.Rectangle, Light) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dirty := p.dirty
	p.dirty = image.Rectangle{}
	copyPixels(into, p.drawn, dirty)
	return dirty, p.light
}

func copyPixels(to, from *image.RGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		at := from.PixOffset(r.Min.X, y)
		copy(to.Pix[at:at+4*r.Dx()], from.Pix[at:])
	}
}
