package central_test

import (
	"testing"

	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

func TestARetiredTerminalIsNotOnline(t *testing.T) {
	c := open(t, config(t))
	id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-7", Site: "east"})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, id: id}
	birth := x.note(wire.Envelope{Kind: wire.State}, wire.StateBody{Online: true, Sess: "1"})
	hear := func() bool {
		if err := c.Hear(t.Context(), wire.StateTopic("east", "ward-7"), birth); err != nil {
			t.Fatal(err)
		}
		return c.Seen("ward-7").Online
	}
	if !hear() {
		t.Fatal("it is not online")
	}
	if err := c.Retire(t.Context(), "ward-7"); err != nil {
		t.Fatal(err)
	}
	if c.Seen("ward-7").Online || hear() {
		t.Error("it is online")
	}
}
