package desk

import (
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

func TestWithoutProofACaseIsTakenOverAfterTwoMinutes(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.ProofRequired = false })
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	hall.answer()
	take := func() wire.CaseReply {
		return ask[wire.CaseReply](porch, wire.CaseTake, wire.CaseTakeBody{Card: w.id, SealTo: porch.seal.Public()})
	}
	w.pass(119 * time.Second)
	if got := take(); got.Refused != wire.OtherTerminal {
		t.Errorf("too early: %+v", got)
	}
	w.pass(time.Second)
	if got := take(); got.Refused != "" {
		t.Errorf("after two minutes: %+v", got)
	}
}

func TestOnlyTheHolderSeesWhereTheCodeWent(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	id := hall.answer().Case.Case
	code, wrong := w.mailed(id), w.wrongCode(id)
	hall.try(id, code)
	if got := porch.try(id, wrong); got.Verdict != wire.CodeWrong || got.Case.Address != "" || got.Case.Mail != "" {
		t.Errorf("after a guess elsewhere: %+v", got)
	}
	if got := porch.try(id, code); got.Verdict != wire.CodeRight || got.Case.Address == "" {
		t.Errorf("after the right code, which makes it the holder: %+v", got)
	}
	w.pass(16 * time.Minute)
	if got := hall.try(id, code); got.Verdict != wire.CodeExpired || got.Case.Address != "" {
		t.Errorf("after the end: %+v", got)
	}
}

func TestFiveWrongCodes(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.answer().Case.Case
	code, wrong := w.mailed(id), w.wrongCode(id)
	for _, no := range []string{"", "12345", "1234567", code + "0"} {
		if got := hall.try(id, no); got.Refused != wire.BadRequest {
			t.Errorf("%q, which can be no code: %+v", no, got)
		}
	}
	for i := range 4 {
		if got := hall.try(id, wrong); got.Verdict != wire.CodeWrong || got.Case.TriesLeft != 4-i {
			t.Errorf("wrong code %d: %+v", i+1, got)
		}
	}
	if got := hall.try(id, wrong); got.Verdict != wire.CodeUsedUp || got.Locked {
		t.Errorf("the fifth: %+v", got)
	}
	if got := hall.try(id, code); got.Verdict != wire.CodeUsedUp {
		t.Errorf("the right one after them: %+v", got)
	}
	if got := hall.look(); got.Case != "" || got.Standing != wire.StandsRegistered {
		t.Errorf("got %+v", got)
	}
}

func TestTenWrongCodesLockTheCard(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.CodeTries = 6 })
	hall := w.terminal("hall")
	hall.register()
	id := hall.answer().Case.Case
	for range 6 {
		hall.try(id, w.wrongCode(id))
		if hall.look().Case == "" {
			break
		}
	}
	id = hall.answer().Case.Case
	for range 3 {
		hall.try(id, w.wrongCode(id))
	}
	if got := hall.try(id, w.wrongCode(id)); got.Verdict != wire.CodeUsedUp || !got.Locked {
		t.Errorf("the tenth: %+v", got)
	}
	if got := hall.look(); got.Standing != wire.StandsLocked {
		t.Errorf("got %+v", got)
	}
	if got := hall.attempt(); got.begun.Refused != wire.Locked {
		t.Errorf("another attempt: %+v", got.begun)
	}
}

func TestExpiredCode(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.answer().Case.Case
	code := w.mailed(id)
	w.pass(15 * time.Minute)
	if got := hall.try(id, code); got.Verdict != wire.CodeExpired {
		t.Errorf("got %+v", got)
	}
	if got := ask[wire.CaseReply](hall, wire.CodeResend, wire.CaseBody{Case: id}); got.Refused != wire.NoCase {
		t.Errorf("sent again: %+v", got)
	}
	if got := hall.answer(); !got.Right || got.Case.Case == id {
		t.Errorf("another case: %+v", got)
	}
}

func TestCasesAndMailsAreLimited(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	for range 3 {
		hall.answer()
		w.pass(time.Hour)
	}
	if got := hall.attempt(); got.begun.Refused != wire.TooMany || hall.look().AttemptsLeft != 3 {
		t.Errorf("a fourth case in a day: %+v", got.begun)
	}
	w.pass(24 * time.Hour)
	id := hall.answer().Case.Case
	for range 2 {
		w.pass(time.Minute)
		ask[wire.CaseReply](hall, wire.CodeResend, wire.CaseBody{Case: id})
	}
	w.pass(15 * time.Minute)
	id = hall.answer().Case.Case
	w.pass(time.Minute)
	if got := ask[wire.CaseReply](hall, wire.CodeResend, wire.CaseBody{Case: id}); got.Refused != "" {
		t.Errorf("the fifth mail in an hour: %+v", got)
	}
	w.pass(time.Minute)
	if got := ask[wire.CaseReply](hall, wire.CodeResend, wire.CaseBody{Case: id}); got.Refused != wire.TooMany {
		t.Errorf("the sixth: %+v", got)
	}
}
