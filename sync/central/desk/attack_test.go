package desk

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

func TestThreeFailuresLockOutOverAllTerminals(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	for i, at := range []*terminal{hall, porch, hall} {
		got := at.answer(chosen[i%4], chosen[(i+1)%4])
		if got.Right || got.Case != nil || got.AttemptsLeft != 2-i {
			t.Errorf("failure %d: %+v", i+1, got)
		}
	}
	for _, at := range []*terminal{hall, porch} {
		if got := at.look(); got.Standing != wire.StandsLocked || got.AttemptsLeft != 0 {
			t.Errorf("looked up: %+v", got)
		}
		if got := at.attempt(); got.begun.Refused != wire.Locked {
			t.Errorf("a fourth attempt: %+v", got.begun)
		}
	}
	if got := hall.begin(); got.Refused != wire.Locked {
		t.Errorf("registering round the lockout: %+v", got)
	}
	if n := w.mails(mail.AttemptFailed); n != 3 {
		t.Errorf("%d notices to the holder", n)
	}
}

func TestARightThirdTryCountsAsRight(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	hall.answer(chosen...)
	hall.answer(chosen...)
	if got := hall.answer(); !got.Right || got.Case == nil {
		t.Errorf("got %+v", got)
	}
}

// Three terminals begin at the same time; nobody gets a fourth evaluation
// while the three are open, and each of them may still prove right.
func TestAttemptsUnderWayAreTaken(t *testing.T) {
	w := newWorld(t)
	var open []tried
	w.terminal("t0").register()
	at := []*terminal{w.terminal("t1"), w.terminal("t2"), w.terminal("t3")}
	for i, x := range at {
		wrong := chosen
		if i == 0 {
			wrong = nil
		}
		open = append(open, x.attempt(wrong...))
	}
	if got := w.terminal("t4").attempt(); got.begun.Refused != wire.TooMany || got.begun.Elements != nil {
		t.Errorf("a fourth at the same time: %+v", got.begun)
	}
	if got := at[0].finish(open[0]); !got.Right {
		t.Errorf("the right one: %+v", got)
	}
}

func TestOpenAttemptsRunOutAsFailures(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	a := hall.attempt()
	for range 2 {
		hall.attempt()
	}
	w.pass(15 * time.Minute)
	if got := hall.finish(a); got.Refused != wire.NoCase || got.Right {
		t.Errorf("a proof that came too late: %+v", got)
	}
	if got := hall.look(); got.Standing != wire.StandsLocked {
		t.Errorf("three that ran out: %+v", got)
	}
	if n := w.mails(mail.AttemptFailed); n != 3 {
		t.Errorf("%d notices", n)
	}
}

func TestSweepFindsWhatRanOut(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	for range 3 {
		hall.attempt()
	}
	w.pass(15 * time.Minute)
	w.ok(w.store.Update(t.Context(), w.desk.Sweep))
	if n := w.mails(mail.AttemptFailed); n != 3 {
		t.Errorf("%d notices", n)
	}
	page := ask[wire.RegistryPageReply](hall, wire.RegistryPage, wire.RegistryPageBody{})
	if len(page.Changes) != 1 || page.Changes[0].Standing != wire.StandsLocked {
		t.Errorf("the site: %+v", page)
	}
}

func TestTenFailuresIn30DaysLock(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Attempts = 20 })
	hall := w.terminal("hall")
	hall.register()
	for range 10 {
		hall.answer(chosen...)
		w.pass(time.Hour)
	}
	if got := hall.attempt(); got.begun.Refused != wire.Locked {
		t.Errorf("the eleventh: %+v", got.begun)
	}
	w.pass(30 * 24 * time.Hour)
	if got := hall.attempt(); got.begun.Refused != "" {
		t.Errorf("a month later: %+v", got.begun)
	}
}

// Whatever is wrong with the elements of an attempt, it is refused without an
// evaluation and without a debit.
func TestOddElementsAreNeitherEvaluatedNorDebited(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	look := hall.look()
	good := hall.blind(look.Asked).Elements()
	identity := make([]byte, 32)
	high := slices.Repeat([]byte{0xff}, 32)
	for name, elements := range map[string][][]byte{
		"none":             nil,
		"one too few":      good[:2],
		"a batch":          append(slices.Clone(good), good...),
		"one guess more":   append(slices.Clone(good), good[0]),
		"the identity":     {good[0], identity, good[2]},
		"not canonical":    {good[0], good[1], high},
		"cut short":        {good[0], good[1], good[2][:31]},
		"an empty element": {good[0], good[1], {}},
	} {
		got := ask[wire.AttemptBeginReply](hall, wire.AttemptBegin, wire.AttemptBeginBody{
			Card: w.id, Registration: look.Registration, Elements: elements, Proof: hall.prove(""), SealTo: hall.seal.Public(),
		})
		if got.Refused != wire.BadRequest || got.Elements != nil || got.Attempt != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if left := hall.look().AttemptsLeft; left != 3 {
		t.Errorf("%d attempts left", left)
	}
}

func TestALiveRegistrationIsEvaluatedByAttemptsOnly(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	got := ask[wire.Evaluated](hall, wire.RegisterEvaluate, wire.RegisterEvaluateBody{
		Registration: hall.look().Registration, Questions: chosen, Elements: hall.blind(chosen).Elements(),
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
			Registration: begun.Registration, Questions: questions, Elements: at.blind(questions).Elements(),
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
		Registration: first.Registration, Questions: chosen, Elements: hall.blind(chosen).Elements(),
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

// A proof is bound to its attempt, terminal and insertion, and taken once.
func TestAProofFitsOneAttempt(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	first, second := hall.attempt(), hall.attempt()
	body := hall.proof(first)

	if got := ask[wire.AttemptProveReply](porch, wire.AttemptProve, body); got.Refused != wire.OtherTerminal {
		t.Errorf("from another terminal: %+v", got)
	}
	moved := body
	moved.SealTo = porch.seal.Public()
	if got := ask[wire.AttemptProveReply](hall, wire.AttemptProve, moved); got.Refused != wire.BadRequest {
		t.Errorf("for another insertion: %+v", got)
	}
	few := body
	few.Signatures = body.Signatures[:2]
	if got := ask[wire.AttemptProveReply](hall, wire.AttemptProve, few); got.Refused != wire.BadRequest {
		t.Errorf("two signatures for three questions: %+v", got)
	}
	other := body
	other.Attempt = second.begun.Attempt
	if got := ask[wire.AttemptProveReply](hall, wire.AttemptProve, other); got.Right || got.AttemptsLeft != 1 {
		t.Errorf("for another attempt: %+v", got)
	}
	if got := ask[wire.AttemptProveReply](hall, wire.AttemptProve, body); !got.Right {
		t.Errorf("for its own: %+v", got)
	}
	if got := ask[wire.AttemptProveReply](hall, wire.AttemptProve, body); got.Refused != wire.NoCase {
		t.Errorf("a second time: %+v", got)
	}
}

func TestTwoRightAttemptsOpenOneCase(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	a, b := hall.attempt(), porch.attempt()
	if got := hall.finish(a); !got.Right {
		t.Fatalf("the first: %+v", got)
	}
	if got := porch.finish(b); got.Refused != wire.CodePage {
		t.Errorf("the second: %+v", got)
	}
	if n := w.mails(mail.UnlockCode); n != 1 {
		t.Errorf("%d codes were mailed", n)
	}
}

func TestTheCardHasToProveItself(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	look := hall.look()
	attempt := func(proof wire.CardProof) wire.AttemptBeginReply {
		return ask[wire.AttemptBeginReply](hall, wire.AttemptBegin, wire.AttemptBeginBody{
			Card: w.id, Registration: look.Registration, Elements: hall.blind(look.Asked).Elements(),
			Proof: proof, SealTo: hall.seal.Public(),
		})
	}
	stranger, err := simcard.NewAuthority("Another authority", w.now.AddDate(-1, 0, 0))
	w.ok(err)
	mine := w.card
	w.card, _ = w.newCard(stranger)
	foreign := hall.prove("")
	w.card = mine
	for name, proof := range map[string]wire.CardProof{
		"none":                 {},
		"for a case":           hall.prove("somecase"),
		"of another insertion": porch.prove(""),
		"of a foreign card":    foreign,
	} {
		if got := attempt(proof); got.Refused != wire.NoProof {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := ask[wire.RegisterBeginReply](hall, wire.RegisterBegin, wire.RegisterBeginBody{Card: w.id, SealTo: hall.seal.Public()}); got.Refused != wire.NoProof || got.Local != "" {
		t.Errorf("registering without: %+v", got)
	}
	if left := hall.look().AttemptsLeft; left != 3 {
		t.Errorf("%d attempts left", left)
	}
}

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

func TestFiveWrongCodes(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.answer().Case.Case
	code, wrong := w.mailed(id), w.wrongCode(id)
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

func TestFreezingEndsEverything(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { return w.desk.Freeze(tx, w.id) }))
	if _, refused := hall.grant(id); refused != wire.Frozen {
		t.Errorf("a grant: %q", refused)
	}
	if got := hall.look(); got.Standing != wire.StandsFrozen || got.Case != "" {
		t.Errorf("looked up: %+v", got)
	}
	if got := hall.attempt(); got.begun.Refused != wire.Frozen {
		t.Errorf("an attempt: %+v", got.begun)
	}
	if got := hall.begin(); got.Refused != wire.Frozen {
		t.Errorf("registering: %+v", got)
	}
}

func TestACardThatIsNotOurs(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	w.id = "piv:00"
	if got := hall.look(); got.Standing != wire.StandsUnknown || got.Refused != "" {
		t.Errorf("got %+v", got)
	}
	if got := hall.begin(); got.Refused != wire.UnknownCard {
		t.Errorf("got %+v", got)
	}
}

// Whatever bytes a terminal sends as a body, it gets an answer, and no fault.
func FuzzServe(f *testing.F) {
	kinds := []wire.Kind{
		wire.RegistryPage, wire.CardLook, wire.RegisterBegin, wire.RegisterEvaluate, wire.RegisterSubmit, wire.AttemptBegin,
		wire.AttemptProve, wire.CaseTake, wire.CodeCheck, wire.CodeResend, wire.CodeStatus, wire.UnlockGrant, wire.UnlockDone, wire.Audit,
	}
	for i := range kinds {
		f.Add(i, []byte(`{}`))
		f.Add(i, []byte(`{"card":"piv:00","case":"x","registration":"","attempt":"/","questions":[1,1],"elements":[""],"seal_to":"AA=="}`))
	}
	f.Add(2, []byte(`{"card":"piv:00","CARD":"piv:01"}`))
	w := newWorld(f)
	who := Terminal{ID: "hall", Site: "ward", SessNonce: []byte("n")}
	f.Fuzz(func(t *testing.T, i int, body []byte) {
		kind := kinds[uint(i)%uint(len(kinds))]
		err := w.store.Update(context.Background(), func(tx store.Tx) error {
			if kind == wire.UnlockDone || kind == wire.Audit {
				return w.desk.Fact(tx, who, kind, body)
			}
			reply, err := w.desk.Serve(tx, who, kind, body, wire.Envelope{Kind: kind.Reply(), ID: "n", From: wire.Central, To: who.ID})
			if err == nil {
				_, err = json.Marshal(reply)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	})
}

// Twelve requests at the same time, from as many terminals: three are
// evaluated. The rest get nothing to guess with.
func TestAtTheSameTimeThreeAreEvaluated(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	look := hall.look()
	var texts [][]byte
	var who []Terminal
	for i := range 12 {
		at := w.terminal(fmt.Sprintf("t%d", i))
		text, err := json.Marshal(wire.AttemptBeginBody{
			Card: w.id, Registration: look.Registration, Elements: at.blind(look.Asked).Elements(),
			Proof: at.prove(""), SealTo: at.seal.Public(),
		})
		w.ok(err)
		texts, who = append(texts, text), append(who, at.who)
	}
	var all sync.WaitGroup
	var evaluated atomic.Int32
	for i := range texts {
		all.Go(func() {
			err := w.store.Update(context.Background(), func(tx store.Tx) error {
				reply, err := w.desk.Serve(tx, who[i], wire.AttemptBegin, texts[i], wire.Envelope{})
				if r, ok := reply.(wire.AttemptBeginReply); ok && len(r.Elements) > 0 {
					evaluated.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := evaluated.Load(); n != 3 {
		t.Errorf("%d were evaluated", n)
	}
}
