package desk

import (
	"bytes"
	"testing"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// assist types the IT booth's code.
func (t *terminal) assist(code string) wire.CodeCheckReply {
	t.Helper()
	return ask[wire.CodeCheckReply](t, wire.AssistTake,
		wire.AssistTakeBody{Card: t.id, Code: wire.Typed(code), Proof: t.prove(""), SealTo: t.seal.Public()})
}

// given is a code that jo gave out.
func (w *world) given() string {
	w.Helper()
	done, err := w.act(jo, wire.CardAssist)
	if err != nil || len(done.Code) != assistDigits || done.Minutes != 10 {
		w.Fatalf("%+v, %v", done, err)
	}
	return done.Code
}

// another is a code that differs.
func another(code string) string {
	b := []byte(code)
	b[0] = '0' + (b[0]-'0'+1)%10
	return string(b)
}

// Somebody who never registered, and whose card has no address, is unlocked
// with the IT booth's code alone.
func TestAnAssistCodeStandsForQuestionsAndMail(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	code := w.given()
	if got := w.last(); got != "assist.given operator/jo Amina showed her badge" {
		t.Error(got)
	}
	if n := w.mails(mail.Assisted); n != 1 {
		t.Errorf("%d mails tell of it", n)
	}
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		for key, value := range tx.Scan("", "", 0) {
			if bytes.Contains(value, []byte(code)) {
				t.Errorf("the store holds the code in %s", key)
			}
		}
		return nil
	}))

	got := ward.assist(code)
	if got.Verdict != wire.CodeRight || !got.Case.Assist || !got.Case.Accepted || got.Case.SecondsLeft != 15*60 {
		t.Fatalf("%+v", got)
	}
	id := got.Case.Case
	g, refused := ward.grant(id)
	if refused != "" {
		t.Fatal(refused)
	}
	ward.unblock(g.Current, g.Next)
	ward.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	if got := ward.assist(code); got.Refused != wire.NoCase {
		t.Errorf("the code works twice: %+v", got)
	}
}

// It also opens a card that is locked out, and with the unlock the lockout is
// over.
func TestAnAssistCodeServesALockedOutCard(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	ward.register()
	w.lockOut(ward)
	id := ward.assist(w.given()).Case.Case
	g, refused := ward.grant(id)
	if refused != "" {
		t.Fatal(refused)
	}
	ward.unblock(g.Current, g.Next)
	ward.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
	if got := ward.look(); got.Standing != wire.StandsRegistered || got.AttemptsLeft != 3 {
		t.Errorf("%+v", got)
	}
}

func TestAnAssistCodeIsTypedAgainAtAnotherTerminal(t *testing.T) {
	w := newWorld(t)
	code := w.given()
	ward, lab := w.terminal("ward-1"), w.terminal("lab-1")
	id := ward.assist(code).Case.Case
	w.pass(assistLife + 1) // of the code: the case goes on
	if got := lab.look(); got.Case != id || !got.Accepted {
		t.Fatalf("%+v", got)
	}
	if _, refused := lab.grant(id); refused != wire.OtherTerminal {
		t.Errorf("a grant without the code: %s", refused)
	}
	if got := lab.assist(code); got.Verdict != wire.CodeRight || got.Case.Case != id || got.Case.SecondsLeft >= 15*60 {
		t.Errorf("%+v", got)
	}
	if _, refused := lab.grant(id); refused != "" {
		t.Errorf("the grant: %s", refused)
	}
	if got := lab.try(id, "000000"); got.Refused != wire.NoCase {
		t.Errorf("a mailed code is tried: %+v", got)
	}
	w.pass(seconds(w.desk.policy().AfterCode))
	if got := lab.assist(code); got.Verdict != wire.CodeExpired {
		t.Errorf("%+v", got)
	}
}

func TestAnAssistCodeEnds(t *testing.T) {
	for name, c := range map[string]struct {
		before func(w *world, ward *terminal, code string)
		want   wire.CodeCheckReply
	}{
		"after ten minutes": {func(w *world, _ *terminal, _ string) { w.pass(assistLife) }, wire.CodeCheckReply{Verdict: wire.CodeExpired}},
		"after five wrong ones": {func(w *world, ward *terminal, code string) {
			for range assistTries {
				ward.assist(another(code))
			}
		}, wire.CodeCheckReply{Verdict: wire.CodeUsedUp}},
		"with a newer one": {func(w *world, _ *terminal, code string) {
			for w.given() == code {
			}
		}, wire.CodeCheckReply{Verdict: wire.CodeWrong}},
		"with a freeze": {func(w *world, _ *terminal, _ string) {
			_, err := w.act(jo, wire.CardFreeze)
			w.ok(err)
		}, wire.CodeCheckReply{Answered: wire.Refuse(wire.Frozen)}},
		"with the registration": {func(w *world, _ *terminal, _ string) {
			_, err := w.act(jo, wire.CardRemove)
			w.ok(err)
		}, wire.CodeCheckReply{Verdict: wire.CodeWrong}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ward := w.terminal("ward-1")
			ward.register()
			code := w.given()
			c.before(w, ward, code)
			if got := ward.assist(code); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAnAssistCodeIsForOneCardInTheReader(t *testing.T) {
	w := newWorld(t)
	ward := w.terminal("ward-1")
	code := w.given()
	body := wire.AssistTakeBody{Card: w.id, Code: wire.Typed(code), SealTo: ward.seal.Public()}
	if got := ask[wire.CodeCheckReply](ward, wire.AssistTake, body); got.Refused != wire.NoProof {
		t.Errorf("without the card: %+v", got)
	}
	body.Card = "piv:00"
	if got := ask[wire.CodeCheckReply](ward, wire.AssistTake, body); got.Refused != wire.UnknownCard {
		t.Errorf("with another card: %+v", got)
	}
	if got := ward.assist(code[:7]); got.Refused != wire.BadRequest {
		t.Errorf("7 digits: %+v", got)
	}
	for range assistTries { // none of which counted as a wrong code
		ask[wire.CodeCheckReply](ward, wire.AssistTake, body)
	}
	if got := ward.assist(code); got.Verdict != wire.CodeRight {
		t.Errorf("%+v", got)
	}
}

// A card that cannot prove itself gets its key with a code of the IT booth
// only when two operators gave it out.
func TestAnAssistCodeForACardWithoutProofTakesTwo(t *testing.T) {
	w := newWorld(t)
	w.hire(jo, al)
	w.holds("openpgp:00aa", "openpgp", "87654321")
	ward := w.terminal("ward-1")
	done, err := w.act(jo, wire.CardAssist)
	if err != nil || done.Agree == "" || done.Code != "" {
		t.Fatalf("%+v, %v", done, err)
	}
	done, err = w.agree(al, done.Agree)
	w.ok(err)
	id := ward.assist(done.Code).Case.Case
	if _, refused := ward.grant(id); refused != "" {
		t.Errorf("the grant: %s", refused)
	}

	// Were one enough to get a code, it would not be for the key.
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
		k, err := caseTable().Get(tx, id)
		if err != nil {
			return err
		}
		k.Second, k.Grants = false, nil
		return caseTable().Put(tx, id, k)
	}))
	if _, refused := ward.grant(id); refused != wire.NoProof {
		t.Errorf("the grant: %s", refused)
	}
}

func TestOldAssistCodesAreForgotten(t *testing.T) {
	w := newWorld(t)
	w.given()
	w.pass(3 * assistLife * 6)
	w.sweep()
	w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
		_, there, err := assists().Find(tx, w.id)
		if there {
			t.Error("it is kept")
		}
		return err
	}))
}
