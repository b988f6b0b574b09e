package panel

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"time"

	"unlockpoint/display/mend"
)

const (
	// refreshEvery is how long a panel that has reset itself stays blank: it
	// cannot be asked, since reading is several times slower than the clock
	// pixels are written with, and most panels do not wire it.
	refreshEvery = 30 * time.Second

	// quiet is how long nothing was drawn before all is sent anew: not while
	// somebody types, who would wait for the panel's sleep out.
	quiet = 700 * time.Millisecond

	// strips is in how many parts all is sent, so that what is drawn meanwhile
	// waits for one only: 5 ms at 480x320, 16 bits and 32 MHz.
	strips = 16
)

// mending is for a bus that failed. A panel works again once everything was sent
// to it anew.
var mending = mend.Plan{First: 100 * time.Millisecond, Longest: 5 * time.Second, Healthy: refreshEvery}

// screen is what a Panel sends to. An error of any method means that nothing
// is known of the screen any more.
type screen interface {
	String() string
	reset() error // from whatever state to that after power-on, but for its memory
	wake() error  // out of sleep and ready; does not harm one that is
	send(*image.RGBA, image.Rectangle) error
	flush() error // after one or more of send
	show() error  // for the first time since wake, what was sent
	sleep() error // pixels are taken nevertheless
	toll() toll   // what sending takes beside the pixels
	// dim sets the light. What a light cannot do is left to the picture: it is
	// how bright that is to be, in per cent.
	dim(percent int) (picture int, err error)
	close() error
}

// courier is what Run's goroutine owns.
type courier struct {
	*Panel
	next, sent *image.RGBA // what is to be shown, what was sent
	glazier    *glazier
	lit        Light
	shade      *shade // nil: pictures are as bright as they were drawn
	shaded     bool   // which was told of
	drawnAt    time.Time
	ready      bool // whether the screen has taken all that was sent since it was started
}

func newCourier(p *Panel) *courier {
	size := p.Bounds().Size()
	return &courier{Panel: p, next: black(size), sent: black(size), glazier: newGlazier(p.screen.toll(), size)}
}

// Run shows what is drawn until the context ends; then the panel is black and
// asleep. It returns an error only if that could not be done.
func (p *Panel) Run(ctx context.Context) error {
	c := newCourier(p)
	for ctx.Err() == nil {
		err := c.serve(ctx)
		if err == nil {
			break
		}
		c.ready = false
		wait, news := c.Part.Fails(err, time.Now())
		if news {
			c.log.Error("the panel does not take what it is sent; it is started again until it does", "panel", c.String(), "error", err)
		}
		mend.Pause(ctx, wait)
	}
	return c.leave()
}

// serve starts the panel and keeps it up to date until something fails or ctx
// ends.
func (c *courier) serve(ctx context.Context) error {
	if err := c.screen.reset(); err != nil {
		return err
	}
	if err := c.refresh(); err != nil {
		return err
	}
	due := time.NewTimer(refreshEvery)
	defer due.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-c.nudge:
			err = c.update()
		case <-due.C:
			c.works() // as far as is known, asleep too
			due.Reset(quiet)
			if time.Since(c.drawnAt) >= quiet && c.lit != Dark {
				due.Reset(refreshEvery)
				err = c.refresh()
			}
		}
		if err != nil {
			return err
		}
	}
}

// update sends what has changed.
func (c *courier) update() error {
	dirty, light := c.take(c.next)
	if c.lit == Dark && light != Dark {
		return c.refresh()
	}
	if err := c.send(dirty); err != nil {
		return err
	}
	if light == c.lit {
		return nil
	}
	return c.shine(light)
}

// send sends what differs within a rectangle.
func (c *courier) send(dirty image.Rectangle) error {
	if dirty.Empty() {
		return nil
	}
	c.drawnAt = time.Now()
	before, after := view(c.sent, dirty), view(c.next, dirty)
	for _, r := range c.glazier.choose(&before, &after) {
		if err := c.pass(r); err != nil {
			return err
		}
	}
	return c.screen.flush()
}

// view is a part of a picture.
func view(m *image.RGBA, r image.Rectangle) image.RGBA {
	return image.RGBA{Pix: m.Pix[m.PixOffset(r.Min.X, r.Min.Y):], Stride: m.Stride, Rect: r}
}

// refresh sends everything there is to know, the picture before the light.
func (c *courier) refresh() error {
	seen := c.ready && c.lit != Dark
	_, light := c.take(c.next)
	if err := c.screen.wake(); err != nil {
		return err
	}
	if !seen {
		c.take(c.next) // no need to hurry with it
	}
	if err := c.sendAll(); err != nil {
		return err
	}
	if err := c.screen.show(); err != nil {
		return err
	}
	c.ready = true
	c.first.Do(func() { close(c.begun) })
	c.works()
	return c.shine(light)
}

// works says so, to whoever asks and once in the log.
func (c *courier) works() {
	if c.Part.Works(time.Now()) {
		c.log.Info("the panel works again", "panel", c.String())
	}
}

// sendAll sends the picture strip by strip, and between them first what was
// drawn meanwhile. Where the screen is not what was sent, a strip is to come.
func (c *courier) sendAll() error {
	all := c.next.Rect
	rows := (all.Dy() + strips - 1) / strips
	for y := 0; y < all.Max.Y; y += rows {
		dirty, _ := c.take(c.next)
		if err := c.send(dirty); err != nil {
			return err
		}
		if err := c.pass(image.Rect(0, y, all.Max.X, y+rows).Intersect(all)); err != nil {
			return err
		}
	}
	return c.screen.flush()
}

// pass sends a rectangle whatever was sent before.
func (c *courier) pass(r image.Rectangle) error {
	if err := c.screen.send(c.shade.over(c.next, r), r); err != nil {
		return err
	}
	copyPixels(c.sent, c.next, r)
	return nil
}

// shine sets the light, and makes the picture darker where it cannot be set.
func (c *courier) shine(l Light) error {
	c.lit = l
	picture, err := c.screen.dim(c.levels[l])
	if err != nil {
		return err
	}
	if l == Dark {
		return c.screen.sleep()
	}
	if picture == c.shade.percent() {
		return nil
	}
	c.shade.forget()
	if c.shade = newShade(picture, c.next.Rect); c.shade != nil && !c.shaded {
		c.shaded = true
		c.log.Info("the backlight cannot be dimmed: the picture is", "panel", c.String(), "percent", picture)
	}
	return c.sendAll()
}

// leave leaves nothing to read behind, on the glass or in memory.
func (c *courier) leave() error {
	c.forget()
	_, dark := c.screen.dim(0)
	return errors.Join(dark, c.blank(), c.screen.close())
}

// blank puts the screen to sleep with a black picture in it. One that fails is
// started again for this, a few times: no reset clears a chip's memory.
func (c *courier) blank() (err error) {
	const tries = 3
	for range tries {
		if err = c.blacken(); err == nil {
			return nil
		}
		c.ready = false
	}
	return err
}

func (c *courier) blacken() error {
	if !c.ready {
		if err := c.screen.reset(); err != nil {
			return err
		}
		if err := c.screen.wake(); err != nil {
			return err
		}
	}
	if err := c.screen.send(c.next, c.next.Rect); err != nil {
		return err
	}
	return c.screen.sleep()
}

// forget makes everything black that was drawn.
func (c *courier) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range []*image.RGBA{c.drawn, c.next, c.sent} {
		draw.Draw(m, m.Rect, image.Black, image.Point{}, draw.Src)
	}
	c.shade.forget()
	c.shade = nil
	c.glazier.forget()
}
