package panel

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
)

// run is pixels side by side that all differ, and the best way to send its
// chain down to here.
type run struct {
	y, from, to int32
	above       int32 // the run that it continues; none is -1
	below       int32 // how many it touches in the next row
	ends        bool  // no run continues it

	cost        int32 // of all windows down to here, in pixels
	first       int32 // the run with which the last of them begins
	left, right int32 // its columns
	height      int32 // of the window that begins here; 0 for none
}

// tallest is how many rows a chain's window has at most. Taller ones, which
// letters are not, are joined from several.
const tallest = 64

// find finds the runs, row by row, and chains them.
func (g *glazier) find(old, new *image.RGBA) {
	clear(g.runs) // no trace of what was typed longer than the page
	g.runs = g.runs[:0]
	at, above, here := new.Rect.Min, 0, 0
	for ; at.Y < new.Rect.Max.Y; at.Y++ {
		above, here = here, len(g.runs)
		a, b := row(old, at.Y, old.Rect), row(new, at.Y, new.Rect)
		for from := same(a, b); from < len(a); {
			to := from + differing(a[from:], b[from:])
			g.runs = append(g.runs, run{y: int32(at.Y), from: int32(at.X + from/4), to: int32(at.X + to/4), ends: true})
			from = to + same(a[to:], b[to:])
		}
		g.link(above, here)
		for i := here; i < len(g.runs); i++ {
			g.plan(i)
		}
	}
}

// same is how many bytes at the start are the same, in whole pixels.
func same(a, b []byte) (n int) {
	const stride = 256
	for n+stride <= len(a) && bytes.Equal(a[n:n+stride], b[n:n+stride]) {
		n += stride
	}
	for n < len(a) && [4]byte(a[n:]) == [4]byte(b[n:]) {
		n += 4
	}
	return n
}

// differing is how many are not. Two pixels at a time: meanwhile the bus
// stands still.
func differing(a, b []byte) (n int) {
	for ; n+8 <= len(a); n += 8 {
		switch two := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); {
		case uint32(two) == 0:
			return n
		case two>>32 == 0:
			return n + 4
		}
	}
	if n < len(a) && [4]byte(a[n:]) != [4]byte(b[n:]) {
		n += 4
	}
	return n
}

// link makes chains of the runs from here on and those from above on, which
// are one row higher.
func (g *glazier) link(above, here int) {
	upper, lower := g.runs[above:here], g.runs[here:]
	next := 0
	for i := range lower {
		r, touched := &lower[i], 0
		for next < len(upper) && upper[next].to <= r.from {
			next++
		}
		for n := next; n < len(upper) && upper[n].from < r.to; n++ {
			upper[n].below++
			r.above = int32(above + n)
			touched++
		}
		if touched != 1 {
			r.above = -1
		}
	}
	for i := range lower {
		r := &lower[i]
		if r.above < 0 {
			continue
		}
		if one := &g.runs[r.above]; one.below == 1 {
			one.ends = false
		} else {
			r.above = -1
		}
	}
}

// plan finds the best way to send a chain down to a run: for each height of
// the last window there is one best way to send what is above it.
func (g *glazier) plan(i int) {
	r := &g.runs[i]
	left, right, first := r.from, r.to, int32(i)
	r.cost = math.MaxInt32
	for height := int32(1); height <= tallest; height++ {
		f := &g.runs[first]
		left, right = min(left, f.from), max(right, f.to)
		cost := int32(g.window) + (right-left)*height
		if f.above >= 0 {
			cost += g.runs[f.above].cost
		}
		if cost < r.cost {
			r.cost, r.first, r.left, r.right = cost, first, left, right
		}
		if first = f.above; first < 0 {
			return
		}
	}
}
