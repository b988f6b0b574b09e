package appliance

import (
	"context"
	"errors"
	"sync"
	"testing"

	"unlockpoint/sync/wire"
)

// slowCentral holds every question until it is let go, or its context ends.
type slowCentral struct {
	asked chan wire.Kind
	hold  chan struct{}
	ended chan error
}

func (c *slowCentral) Call(ctx context.Context, kind wire.Kind, _, _ any) error {
	c.asked <- kind
	select {
	case <-c.hold:
	case <-ctx.Done():
	}
	c.ended <- ctx.Err()
	return ctx.Err()
}

func TestAProofIsSentThoughTheCardIsTaken(t *testing.T) {
	for kind, want := range map[wire.Kind]error{wire.AttemptProve: nil, wire.CodeStatus: context.Canceled} {
		t.Run(string(kind), func(t *testing.T) {
			central := &slowCentral{asked: make(chan wire.Kind, 1), hold: make(chan struct{}), ended: make(chan error, 1)}
			var late sync.WaitGroup
			v := &visit{errands: errands{uplink: central, life: t.Context(), late: &late}}
			ctx, take := context.WithCancel(t.Context())
			go func() {
				<-central.asked
				take()
			}()
			if _, err := ask[wire.AttemptProveReply](ctx, v, kind, wire.CaseBody{Case: "c"}); !errors.Is(err, context.Canceled) {
				t.Fatalf("the visit waits no more: %v", err)
			}
			v.errands.wait() // the next card is served at once
			close(central.hold)
			if err := <-central.ended; !errors.Is(err, want) {
				t.Errorf("the question ended with %v, want %v", err, want)
			}
			late.Wait()
		})
	}
}
