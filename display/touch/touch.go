// Package touch turns touch controllers into fingers on the panel.
//
// Its words: a [Contact] is something on the glass in the units of whoever
// measured it; a [Chip] is a controller that reports them; a [Map] takes a
// contact to panel pixels; [Fingers] follows contacts from one report to the
// next and says who went down, moved, went up or was lost; a [Source] is all
// of it together. A [Calibration] is a Map that somebody tapped out.
//
// It does not know what is shown: which touches come too soon after another
// page, and which are the second of a double tap, is display/front's to say.
package touch

import (
	"fmt"

	"periph.io/x/conn/v3/gpio"
)

// Contact is something on the glass, in the controller's own units.
type Contact struct {
	ID   int // the same for as long as it stays
	X, Y int
	Palm bool // too large for a finger
}

// Report is what a controller says at one moment.
type Report struct {
	Contacts []Contact
	Stale    bool // there is nothing new: Contacts mean nothing
	Palm     bool // whatever is there, it is no finger
}

// Chip is a touch controller. Its methods are called by one goroutine.
type Chip interface {
	fmt.Stringer

	// SetUp makes the controller ready: at first, and after every error.
	SetUp() (Sensor, error)

	// Read asks for a report. A controller that is not set up any more is an
	// error, so that nobody takes its silence for a finger that was lifted.
	Read() (Report, error)
}

// Sensor is what a controller says of itself once it is ready.
type Sensor struct {
	Range Range      // what it counts from and to; the zero Range means pixels
	Edge  gpio.PinIn // has an edge when there is something to read; nil: it has to be asked
}

// listen makes a pin report edges; nil for one that is not there or cannot.
func listen(p gpio.PinIn, pull gpio.Pull, edge gpio.Edge) gpio.PinIn {
	if p == nil {
		return nil
	}
	if p.In(pull, edge) == nil || p.In(gpio.PullNoChange, edge) == nil {
		return p
	}
	return nil
}
