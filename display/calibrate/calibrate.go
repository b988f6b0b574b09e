// Package calibrate has somebody tap out where a panel lies on its resistive
// glass: it shows marks on the panel, and says in a terminal window what to
// do. What the taps mean is package touch's to find.
package calibrate

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"time"

	panels "periph.io/x/conn/v3/display"

	"unlockpoint/display"
	"unlockpoint/display/touch"
)

const (
	// settle is how long a touch means nothing after a mark appears: it is
	// the last one's, or that of who wipes the glass.
	settle = 250 * time.Millisecond

	// patience is how long a mark waits. Nobody is there any more, or the
	// glass does not work.
	patience = 2 * time.Minute

	// apart is how far from each other two marks are tapped at least, in
	// counts of the glass: a quarter of what the nearest two have between
	// them where the panel takes up half of the glass.
	apart = 200
)

// Glass is a panel with the glass on it.
type Glass struct {
	Panel       panels.Drawer
	PPMM        float64              // pixels per millimetre of the panel
	Touches     <-chan display.Event // of a raw touch.Source
	Orientation touch.Orientation    // of the picture on the glass
	Say         io.Writer            // the window of whoever taps
}

// places are where touch.Marks has them.
var places = [...]string{"top left", "top right", "bottom right", "bottom left", "middle"}

// Run shows the marks until the taps fit. It ends without a calibration only
// with the context, or when a mark waits for too long.
func (g Glass) Run(ctx context.Context) (touch.Calibration, error) {
	size := g.Panel.Bounds().Size()
	fmt.Fprintln(g.Say, "Tap the middle of each of 5 crosses on the panel, one after the other.")
	for {
		taps, err := g.taps(ctx, size)
		if err != nil {
			return touch.Calibration{}, err
		}
		c, err := touch.Fit(taps, size, g.Orientation)
		if err == nil {
			_, err = fmt.Fprintf(g.Say, "The taps fit to %.1f mm.\n", c.Farthest(taps)/g.PPMM)
			return c, err
		}
		fmt.Fprintf(g.Say, "Not taken: %v. Once more from the first.\n", err)
	}
}

// taps is where each mark is tapped. A place that was tapped for an earlier
// mark is not another one's: a finger that bounced.
func (g Glass) taps(ctx context.Context, size image.Point) (taps [len(places)]image.Point, err error) {
	for i, mark := range touch.Marks(size) {
		if err := g.Panel.Draw(g.Panel.Bounds(), picture(size, mark, g.PPMM), image.Point{}); err != nil {
			return taps, fmt.Errorf("draw mark %d: %w", i+1, err)
		}
		fmt.Fprintf(g.Say, "%d of 5, %s: ", i+1, places[i])
		for {
			if taps[i], err = g.tap(ctx); err != nil {
				return taps, fmt.Errorf("mark %d: %w", i+1, err)
			}
			if earlier, known := near(taps[i], taps[:i]); known {
				fmt.Fprintf(g.Say, "that is where mark %d was. ", earlier+1)
				continue
			}
			break
		}
		fmt.Fprintln(g.Say, "tapped")
	}
	return taps, nil
}

var errNobody = fmt.Errorf("no touch for %v: look whether the touch settings are those of the glass, and its wires", patience)

// tap waits for one that begins after the mark has been seen.
func (g Glass) tap(ctx context.Context) (image.Point, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errNobody)
	defer cancel()
	for seen := time.After(settle); seen != nil; {
		select {
		case <-g.Touches:
		case <-seen:
			seen = nil
		}
	}
	at, err := touch.Tap(ctx, g.Touches)
	if errors.Is(err, context.DeadlineExceeded) {
		err = context.Cause(ctx)
	}
	return at, err
}

// near finds an earlier tap at the same place.
func near(tap image.Point, earlier []image.Point) (int, bool) {
	around := image.Rectangle{tap, tap.Add(image.Pt(1, 1))}.Inset(-apart)
	for i, e := range earlier {
		if e.In(around) {
			return i, true
		}
	}
	return 0, false
}
