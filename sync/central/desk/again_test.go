package desk

import (
	"testing"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestRegisterAgainReplacesWithItsCode(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	first := hall.look().Registration
	k := hall.enrol(hall.begin(), "")
	if got := hall.look(); got.Registration != first {
		t.Error("the old registration went before the code")
	}
	hall.try(k.Case.Case, w.mailed(k.Case.Case))
	if got := hall.look(); got.Registration == first || got.Standing != wire.StandsRegistered {
		t.Errorf("got %+v", got)
	}
	_ = w.store.View(t.Context(), func(tx store.Tx) error {
		if _, there, _ := registry.Get(tx, first); there {
			t.Error("the old keys are still there")
		}
		return nil
	})
}

func TestAChangedAddress(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	k := hall.enrol(hall.begin(), other)
	id := k.Case.Case
	if k.Case.Address != "a•••@nhs.net" || k.Case.New {
		t.Fatalf("the first code goes to the address on file: %+v", k)
	}
	old := w.mailed(id)
	got := hall.try(id, old)
	if got.Verdict != wire.CodeNext || !got.Case.New || got.Case.Address != "a•••@ward.nhs.uk" || got.Case.TriesLeft != 5 {
		t.Fatalf("the first code: %+v", got)
	}
	if hall.look().Standing != wire.StandsUnregistered {
		t.Error("registered with one code of two")
	}
	if got := hall.try(id, old); got.Verdict != wire.CodeWrong {
		t.Errorf("the first code again: %+v", got)
	}
	if got := hall.try(id, w.mailed(id)); got.Verdict != wire.CodeRight {
		t.Fatalf("the second code: %+v", got)
	}
	if n := w.mails(mail.AddressChanged); n != 2 {
		t.Errorf("%d notices of the change", n)
	}

	// For 72 hours codes for unlocking still go to the old address.
	w.pass(72*time.Hour - time.Second)
	if got := hall.answer(); got.Case.Address != "a•••@nhs.net" {
		t.Errorf("before the wait is over: %+v", got.Case)
	}
	w.pass(time.Hour)
	if got := hall.answer(); got.Case.Address != "a•••@ward.nhs.uk" {
		t.Errorf("after it: %+v", got.Case)
	}
}
