package desk

import (
	"testing"

	"unlockpoint/sync/wire"
)

func TestThreeGrantsAndNoMore(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	id := hall.accepted()
	first, _ := hall.grant(id)
	for range 2 {
		if again, refused := hall.grant(id); refused != "" || string(again.Next) != string(first.Next) {
			t.Errorf("again: %q", refused)
		}
	}
	if _, refused := hall.grant(id); refused != wire.TooMany {
		t.Errorf("the fourth: %q", refused)
	}

	// A fact about it from a terminal that was given none changes nothing.
	done := wire.UnlockDoneBody{Case: id, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3}
	porch.fact(wire.UnlockDone, done)
	if hall.look().Case != id {
		t.Error("another terminal ended the case")
	}
	hall.fact(wire.UnlockDone, done)
	if hall.look().Case != "" {
		t.Error("the case is still open")
	}
}

func TestNoGrantBeforeTheCode(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.answer().Case.Case
	if _, refused := hall.grant(id); refused != wire.NoCase {
		t.Errorf("got %q", refused)
	}
	hall.try(id, w.mailed(id))
	got := ask[wire.UnlockGrantReply](hall, wire.UnlockGrant,
		wire.UnlockGrantBody{Case: id, Card: w.id, Proof: hall.prove(""), SealTo: hall.seal.Public()})
	if got.Refused != wire.NoProof || got.Grant != nil {
		t.Errorf("a proof that was for no case: %+v", got)
	}
	if _, refused := hall.grant("0123456789abcdef0123456789abcdef"); refused != wire.NoCase {
		t.Errorf("a case that never was: %q", refused)
	}
}

// An old fact does not give attempts back twice.
func TestAnUnlockBeginsOneEpoch(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, _ := hall.grant(id)
	done := wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3}
	hall.fact(wire.UnlockDone, done)
	hall.answer(chosen...)
	hall.fact(wire.UnlockDone, done)
	if left := hall.look().AttemptsLeft; left != 2 {
		t.Errorf("%d attempts left", left)
	}
}

func TestAUsedUpPUKEndsSelfService(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, _ := hall.grant(id)
	hall.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINUnknown, PUK: wire.PUKCurrent, PUKTries: 0})
	if _, refused := hall.grant(id); refused != wire.Retired {
		t.Errorf("got %q", refused)
	}
}

func TestAPUKInDoubtIsTheBooths(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, _ := hall.grant(id)
	hall.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINUnknown, PUK: wire.PUKCurrent,
		Wrong: []wire.PUKState{wire.PUKCurrent, wire.PUKNext}, PUKTries: 1})
	if _, refused := hall.grant(id); refused != wire.PUKDoubt {
		t.Errorf("got %q", refused)
	}
}
