// Package browser is a panel in a web page: to the terminal it is a display
// like any other, to the browser a canvas that shows the pixels and sends
// touches, keys and characters back.
//
// Its words: a frame is all pixels; damage is a rectangle that changed since
// the last message; an event is what somebody did with the picture; a beep is
// a soft tone, and a flash for who does not hear it. A client that is slow
// misses frames, never the newest, and never makes the terminal wait.
//
// It is for people in front of the machine it runs on: pages of other sites
// cannot open its socket, and it has no log-in of its own.
package browser

import (
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"sync"

	panel "periph.io/x/conn/v3/display"

	"unlockpoint/display"
)

// backlog is how many events wait for whoever reads them; more are dropped.
const backlog = 64

// Panel is a display.Drawer and an http.Handler.
type Panel struct {
	mux    *http.ServeMux
	events chan display.Event

	mu      sync.Mutex // guards all below: Draw and clients are other goroutines
	pixels  *image.RGBA
	clients map[*client]struct{}
}

var (
	_ panel.Drawer = (*Panel)(nil)
	_ http.Handler = (*Panel)(nil)
)

// New returns a black panel of so many pixels.
func New(width, height int) *Panel {
	p := &Panel{
		events:  make(chan display.Event, backlog),
		pixels:  image.NewRGBA(image.Rect(0, 0, width, height)),
		clients: map[*client]struct{}{},
	}
	draw.Draw(p.pixels, p.pixels.Rect, image.Black, image.Point{}, draw.Src)
	p.mux = p.routes()
	return p
}

// Events gives what people did with the picture. It is never closed.
func (p *Panel) Events() <-chan display.Event { return p.events }

// String names the panel.
func (p *Panel) String() string { return "browser panel" }

// Halt implements conn.Resource; there is nothing to stop.
func (p *Panel) Halt() error { return nil }

// ColorModel implements display.Drawer.
func (p *Panel) ColorModel() color.Model { return color.RGBAModel }

// Bounds implements display.Drawer.
func (p *Panel) Bounds() image.Rectangle { return p.pixels.Rect }

// Draw implements display.Drawer. It does not wait for anybody.
func (p *Panel) Draw(to image.Rectangle, src image.Image, from image.Point) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	draw.Draw(p.pixels, to, src, from, draw.Src)
	for c := range p.clients {
		c.add(to.Intersect(p.pixels.Rect))
	}
	return nil
}

// Beep draws attention in every browser that looks. It does not wait for
// anybody.
func (p *Panel) Beep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.clients {
		c.beep()
	}
}

// emit passes an event on, unless nobody has read the last 64.
func (p *Panel) emit(e display.Event) {
	select {
	case p.events <- e:
	default:
	}
}
