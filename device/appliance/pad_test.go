package appliance

import (
	"context"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/reader"
	"unlockpoint/sync/wire"
)

// atKeys is a slot whose reader has keys, which end every entry with an error.
type atKeys struct {
	reader.Slot
	pad reader.Pad
	err error
}

func (k atKeys) Open(ctx context.Context) (reader.Link, error) {
	link, err := k.Slot.Open(ctx)
	return keyedLink{link, k}, err
}

type keyedLink struct {
	reader.Link
	keys atKeys
}

var _ reader.PinPad = keyedLink{}

func (l keyedLink) Pad() reader.Pad { return l.keys.pad }

func (l keyedLink) Enter(context.Context, reader.Entry) ([]byte, error) { return nil, l.keys.err }

func TestWhatTheReadersKeysSayIsToldToThePerson(t *testing.T) {
	v, _, _ := several(t, "piv")
	slot := v.a.cfg.Slot
	allowChanges(t, v)
	for err, want := range map[error]journey.Problem{
		reader.ErrPadCancelled: journey.PadUntyped, reader.ErrPadTimeout: journey.PadUntyped, reader.ErrPadLength: journey.PadLength,
		reader.ErrPadDiffer: journey.PadDiffer, reader.ErrPadRefused: journey.PadUseless, reader.ErrNoPad: journey.PadUseless,
		reader.ErrCardGone: journey.CardGone, reader.ErrNoReader: journey.CardGone, context.Canceled: journey.CardGone,
	} {
		v.a.cfg.Slot = atKeys{slot, reader.Pad{Verifies: true, Changes: true}, err}
		if c := v.readCard(t.Context()); !c.PadVerifies || !c.PadChanges {
			t.Fatalf("the keys are not seen: %+v", c)
		}
		if got := v.change(t.Context(), journey.ChangePasscode{AtPad: true}); got.Problem != want || got.OK {
			t.Errorf("%v: %+v", err, got)
		}
		if got := v.verify(t.Context(), journey.VerifyPasscode{AtPad: true}); got.Problem != want || got.OK {
			t.Errorf("%v: %+v", err, got)
		}
	}
}

// allowChanges lets people choose passcodes at the reader's keys.
func allowChanges(t *testing.T, v *visit) {
	t.Helper()
	policy := wire.DefaultPolicy()
	policy.ChangeAtPad = true
	if err := v.a.store.SetSettings(wire.Settings{Policy: policy, Site: wire.Site{}}); err != nil {
		t.Fatal(err)
	}
}

// Not every reader takes every passcode, and not every card is one of digits.
func TestReadersKeysThatDoNotServe(t *testing.T) {
	for _, c := range []struct {
		profile           string
		pad               reader.Pad
		verifies, changes bool
	}{
		{"piv", reader.Pad{Verifies: true, Changes: true, Min: 4, Max: 12}, true, true},
		{"piv", reader.Pad{Verifies: true, Changes: true, Max: 6}, false, false},
		{"piv", reader.Pad{Verifies: true, Changes: true, Min: 7}, false, false},
		{"piv", reader.Pad{Verifies: true}, true, false},
		{"piv", reader.Pad{Changes: true}, false, true},
		{"gids", reader.Pad{Verifies: true, Changes: true}, false, false},
	} {
		v, _, _ := several(t, c.profile)
		v.a.cfg.Slot = atKeys{v.a.cfg.Slot, c.pad, reader.ErrPadTimeout}
		if said := v.readCard(t.Context()); said.PadVerifies != c.verifies || said.PadChanges || said.Problem != journey.NoProblem {
			t.Errorf("%s at %+v: %+v", c.profile, c.pad, said)
		}
		allowChanges(t, v)
		if said := v.readCard(t.Context()); said.PadVerifies != c.verifies || said.PadChanges != c.changes {
			t.Errorf("%s at %+v, where policy allows changes: %+v", c.profile, c.pad, said)
		}
		got := v.verify(t.Context(), journey.VerifyPasscode{AtPad: true})
		if asked := got.Problem == journey.PadUntyped; asked != c.verifies {
			t.Errorf("%s at %+v: asked %v, %+v", c.profile, c.pad, asked, got)
		}
		changed := v.change(t.Context(), journey.ChangePasscode{AtPad: true})
		if asked := changed.Problem == journey.PadUntyped; asked != c.changes {
			t.Errorf("%s at %+v: asked to change %v, %+v", c.profile, c.pad, asked, changed)
		}
	}
}
