package panel

import "image"

// toll is what sending takes beside the pixels, as so many pixels that could
// be sent instead: by bytes for a window, by time for a transfer.
type toll struct {
	window   int
	transfer int
	room     int // pixels in a transfer
}

// longer says how much longer windows may take than a whole panel: a part of
// so many, which are 5.6 ms of 78 at 480x320, 16 bits and 32 MHz.
const longer = 14

// glazier chooses windows: rectangles that hold all in which two pictures
// differ, and as little else as is worth it.
//
// A chain is runs of pixels below each other of which each touches one other
// only, such as a stroke of a letter. It is cut into the windows that cost
// least, by dynamic programming; then windows are joined where one costs less
// than two. That is by bytes, and many small windows are many transfers: they
// are joined at ever higher prices, which rise with what they take too much, until
// they hardly take longer than the whole panel would.
type glazier struct {
	toll
	most    int // what windows may take, in pixels
	runs    []run
	windows []image.Rectangle
}

// newGlazier is one for a panel, with room for what its pages differ in.
func newGlazier(t toll, panel image.Point) *glazier {
	pixels := panel.X * panel.Y
	whole := pixels + t.transfers(pixels)*t.transfer
	return &glazier{toll: t, most: whole + whole/longer,
		runs: make([]run, 0, 1<<14), windows: make([]image.Rectangle, 0, 1<<12)}
}

func (t toll) transfers(pixels int) int { return (pixels + t.room - 1) / t.room }

// choose is the windows that make the old picture the new one, from top to
// bottom. They are good until the next call.
func (g *glazier) choose(old, new *image.RGBA) []image.Rectangle {
	g.find(old, new)
	g.cut()
	price := g.window
	g.join(price)
	for len(g.windows) > 1 && g.takes() > g.most {
		price = 1 + price*g.takes()/g.most
		g.join(price)
	}
	return g.windows
}

// forget keeps nothing that has the shape of what somebody typed.
func (g *glazier) forget() {
	clear(g.runs[:cap(g.runs)])
	clear(g.windows[:cap(g.windows)])
}

// cut makes windows of the chains, in the order of their first rows.
func (g *glazier) cut() {
	for i := len(g.runs) - 1; i >= 0; i-- {
		if !g.runs[i].ends {
			continue
		}
		for last := int32(i); last >= 0; {
			end := g.runs[last]
			first := &g.runs[end.first]
			first.height, first.left, first.right = end.y-first.y+1, end.left, end.right
			last = first.above
		}
	}
	g.windows = g.windows[:0]
	for _, r := range g.runs {
		if r.height > 0 {
			g.windows = append(g.windows, image.Rect(int(r.left), int(r.y), int(r.right), int(r.y+r.height)))
		}
	}
}

// join joins windows that together cost less, if each costs so much.
func (g *glazier) join(price int) {
	for i := range g.windows {
		for g.windows[i] != (image.Rectangle{}) {
			j := g.partner(i, price)
			if j < 0 {
				break
			}
			g.windows[i] = g.windows[i].Union(g.windows[j])
			g.windows[j] = image.Rectangle{}
		}
	}
	left := g.windows[:0]
	for _, w := range g.windows {
		if w != (image.Rectangle{}) {
			left = append(left, w)
		}
	}
	g.windows = left
}

// partner is the later window that is best joined with one; none is -1. What
// lies between them is sent as well, as wide and as high as the one at least: it
// is not worth it where that alone costs the price.
func (g *glazier) partner(of, price int) (best int) {
	w, most := g.windows[of], 0
	across, down := price/w.Dy(), price/w.Dx()
	best = -1
	for j := of + 1; j < len(g.windows); j++ {
		v := g.windows[j]
		if v.Min.X > w.Max.X+across || v.Max.X < w.Min.X-across {
			continue
		}
		if v.Min.Y > w.Max.Y+down {
			break
		}
		if saved := area(w) + area(v) + price - area(w.Union(v)); saved > most && v != (image.Rectangle{}) {
			best, most = j, saved
		}
	}
	return best
}

// takes is how long the windows take, in pixels.
func (g *glazier) takes() int {
	pixels, transfers, last := len(g.windows)*g.window, 0, image.Rectangle{}
	for _, w := range g.windows {
		pixels += area(w)
		transfers += 1 + g.transfers(area(w))
		if w.Min.X != last.Min.X || w.Max.X != last.Max.X {
			transfers += 2
		}
		if w.Min.Y != last.Min.Y {
			transfers += 2
		}
		last = w
	}
	return pixels + transfers*g.transfer
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
