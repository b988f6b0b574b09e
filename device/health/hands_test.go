package health_test

import (
	"context"
	"testing"

	"unlockpoint/device/health"
	"unlockpoint/display"
)

// An engineer who watches keys sees those of a keypad under test, and of a
// person with a card that there were some.
func TestKeysOfAPersonAreNotTold(t *testing.T) {
	h := new(health.Hands)
	ctx, leave := context.WithCancel(t.Context())
	events := h.Events(ctx)
	h.Tell(display.Event{Key: "5"})
	h.Served(true)
	for _, e := range []display.Event{{Key: "5"}, {Rune: 'x'}, {Touch: &display.Touch{X: 40, Y: 50}}} {
		h.Tell(e)
	}
	h.Served(false)
	h.Tell(display.Event{Touch: &display.Touch{X: 40, Y: 50}})

	if e := <-events; e.Key != "5" {
		t.Errorf("a key is told as %+v", e)
	}
	if e := <-events; e.Key != "?" {
		t.Errorf("a person's key is told as %+v", e)
	}
	if e := <-events; e.Rune != '?' {
		t.Errorf("a person's character is told as %+v", e)
	}
	if e := <-events; *e.Touch != (display.Touch{}) {
		t.Errorf("a person's touch is told as %+v", *e.Touch)
	}
	if e := <-events; e.Touch.X != 40 {
		t.Errorf("a touch is told as %+v", *e.Touch)
	}

	h.Served(true)
	for range 200 { // more than anybody keeps up with
		h.Tell(display.Event{Key: "5"})
	}
	leave()
}

// One page at a time is shown in the place of the usual one, and none while a
// card is in.
func TestAGuestComesAloneAndNotWhileSomebodyIsServed(t *testing.T) {
	guests, here := make(health.Guests), health.Guest{}
	comes := func(ctx context.Context, page string, card bool) error {
		answer := make(chan error)
		go func() { answer <- guests.Show(ctx, display.Page{ID: page}) }()
		here = here.Welcome(<-guests, card)
		return <-answer
	}
	usual := display.Page{ID: "idle", Look: display.Look{Low: true}}
	if err := comes(t.Context(), "first", true); err == nil || here.Over(usual).ID != "idle" {
		t.Errorf("while a card is in: %v", err)
	}
	ctx, leave := context.WithCancel(t.Context())
	if err := comes(ctx, "second", false); err != nil {
		t.Error(err)
	}
	if err := comes(t.Context(), "third", false); err == nil {
		t.Error("two are shown at once")
	}
	if p := here.Over(usual); p.ID != "second" || p.Look != usual.Look {
		t.Errorf("%+v", p)
	}
	leave()
	<-here.Left()
	if err := guests.Show(ctx, usual); err == nil {
		t.Error("one came who had left")
	}
}
