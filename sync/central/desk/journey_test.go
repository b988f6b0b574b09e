package desk

import (
	"bytes"
	"testing"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestRegisterThenUnlock(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	if got := hall.look(); got.Standing != wire.StandsUnregistered {
		t.Fatalf("a new card: %+v", got)
	}

	begun := hall.begin()
	if begun.Refused != "" || begun.Address != "a•••@nhs.net" || begun.Local != "amina.okafor" {
		t.Fatalf("beginning: %+v", begun)
	}
	k := hall.enrol(begun, "")
	want := wire.CaseView{
		Case: k.Case.Case, Purpose: wire.ForRegister, Address: "a•••@nhs.net", SecondsLeft: 900,
		TriesLeft: 5, SendsLeft: 2, ResendIn: 60, Mail: wire.MailQueued,
	}
	if k.Refused != "" || k.Case != want {
		t.Fatalf("submitting: %+v", k)
	}
	if got := hall.try(k.Case.Case, w.mailed(k.Case.Case)); got.Verdict != wire.CodeRight {
		t.Fatalf("the code: %+v", got)
	}

	look := hall.look()
	if look.Standing != wire.StandsRegistered || look.AttemptsLeft != 3 || len(look.Asked) != 3 || len(look.Keys) != 3 || look.Case != "" {
		t.Fatalf("registered: %+v", look)
	}
	hall.unlocked()
	if look := hall.look(); look.LastUnlock != w.now || look.Case != "" || look.AttemptsLeft != 3 {
		t.Errorf("unlocked: %+v", look)
	}
	if !w.card.Verify("246813") {
		t.Error("the card does not take the new passcode")
	}
	for _, kind := range []mail.Kind{mail.RegisterCode, mail.UnlockCode, mail.Registered, mail.Unlocked} {
		if n := w.mails(kind); n != 1 {
			t.Errorf("%d mails of %s", n, kind)
		}
	}
}

func TestTheSecondUnlockUsesTheNextPUK(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	for range 3 {
		hall.unlocked()
		w.pass(24 * time.Hour)
	}
	_ = w.store.View(t.Context(), func(tx store.Tx) error {
		c, _, _ := find(tx, w.id)
		if c.PUK.Current().Number != 3 || len(c.PUK.Kept) != 3 || c.Epoch != 3 {
			t.Errorf("generation %d, %d kept, epoch %d", c.PUK.Current().Number, len(c.PUK.Kept), c.Epoch)
		}
		return nil
	})
}

func TestWalkAwayAndResumeAtAnotherTerminal(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	id := hall.answer().Case.Case
	code := w.mailed(id)

	if got := porch.look(); got.Case != id || got.Accepted {
		t.Fatalf("at the porch: %+v", got)
	}
	if got := porch.try(id, code); got.Refused != wire.OtherTerminal {
		t.Errorf("a code at a terminal that does not hold the case: %+v", got)
	}
	if got := porch.attempt(); got.begun.Refused != wire.CodePage {
		t.Errorf("another attempt: %+v", got.begun)
	}
	if got := porch.take(); got.Refused != "" || got.Case.Case != id || got.Case.SecondsLeft != 900 {
		t.Fatalf("taking over: %+v", got)
	}
	if got := ask[wire.CaseReply](hall, wire.CodeStatus, wire.CaseBody{Case: id}); got.Refused != wire.OtherTerminal {
		t.Errorf("the terminal before: %+v", got)
	}
	if got := porch.try(id, code); got.Verdict != wire.CodeRight || !got.Case.Accepted {
		t.Fatalf("the code: %+v", got)
	}

	// The same code goes on at a third terminal, and there alone.
	yard := w.terminal("yard")
	if got := yard.try(id, code); got.Verdict != wire.CodeRight {
		t.Fatalf("the code again: %+v", got)
	}
	if _, refused := porch.grant(id); refused != wire.OtherTerminal {
		t.Errorf("a grant at the terminal before: %q", refused)
	}
	if _, refused := yard.grant(id); refused != "" {
		t.Errorf("a grant at the holder: %q", refused)
	}
}

func TestAnAcceptedCaseIsNoneWithoutTheCode(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	id := hall.accepted()
	if got := porch.take(); got.Refused != "" {
		t.Fatalf("taking: %+v", got)
	}
	if _, refused := porch.grant(id); refused != wire.NoCase {
		t.Errorf("a grant for whoever holds the card: %q", refused)
	}
}

func TestTheTimeAfterTheCodeEnds(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	w.pass(time.Hour)
	id := hall.accepted()
	w.pass(15 * time.Minute)
	if _, refused := hall.grant(id); refused != wire.NoCase {
		t.Errorf("got %q", refused)
	}
	if got := hall.look(); got.Case != "" {
		t.Errorf("got %+v", got)
	}
}

func TestCodeSentAgain(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	w.pass(2 * time.Hour)
	id := hall.answer().Case.Case
	first := w.mailed(id)
	resend := func() wire.CaseReply { return ask[wire.CaseReply](hall, wire.CodeResend, wire.CaseBody{Case: id}) }

	if got := resend(); got.Refused != wire.TooSoon {
		t.Errorf("at once: %+v", got)
	}
	w.pass(time.Minute)
	if got := resend(); got.Refused != "" || got.Case.SecondsLeft != 840 || got.Case.SendsLeft != 1 {
		t.Errorf("after a minute: %+v", got)
	}
	if w.mailed(id) != first {
		t.Error("the repeat carries another code")
	}
	w.pass(time.Minute)
	resend()
	w.pass(time.Minute)
	if got := resend(); got.Refused != wire.TooMany {
		t.Errorf("a fourth mail: %+v", got)
	}
}

func TestCodeOnly(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Questions = false })
	hall := w.terminal("hall")
	if got := hall.look(); got.Standing != wire.StandsRegistered || !got.CodeOnly {
		t.Fatalf("a card with an address: %+v", got)
	}
	k := hall.take()
	if k.Refused != "" || k.Case.Purpose != wire.ForUnlock {
		t.Fatalf("taking a case: %+v", k)
	}
	if got := hall.try(k.Case.Case, w.mailed(k.Case.Case)); got.Verdict != wire.CodeRight {
		t.Fatalf("the code: %+v", got)
	}
	if _, refused := hall.grant(k.Case.Case); refused != "" {
		t.Errorf("the grant: %q", refused)
	}
	elements := hall.blind(chosen).Elements()
	got := ask[wire.AttemptBeginReply](hall, wire.AttemptBegin, wire.AttemptBeginBody{Card: w.id, Elements: elements, SealTo: hall.seal.Public()})
	if got.Refused == "" {
		t.Error("answers were evaluated")
	}
}

func TestThePUKChangeWhoseAnswerWasLost(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, _ := hall.grant(id)
	hall.unblock(g.Current, g.Next) // the answer to the change is lost, so the terminal says:
	hall.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINUnknown, PUK: wire.PUKUnknown, PUKTries: -1})

	again, refused := hall.grant(id)
	if refused != "" || !again.NextFirst || !bytes.Equal(again.Next, g.Next) || !bytes.Equal(again.Current, g.Current) {
		t.Fatalf("the same pair, the other way round: %q, next first %v", refused, again.NextFirst)
	}
	hall.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: again.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	w.pass(time.Minute)
	hall.unlocked()
}
