package link_test

import (
	"context"
	"testing"
	"time"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/link"
)

// A terminal that is given another broker goes there at once, from one that is
// well and from one that is not there.
func TestALinkMoves(t *testing.T) {
	first, err := broker.Start("127.0.0.1:0", accounts())
	must(t, err)
	second := embedded(t)
	config := central("mqtt://127.0.0.1:1")
	config.Wait = link.Wait{Step: 1000 * time.Hour, Most: 1000 * time.Hour}
	c, _ := run(t, config)
	for c.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	c.Move(first.URL())
	waitUp(t, c, true)
	c.Move(second.URL())
	must(t, first.Close())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for c.Publish(ctx, state, []byte("here"), false) != nil {
		if ctx.Err() != nil {
			t.Fatalf("it does not come to the second broker: %v", c.Err())
		}
		time.Sleep(time.Millisecond)
	}
}
