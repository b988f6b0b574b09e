package panel

import (
	"image"
	"testing"
	"time"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/typing"
)

// layouts are pages of every kind on a screen, those of further parts not.
func layouts(screen layout.Screen) []layout.Layout {
	var all []layout.Layout
	for _, page := range layouttest.Samples() {
		all = append(all, layout.Of(page, screen, typing.State{}))
	}
	return all
}

// painted is how they look on a panel of this size and the least density.
func painted(size image.Rectangle) []*image.RGBA {
	painter := paint.New()
	var all []*image.RGBA
	for _, l := range layouts(layout.Screen{Width: size.Dx(), Height: size.Dy(), PPMM: layouttest.Small().PPMM}) {
		m := image.NewRGBA(size)
		painter.Paint(l, m)
		all = append(all, m)
	}
	return all
}

func TestEveryPageIsSeenOnEveryPanelAsItWasPainted(t *testing.T) {
	pages := map[image.Rectangle][]*image.RGBA{}
	everyChip(t, func(t *testing.T, chip string) {
		o := day()
		o.Rotation = 90
		b := unplugged(t, module(chip), o, 4096)
		b.run(t)
		if pages[b.Bounds()] == nil {
			pages[b.Bounds()] = painted(b.Bounds())
		}
		for _, page := range pages[b.Bounds()] {
			b.Draw(b.Bounds(), page, image.Point{})
			time.Sleep(time.Second)
			b.shows(t, page)
		}
	})
}
