package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	w.sweep()
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

// A proof is bound to its attempt, terminal and insertion, and taken once.
func TestAProofFitsOneAttempt(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	first, second := hall.attempt(), hall.attempt()
	body := hall.proven(first)

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

// While one attempt is under way another one unlocks the card, and central
// chooses other questions. The first is still proved by those it was asked.
func TestAnAttemptIsProvedByTheQuestionsItWasAsked(t *testing.T) {
	w := newWorld(t)
	hall, porch := w.terminal("hall"), w.terminal("porch")
	hall.register()
	for range 4 {
		a := porch.attempt()
		hall.unlocked()
		if got := porch.finish(a); !got.Right {
			t.Fatalf("got %+v", got)
		}
		w.pass(25 * time.Hour)
	}
}
