package desk

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"testing"
	"time"

	"pgregory.net/rapid"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// enrolled makes the card registered with keys that the test simply has:
// deriving them from answers, as people do, takes too long for thousands of
// attempts.
func (w *world) enrolled() map[int]ed25519.PrivateKey {
	w.Helper()
	keys := map[int]ed25519.PrivateKey{}
	r := registry.Registration{
		ID: "registration", Card: w.id, Live: true, Salt: make([]byte, saltSize), OPRF: 1, Normaliser: 1,
		Argon: wire.DefaultArgon(), Asked: chosen[:3],
	}
	for _, q := range chosen {
		seed := sha256.Sum256([]byte{byte(q)})
		keys[q] = ed25519.NewKeyFromSeed(seed[:])
		r.Keys = append(r.Keys, registry.Key{Form: r.Form(q), Public: keys[q].Public().(ed25519.PublicKey)})
	}
	w.ok(w.store.Update(context.Background(), func(tx store.Tx) error {
		c, _, err := find(tx, w.id)
		if err != nil {
			return err
		}
		c.Registration = r.ID
		if err := registry.Put(tx, r); err != nil {
			return err
		}
		return cards().Put(tx, c.ID, c)
	}))
	return keys
}

// guess is an attempt that was evaluated.
type guess struct {
	at    *terminal
	begun wire.AttemptBeginReply
	asked []int
	ended bool
}

// crowd is people at three terminals with one card, and what they have got.
type crowd struct {
	*world
	*rapid.T
	keys      map[int]ed25519.PrivateKey
	terminals []*terminal
	guesses   []*guess
	caseID    string
	holder    *terminal // where the code was typed last and nobody took the case since
	answered  bool      // the case was opened by right answers
	granted   *wire.Grant
	grantedTo *terminal

	spent  int // evaluations that proved nothing, in this epoch
	wrong  int // codes, in this epoch
	grants int // in this case
	usedUp bool
}

// Whatever people do at three terminals, in whatever order and however slowly:
// at most three evaluations an epoch prove nothing, at most ten codes are
// wrong, and nobody gets a PUK who did not answer right and type the code
// where the card is. A code of one operator, without a proof of the card, does
// not help.
func TestNoOrderOfRequestsGivesMore(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) {
		p.ProofRequired, p.CasesIn24h, p.CasesIn30d, p.MailsAnHour = false, 1000, 1000, 1000
	})
	begin := w.now
	rapid.Check(t, func(r *rapid.T) {
		// Each run has a month, and a card without a history, to itself.
		begin = begin.Add(60 * 24 * time.Hour)
		w.now = begin
		w.ok(w.store.Update(context.Background(), func(tx store.Tx) error {
			c, _, err := find(tx, w.id)
			if err != nil {
				return err
			}
			c.Epoch, c.Wrong, c.Case = c.Epoch+1, 0, ""
			return cards().Put(tx, c.ID, c)
		}))
		x := &crowd{world: w, T: r, keys: w.enrolled()}
		for _, id := range []string{"t1", "t2", "t3"} {
			x.terminals = append(x.terminals, w.terminal(id))
		}
		r.Repeat(map[string]func(*rapid.T){
			"begin": x.beginAttempt, "prove": x.prove, "code": x.typeCode, "take": x.takeOver,
			"grant": x.askGrant, "done": x.done, "wait": x.wait, "assist": x.assist,
		})
	})
}

func (x *crowd) any(r *rapid.T) *terminal {
	return x.terminals[rapid.IntRange(0, len(x.terminals)-1).Draw(r, "terminal")]
}

func (x *crowd) beginAttempt(r *rapid.T) {
	at := x.any(r)
	look := at.look()
	if len(look.Asked) != 3 {
		r.Fatalf("%d questions asked", len(look.Asked))
	}
	got := ask[wire.AttemptBeginReply](at, wire.AttemptBegin, wire.AttemptBeginBody{
		Card: x.id, Registration: look.Registration, Elements: at.blind(look.Asked).Elements(), SealTo: at.seal.Public(),
	})
	if got.Refused != "" {
		return
	}
	x.guesses = append(x.guesses, &guess{at: at, begun: got, asked: look.Asked})
	if x.spent++; x.spent > 3 {
		r.Fatalf("%d evaluations in one epoch", x.spent)
	}
}

func (x *crowd) prove(r *rapid.T) {
	if len(x.guesses) == 0 {
		r.Skip("nobody has begun an attempt")
	}
	g := x.guesses[rapid.IntRange(0, len(x.guesses)-1).Draw(r, "attempt")]
	right := rapid.Bool().Draw(r, "right")
	body := wire.AttemptProveBody{Attempt: g.begun.Attempt, SealTo: g.at.seal.Public()}
	for i, q := range g.asked {
		text := answer.ProofText(answer.ProofOf{
			Attempt: g.begun.Attempt, Case: g.begun.Case, Card: x.id, Registration: "registration",
			Question: q, Terminal: g.at.who.ID, SealTo: g.at.seal.Public(),
		})
		if !right && i == 1 {
			text = append(text, 'x')
		}
		body.Signatures = append(body.Signatures, ed25519.Sign(x.keys[q], text))
	}
	got := ask[wire.AttemptProveReply](g.at, wire.AttemptProve, body)
	if got.Right && (!right || g.ended) {
		r.Fatalf("right: %+v of an attempt that ended: %v", got, g.ended)
	}
	if got.Refused == "" || got.Refused == wire.CodePage {
		if right && !g.ended && (got.Right || got.Refused == wire.CodePage) {
			x.spent--
		}
		g.ended = true
	}
	if got.Right {
		x.caseID, x.holder, x.answered, x.grants, x.usedUp = got.Case.Case, nil, true, 0, false
	}
}

func (x *crowd) typeCode(r *rapid.T) {
	if x.caseID == "" {
		r.Skip("no case is open")
	}
	at := x.any(r)
	code, right := "000000", rapid.Bool().Draw(r, "right")
	if want := x.derived(); right || want == code {
		code, right = want, true
	}
	got := at.try(x.caseID, code)
	if got.Verdict == wire.CodeRight {
		if !right {
			r.Fatal("a wrong code passed")
		}
		x.holder = at
	}
	if got.Verdict == wire.CodeWrong || got.Verdict == wire.CodeUsedUp && !x.usedUp {
		x.wrong++ // it was compared
	}
	x.usedUp = got.Verdict == wire.CodeUsedUp
	if x.wrong > x.desk.policy().WrongCodes {
		r.Fatalf("%d wrong codes", x.wrong)
	}
}

// derived is the code of the case, whether it still goes out or not.
func (x *crowd) derived() (code string) {
	x.ok(x.store.View(context.Background(), func(tx store.Tx) error {
		k, err := caseTable().Get(tx, x.caseID)
		if err == nil {
			code, err = x.desk.code(k, onFile)
		}
		return err
	}))
	return code
}

func (x *crowd) takeOver(r *rapid.T) {
	at := x.any(r)
	got := ask[wire.CaseReply](at, wire.CaseTake, wire.CaseTakeBody{Card: x.id, SealTo: at.seal.Public()})
	if got.Refused == "" {
		x.holder = nil
	}
}

func (x *crowd) askGrant(r *rapid.T) {
	at := x.any(r)
	got := ask[wire.UnlockGrantReply](at, wire.UnlockGrant, wire.UnlockGrantBody{Case: x.caseID, Card: x.id, SealTo: at.seal.Public()})
	if got.Refused != "" {
		return
	}
	if !x.answered || x.holder != at {
		r.Fatalf("a grant without answers and code")
	}
	if x.grants++; x.grants > 3 {
		r.Fatalf("%d grants", x.grants)
	}
	text, err := at.seal.Unseal(realm, at.header(wire.UnlockGrant), *got.Grant)
	x.ok(err)
	x.granted, x.grantedTo = new(wire.Grant), at
	x.ok(wire.Decode(text, x.granted))
}

func (x *crowd) done(r *rapid.T) {
	if x.granted == nil {
		r.Skip("no grant was given")
	}
	x.grantedTo.fact(wire.UnlockDone, wire.UnlockDoneBody{
		Case: x.caseID, Generation: x.granted.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: -1,
	})
	x.granted, x.holder, x.answered = nil, nil, false
	x.spent, x.wrong = 0, 0
	for _, g := range x.guesses { // rows of the epoch before: they count in no new one
		g.ended = true
	}
	x.guesses = nil
}

func (x *crowd) wait(r *rapid.T) {
	x.pass(time.Duration(rapid.IntRange(1, 400).Draw(r, "seconds")) * time.Second)
}

// assist is a code of the IT booth, typed at any terminal. It ends the case
// that was open.
func (x *crowd) assist(r *rapid.T) {
	var given wire.CardDone
	x.ok(x.store.Update(context.Background(), func(tx store.Tx) error {
		c, _, err := find(tx, x.id)
		if err != nil {
			return err
		}
		given, err = x.desk.assist(turn{tx: tx, now: x.now, by: "test"}, c, "")
		return err
	}))
	at := x.any(r)
	got := ask[wire.CodeCheckReply](at, wire.AssistTake, wire.AssistTakeBody{Card: x.id, Code: wire.Typed(given.Code), SealTo: at.seal.Public()})
	if got.Verdict != wire.CodeRight {
		r.Fatalf("the code was %+v", got)
	}
	body := wire.UnlockGrantBody{Case: got.Case.Case, Card: x.id, SealTo: at.seal.Public()}
	if g := ask[wire.UnlockGrantReply](at, wire.UnlockGrant, body); g.Refused != wire.NoProof {
		r.Fatalf("a grant for one operator's code: %+v", g)
	}
}
