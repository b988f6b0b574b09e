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
func watch(ctx context.Context, p gpio.PinIO, wake chan<- struct{}) {
	defer context.AfterFunc(ctx, func() { p.Halt() })() // it ends the wait; where it cannot, patience does
	early := 0
	for ctx.Err() == nil && early < deaf {
		begun := time.Now()
		switch {
		case p.WaitForEdge(patience):
			early = 0
			select {
			case wake <- struct{}{}:
			default: // it is awake
			}
		case time.Since(begun) < patience/2:
			early++
		default:
			early = 0
		}
	}
}
