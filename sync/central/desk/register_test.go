package desk

import (
	"crypto/ed25519"
	"slices"
	"testing"
	"time"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/wire"
)

func TestALiveRegistrationIsEvaluatedByAttemptsOnly(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	got := ask[wire.Evaluated](hall, wire.RegisterEvaluate, wire.RegisterEvaluateBody{
		Registration: hall.look().Registration, Questions: chosen, Elements: hall.blind(chosen).Elements(), SealTo: hall.seal.Public(),
	})
	if got.Refused != wire.BadRequest || got.Elements != nil {
		t.Errorf("got %+v", got)
	}
}

func TestAPendingRegistrationIsEvaluatedOnce(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	begun := hall.begin()
	evaluate := func(at *terminal, questions []int) wire.Evaluated {
		return ask[wire.Evaluated](at, wire.RegisterEvaluate, wire.RegisterEvaluateBody{
			Registration: begun.Registration, Questions: questions, Elements: at.blind(questions).Elements(), SealTo: at.seal.Public(),
		})
	}
	if got := evaluate(porch, chosen); got.Refused != wire.OtherTerminal {
		t.Errorf("at another terminal: %+v", got)
	}
	for name, questions := range map[string][]int{
		"too few": {1, 2, 3}, "too many": {1, 2, 3, 4, 5}, "twice": {1, 2, 3, 3}, "unknown": {1, 2, 3, 21}, "none": {0, 1, 2, 3},
	} {
		if got := evaluate(hall, questions); got.Refused != wire.BadRequest {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := evaluate(hall, chosen); got.Refused != "" || len(got.Elements) != 4 {
		t.Fatalf("the first time: %+v", got)
	}
	if got := evaluate(hall, chosen); got.Refused != wire.TooMany || got.Elements != nil {
		t.Errorf("the second time: %+v", got)
	}
}

func TestAPendingRegistrationBelongsToOneInsertion(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	begun := hall.begin()
	own := hall.seal
	hall.insert()
	evaluate := wire.RegisterEvaluateBody{
		Registration: begun.Registration, Questions: chosen, Elements: hall.blind(chosen).Elements(), SealTo: hall.seal.Public(),
	}
	if got := ask[wire.Evaluated](hall, wire.RegisterEvaluate, evaluate); got.Refused != wire.NoCase || got.Elements != nil {
		t.Errorf("evaluated for the next insertion: %+v", got)
	}
	evaluate.SealTo = nil
	if got := ask[wire.Evaluated](hall, wire.RegisterEvaluate, evaluate); got.Refused != wire.NoCase {
		t.Errorf("evaluated for none: %+v", got)
	}
	hall.seal = own
	body := hall.keys(begun, "")
	hall.insert()
	body.SealTo = hall.seal.Public()
	if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != wire.NoCase || w.mails(mail.RegisterCode) != 0 {
		t.Errorf("submitted for the next insertion: %+v", got)
	}
	body.SealTo = own.Public()
	if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != "" {
		t.Errorf("submitted for its own: %+v", got)
	}
}

func TestAPendingRegistrationDies(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	begun := hall.begin()
	body := hall.keys(begun, "")
	w.pass(30 * time.Minute)
	if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != wire.NoCase {
		t.Errorf("after 30 minutes: %+v", got)
	}
	first := hall.begin()
	hall.insert()
	hall.begin()
	if got := ask[wire.Evaluated](hall, wire.RegisterEvaluate, wire.RegisterEvaluateBody{
		Registration: first.Registration, Questions: chosen, Elements: hall.blind(chosen).Elements(), SealTo: hall.seal.Public(),
	}); got.Refused != wire.NoCase {
		t.Errorf("after another insertion: %+v", got)
	}
}

func TestKeysThatNobodyHoldsAreNotEnrolled(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	body := hall.keys(hall.begin(), "")
	submit := func(change func(*wire.QuestionKey)) wire.Refusal {
		b := body
		b.Keys = slices.Clone(body.Keys)
		change(&b.Keys[1])
		return ask[wire.CaseReply](hall, wire.RegisterSubmit, b).Refused
	}
	public, _, _ := ed25519.GenerateKey(nil)
	for name, c := range map[string]struct {
		change func(*wire.QuestionKey)
		want   wire.Refusal
	}{
		"another key":       {func(k *wire.QuestionKey) { k.Public = public }, wire.WrongProof},
		"no signature":      {func(k *wire.QuestionKey) { k.Signature = nil }, wire.WrongProof},
		"short key":         {func(k *wire.QuestionKey) { k.Public = public[:31] }, wire.BadRequest},
		"weaker parameters": {func(k *wire.QuestionKey) { k.Form.Argon.Memory = 8 }, wire.BadRequest},
		"another question":  {func(k *wire.QuestionKey) { k.Form.Question = 1 }, wire.BadRequest},
	} {
		if got := submit(c.change); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := submit(func(*wire.QuestionKey) {}); got != "" {
		t.Errorf("unchanged: %q", got)
	}
}

func TestTheLastCaseOfADayCanBeSubmittedTwice(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.CasesIn24h = 1 })
	hall := w.terminal("hall")
	body := hall.keys(hall.begin(), "")
	ask[wire.CaseReply](hall, wire.RegisterSubmit, body)
	if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != "" {
		t.Errorf("its answer was lost: %+v", got)
	}
	body.Address = other
	if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != wire.TooMany {
		t.Errorf("something new: %+v", got)
	}
}

func TestASubmissionWhoseAnswerWasLostIsOneCase(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	body := hall.keys(hall.begin(), "")
	first := ask[wire.CaseReply](hall, wire.RegisterSubmit, body)
	again := ask[wire.CaseReply](hall, wire.RegisterSubmit, body)
	if first.Case.Case == "" || again != first || w.mails(mail.RegisterCode) != 1 {
		t.Errorf("got %+v, then %+v", first, again)
	}
	body.Address = other
	changed := ask[wire.CaseReply](hall, wire.RegisterSubmit, body)
	if changed.Refused != "" || changed.Case.Case == first.Case.Case {
		t.Errorf("with another address: %+v", changed)
	}
	if got := hall.try(first.Case.Case, "123456"); got.Refused != wire.NoCase {
		t.Errorf("the case before: %+v", got)
	}
}

func TestBadAddressesAreRefused(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	body := hall.keys(hall.begin(), "")
	for _, address := range []string{"someone@example.com", `"x@nhs.net" <evil@evil.com>`, "a@nhs.net\r\nBcc: b@evil.com", "a@evilnhs.net"} {
		body.Address = address
		if got := ask[wire.CaseReply](hall, wire.RegisterSubmit, body); got.Refused != wire.BadAddress {
			t.Errorf("%q: %+v", address, got)
		}
	}
}
