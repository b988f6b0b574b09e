package appliance

import (
	"context"
	"testing"

	"unlockpoint/display"
)

// An engineer who watches keys sees those of a keypad under test, and of a
// person with a card that there were some.
func TestKeysOfAPersonAreNotTold(t *testing.T) {
	a := new(Appliance)
	ctx, leave := context.WithCancel(t.Context())
	events := a.Events(ctx)
	a.hands.tell(display.Event{Key: "5"})
	a.hands.served(true)
	for _, e := range []display.Event{{Key: "5"}, {Rune: 'x'}, {Touch: &display.Touch{X: 40, Y: 50}}} {
		a.hands.tell(e)
	}
	a.hands.served(false)
	a.hands.tell(display.Event{Touch: &display.Touch{X: 40, Y: 50}})

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

	a.hands.served(true)
	for range 200 { // more than anybody keeps up with
		a.hands.tell(display.Event{Key: "5"})
	}
	leave()
}
