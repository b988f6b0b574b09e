package touch

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"

	"unlockpoint/display"
)

// rawSize is what resistive controllers count: 12 bits.
var rawSize = image.Pt(full+1, full+1)

// What a calibration has to be like to be believed.
const (
	astray  = 0.04 // of the panel's longer side, at most, that a tap lies beside its mark: 3 mm on 3.5 inches
	margin  = 200  // counts by which a panel's corner may lie beyond what can be counted
	least   = 0.2  // of all that can be counted, the part that the panel takes up
	askew   = 0.15 // cosine of the angle between the axes: a glass glued on 8 degrees off its square
	touches = 5
)

// Calibration is where the panel lies on a resistive glass.
type Calibration struct {
	Map         Map
	Orientation Orientation // of the picture, as it was tapped out
}

// Marks are the places to tap, one after the other: four near the corners,
// where a bend shows most, and the middle.
func Marks(panel image.Point) [touches]image.Point {
	x, y := panel.X/8, panel.Y/8
	right, low := panel.X-1-x, panel.Y-1-y
	return [touches]image.Point{{x, y}, {right, y}, {right, low}, {x, low}, {panel.X / 2, panel.Y / 2}}
}

// Tap waits for one whole tap of the first finger on a raw Source, and gives
// the middle of all its places.
func Tap(ctx context.Context, events <-chan display.Event) (image.Point, error) {
	var sum image.Point
	count := 0
	for {
		select {
		case <-ctx.Done():
			return image.Point{}, ctx.Err()
		case e := <-events:
			if e.Touch == nil || e.Touch.Finger != 0 {
				continue
			}
			switch e.Touch.Phase {
			case display.Down:
				sum, count = image.Pt(e.Touch.X, e.Touch.Y), 1
			case display.Move:
				if count > 0 { // it went down before anybody asked
					sum, count = sum.Add(image.Pt(e.Touch.X, e.Touch.Y)), count+1
				}
			case display.Lost:
				count = 0
			case display.Up:
				if count > 0 {
					return sum.Div(count), nil
				}
			}
		}
	}
}

// Fit makes a calibration of where the marks of a panel were tapped, in raw
// counts: the affine map with the least squares. Taps that no map explains,
// and a map that no glass has, are errors.
func Fit(taps [touches]image.Point, panel image.Point, o Orientation) (Calibration, error) {
	marks := Marks(panel)
	m := Map{Size: panel}
	var okX, okY bool
	m.XX, m.XY, m.X0, okX = plane(taps, func(i int) float64 { return float64(marks[i].X) + 0.5 })
	m.YX, m.YY, m.Y0, okY = plane(taps, func(i int) float64 { return float64(marks[i].Y) + 0.5 })
	if !okX || !okY {
		return Calibration{}, errors.New("the taps are all in a line: tap each mark where it is, and check the wires of the glass")
	}
	c := Calibration{Map: m, Orientation: o}
	if far := c.Farthest(taps); far > astray*float64(max(panel.X, panel.Y)) {
		return Calibration{}, fmt.Errorf("a mark was tapped %.0f pixels beside its middle", far)
	}
	return c, c.Check()
}

// free is the part of a wrong tap that is left beside its mark after the map
// has been fitted to all five: the map follows a corner with seven tenths
// (1/5 + 1/4 + 1/4, its leverage), the middle with a fifth. Which of two
// opposite corners was tapped wrongly, no map tells.
var free = [touches]float64{0.3, 0.3, 0.3, 0.3, 0.8}

// Farthest is how many pixels a tap lies beside where the other four put its
// mark, at most.
func (c Calibration) Farthest(taps [touches]image.Point) (pixels float64) {
	for i, mark := range Marks(c.Map.Size) {
		off := c.Map.At(taps[i].X, taps[i].Y).Sub(mark)
		pixels = max(pixels, math.Hypot(float64(off.X), float64(off.Y))/free[i])
	}
	return pixels
}

// plane is the plane a·x + b·y + c through values at the taps that has the
// least squares, by Cramer's rule; false if the taps are in a line.
func plane(taps [touches]image.Point, value func(int) float64) (a, b, c float64, ok bool) {
	const n = touches
	var sx, sy, sv float64
	for i, t := range taps {
		sx, sy, sv = sx+float64(t.X), sy+float64(t.Y), sv+value(i)
	}
	mx, my, mv := sx/n, sy/n, sv/n
	var xx, xy, yy, xv, yv float64
	for i, t := range taps { // from the middle, so that the numbers stay small
		x, y, v := float64(t.X)-mx, float64(t.Y)-my, value(i)-mv
		xx, xy, yy, xv, yv = xx+x*x, xy+x*y, yy+y*y, xv+x*v, yv+y*v
	}
	det := xx*yy - xy*xy
	if det < 1 {
		return 0, 0, 0, false
	}
	a, b = (xv*yy-yv*xy)/det, (yv*xx-xv*xy)/det
	return a, b, mv - a*mx - b*my, true
}

// back is where a pixel lies on the glass, given the map's determinant.
func (m Map) back(at image.Point, det float64) (x, y float64) {
	dx, dy := float64(at.X)-m.X0, float64(at.Y)-m.Y0
	return (dx*m.YY - dy*m.XY) / det, (dy*m.XX - dx*m.YX) / det
}

// Check says why no glass is like this.
func (c Calibration) Check() error {
	m := c.Map
	if m.Size.X < 1 || m.Size.Y < 1 {
		return fmt.Errorf("the calibration is for a panel of %dx%d pixels", m.Size.X, m.Size.Y)
	}
	det := m.XX*m.YY - m.XY*m.YX
	for _, f := range []float64{m.XX, m.XY, m.X0, m.YX, m.YY, m.Y0, det, 1 / det} {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return errors.New("the calibration maps the glass to nothing")
		}
	}
	for _, corner := range []image.Point{{}, {m.Size.X, 0}, {0, m.Size.Y}, m.Size} {
		if x, y := m.back(corner, det); min(x, y) < -margin || max(x, y) > full+margin {
			return fmt.Errorf("the calibration has the panel's corner %v at %.0f,%.0f of the glass, which counts to %d", corner, x, y, full)
		}
	}
	if area := float64(m.Size.X) * float64(m.Size.Y) / math.Abs(det); area < least*float64(rawSize.X)*float64(rawSize.Y) {
		return errors.New("the calibration has the panel on a small part of the glass")
	}
	if cos := (m.XX*m.YX + m.XY*m.YY) / math.Hypot(m.XX, m.XY) / math.Hypot(m.YX, m.YY); math.Abs(cos) > askew {
		return errors.New("the calibration has the panel askew on the glass")
	}
	return c.Orientation.Check()
}
