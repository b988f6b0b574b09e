package keypad

import (
	"context"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// patience is how long to wait for an edge at a time. Waiting for ever is not
// the same in all of periph's drivers: to gpioioctl -1 is no time at all.
const patience = time.Second

// deaf is how many waits in a row may end early without an edge before a pin
// is taken for one that cannot wait.
const deaf = 10

// watch wakes whoever scans when the pin has an edge, until ctx ends.
func watch(ctx context.Context, p gpio.PinIO, index int, wake chan<- int) {
	defer context.AfterFunc(ctx, func() { p.Halt() })() // it ends the wait; where it cannot, patience does
	early := 0
	for ctx.Err() == nil && early < deaf {
		begun := time.Now()
		switch {
		case p.WaitForEdge(patience):
			early = 0
			select {
			case wake <- index:
			default: // it is awake
			}
		case time.Since(begun) < patience/2:
			early++
		default:
			early = 0
		}
	}
}

// edges is what is known of the interrupt pins. They are trusted once each of
// them told of a key, until a key comes of which none told.
type edges struct {
	pins  int
	heard uint64 // a bit a pin
	last  int    // the pin that ended the last rest, or none
}

// press takes in that a key was pressed.
func (e *edges) press() {
	if e.last == none {
		e.heard = 0
		return
	}
	e.heard |= 1 << e.last
}

func (e edges) trusted() bool { return e.pins > 0 && e.heard == 1<<e.pins-1 }
