package pages_test

import (
	"context"
	"flag"
	"fmt"
	"image"
	"iter"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/panel"
	"unlockpoint/display/panel/paneltest"
)

var all = flag.Bool("all", false, "look at all pages on every panel, not at some: make test does, without the race detector")

// TestEveryPageIsSeenOnEveryPanelAsItWasPainted draws every part of every page, in every
// language and size of text, on every panel, upright and on its side, and
// looks at what its chip, framebuffer or graphics card shows then.
func TestEveryPageIsSeenOnEveryPanelAsItWasPainted(t *testing.T) {
	for _, glass := range []image.Point{{240, 320}, {320, 480}, {800, 480}} {
		for _, turned := range []int{0, 90} {
			t.Run(fmt.Sprintf("%dx%d turned by %d", glass.X, glass.Y, turned), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { lookAt(t, panels(t, glass, turned)) })
			})
		}
	}
}

// seen is a panel that somebody looks at.
type seen struct {
	*panel.Panel
	bits       int
	picture    func() *image.RGBA
	complaints func() []string
}

// panels are all there are with a glass of this size.
func panels(t *testing.T, glass image.Point, turned int) []seen {
	var found []seen
	o := panel.Options{Orientation: panel.Orientation{Rotation: turned}, Day: 100}
	for _, m := range paneltest.Modules() {
		if (image.Point{m.Width, m.Height}) == glass {
			found = append(found, onBus(t, m, o))
		}
	}
	if glass == (image.Point{800, 480}) {
		found = append(found, inMemory(t, 16, o), inMemory(t, 32, o), onCard(t, o))
	}
	return found
}

func onBus(t *testing.T, m paneltest.Module, o panel.Options) seen {
	chips, model := panel.Chips(), paneltest.New(m, 4096)
	chip := chips[slices.IndexFunc(chips, func(c panel.Chip) bool { return c.Name == m.Name })]
	p, err := panel.New(chip, model.Port(), panel.Pins{DC: model.DC(), Reset: model.Reset()}, o)
	if err != nil {
		t.Fatal(err)
	}
	return seen{p, m.Bits, func() *image.RGBA { return model.Picture(o.Rotation) }, model.Complaints}
}

func inMemory(t *testing.T, depth uint32, o panel.Options) seen {
	f := paneltest.NewFramebuffer(800, 480, depth)
	p, err := panel.NewFramebuffer(fmt.Sprintf("a framebuffer of %d bits", depth), f, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	bits := map[uint32]int{16: 16, 32: 24}[depth]
	return seen{p, bits, func() *image.RGBA { return f.Picture(o.Rotation) }, func() []string { return nil }}
}

func onCard(t *testing.T, o panel.Options) seen {
	c := &paneltest.Card{Width: 800, Height: 480}
	p, err := panel.NewDRM("a graphics card", c, o)
	if err != nil {
		t.Fatal(err)
	}
	return seen{p, 24, func() *image.RGBA { return c.Picture(o.Rotation) }, c.Complaints}
}

// lookAt draws every page on panels of one size, and compares.
func lookAt(t *testing.T, panels []seen) {
	ctx, stop := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	for _, p := range panels {
		wait.Go(func() {
			if err := p.Run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(time.Second) // resets are over
	size := panels[0].Bounds()
	screen := layout.Screen{Width: size.Dx(), Height: size.Dy(), PPMM: density(size)}
	drawn, painter := image.NewRGBA(size), paint.New()
	for name, l := range everyPart(screen) {
		if !l.Fits {
			t.Errorf("%s does not fit %v", name, size.Size())
		}
		painter.Paint(l, drawn)
		for _, p := range panels {
			p.Draw(size, drawn, image.Point{})
		}
		synctest.Wait()
		for _, p := range panels {
			if at, differ := paneltest.Difference(p.picture(), drawn, p.bits); differ {
				t.Errorf("%s shows something else at %v of %s", p, at, name)
			}
		}
	}
	stop()
	wait.Wait()
	for _, p := range panels {
		for _, c := range p.complaints() {
			t.Error(c)
		}
	}
}

// density is how many pixels a millimetre has on a panel of this size.
func density(size image.Rectangle) float64 {
	for _, s := range append(layouttest.Least(), layouttest.Large()) {
		if s.Width*s.Height == size.Dx()*size.Dy() {
			return s.PPMM
		}
	}
	return layouttest.Small().PPMM
}

// everyPart is each part of everyPage on a screen.
func everyPart(screen layout.Screen) iter.Seq2[string, layout.Layout] {
	return func(yield func(string, layout.Layout) bool) {
		for name, page := range everyPage() {
			for _, l := range layout.All(page, screen) {
				if !yield(fmt.Sprintf("part %d of %s", l.Part+1, name), l) {
					return
				}
			}
		}
	}
}

// everyPage is each picture of the tours in every language and size of text,
// or some of them.
func everyPage() iter.Seq2[string, display.Page] {
	return func(yield func(string, display.Page) bool) {
		n := 0
		for _, l := range words.Languages() {
			for _, scale := range layouttest.Scales() {
				for _, p := range toursIn(l.Code) {
					p.page.Look.TextScale = scale
					if n++; !*all && n%29 != 0 {
						continue
					}
					if !yield(fmt.Sprintf("%s at %d %% in %s", p.name, scale, l.Name), p.page) {
						return
					}
				}
			}
		}
	}
}
