package desk

import (
	"crypto/ed25519"
	"slices"
	"strings"

	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// answers are what the person says to each question.
func answers(questions []int, wrong ...int) []string {
	var list []string
	for _, q := range questions {
		a := strings.Repeat(string(rune('a'+q)), 3) + "street"
		if slices.Contains(wrong, q) {
			a = "somewhere else"
		}
		list = append(list, a)
	}
	return list
}

func (t *terminal) blind(questions []int, wrong ...int) answer.Blinded {
	t.Helper()
	var normal [][]byte
	for _, a := range answers(questions, wrong...) {
		n, err := answer.Normalise([]byte(a))
		t.ok(err)
		normal = append(normal, n)
	}
	b, err := answer.Blind(normal)
	t.ok(err)
	return b
}

// begin begins a registration.
func (t *terminal) begin() wire.RegisterBeginReply {
	t.Helper()
	return ask[wire.RegisterBeginReply](t, wire.RegisterBegin,
		wire.RegisterBeginBody{Card: t.id, Proof: t.prove(""), SealTo: t.seal.Public()})
}

// chosen are the questions that the person registers with.
var chosen = []int{3, 7, 11, 20}

// enrol derives keys and hands them in.
func (t *terminal) enrol(begun wire.RegisterBeginReply, address string) wire.CaseReply {
	t.Helper()
	return ask[wire.CaseReply](t, wire.RegisterSubmit, t.keys(begun, address))
}

func (t *terminal) keys(begun wire.RegisterBeginReply, address string) wire.RegisterSubmitBody {
	t.Helper()
	blinded := t.blind(chosen)
	evaluated := ask[wire.Evaluated](t, wire.RegisterEvaluate,
		wire.RegisterEvaluateBody{Registration: begun.Registration, Questions: chosen, Elements: blinded.Elements(), SealTo: t.seal.Public()})
	var forms []wire.KeyForm
	for _, q := range chosen {
		forms = append(forms, wire.KeyForm{Question: q, Normaliser: begun.Normaliser, OPRF: begun.OPRF, Argon: begun.Argon})
	}
	keys, err := blinded.Keys(evaluated.Elements, begun.Registration, forms)
	t.ok(err)
	body := wire.RegisterSubmitBody{Registration: begun.Registration, Address: address, SealTo: t.seal.Public()}
	for i, key := range keys {
		public := []byte(key.Public().(ed25519.PublicKey))
		body.Keys = append(body.Keys, wire.QuestionKey{
			Form: forms[i], Public: public,
			Signature: ed25519.Sign(key, answer.EnrolText(begun.Registration, t.id, forms[i], public)),
		})
	}
	return body
}

// register goes all the way.
func (t *terminal) register() {
	t.Helper()
	k := t.enrol(t.begin(), "")
	if k.Refused != "" {
		t.Fatalf("registering: %s", k.Refused)
	}
	if got := t.try(k.Case.Case, t.mailed(k.Case.Case)); got.Verdict != wire.CodeRight {
		t.Fatalf("the registration's code: %+v", got)
	}
}

func (t *terminal) look() wire.CardLookReply {
	t.Helper()
	return ask[wire.CardLookReply](t, wire.CardLook, wire.CardLookBody{Card: t.id})
}

// attempt is an attempt under way at a terminal.
type tried struct {
	look    wire.CardLookReply
	begun   wire.AttemptBeginReply
	blinded answer.Blinded
}

// attempt spends one attempt, with wrong answers to some questions.
func (t *terminal) attempt(wrong ...int) tried {
	t.Helper()
	a := tried{look: t.look()}
	a.blinded = t.blind(a.look.Asked, wrong...)
	a.begun = ask[wire.AttemptBeginReply](t, wire.AttemptBegin, wire.AttemptBeginBody{
		Card: t.id, Registration: a.look.Registration, Elements: a.blinded.Elements(),
		Proof: t.prove(""), SealTo: t.seal.Public(),
	})
	return a
}

// proof signs with whatever keys the answers gave.
func (t *terminal) proven(a tried) wire.AttemptProveBody {
	t.Helper()
	keys, err := a.blinded.Keys(a.begun.Elements, a.look.Registration, a.look.Keys)
	t.ok(err)
	body := wire.AttemptProveBody{Attempt: a.begun.Attempt, SealTo: t.seal.Public()}
	for i, key := range keys {
		body.Signatures = append(body.Signatures, ed25519.Sign(key, answer.ProofText(answer.ProofOf{
			Attempt: a.begun.Attempt, Case: a.begun.Case, Card: t.id, Registration: a.look.Registration,
			Question: a.look.Asked[i], Terminal: t.who.ID, SealTo: t.seal.Public(),
		})))
	}
	return body
}

func (t *terminal) finish(a tried) wire.AttemptProveReply {
	t.Helper()
	if a.begun.Refused != "" {
		t.Fatalf("the attempt was refused: %s", a.begun.Refused)
	}
	return ask[wire.AttemptProveReply](t, wire.AttemptProve, t.proven(a))
}

// answer begins and proves.
func (t *terminal) answer(wrong ...int) wire.AttemptProveReply {
	t.Helper()
	return t.finish(t.attempt(wrong...))
}

func (t *terminal) try(caseID, code string) wire.CodeCheckReply {
	t.Helper()
	return ask[wire.CodeCheckReply](t, wire.CodeCheck, wire.CodeCheckBody{Case: caseID, Code: wire.Typed(code)})
}

func (t *terminal) take() wire.CaseReply {
	t.Helper()
	return ask[wire.CaseReply](t, wire.CaseTake, wire.CaseTakeBody{Card: t.id, Proof: t.prove(""), SealTo: t.seal.Public()})
}

// grant asks for the grant and opens it.
func (t *terminal) grant(caseID string) (wire.Grant, wire.Refusal) {
	t.Helper()
	reply := ask[wire.UnlockGrantReply](t, wire.UnlockGrant,
		wire.UnlockGrantBody{Case: caseID, Card: t.id, Proof: t.prove(caseID), SealTo: t.seal.Public()})
	if reply.Refused != "" {
		return wire.Grant{}, reply.Refused
	}
	text, err := t.seal.Unseal(realm, t.header(wire.UnlockGrant), *reply.Grant)
	t.ok(err)
	var g wire.Grant
	t.ok(wire.Decode(text, &g))
	return g, ""
}

// accepted answers right and types the right code.
func (t *terminal) accepted() string {
	t.Helper()
	got := t.answer()
	if !got.Right || got.Case == nil {
		t.Fatalf("right answers: %+v", got)
	}
	if v := t.try(got.Case.Case, t.mailed(got.Case.Case)); v.Verdict != wire.CodeRight {
		t.Fatalf("the right code: %+v", v)
	}
	return got.Case.Case
}

// unlocked goes all the way, on the card as well.
func (t *terminal) unlocked() {
	t.Helper()
	id := t.accepted()
	g, refused := t.grant(id)
	if refused != "" {
		t.Fatalf("the grant was refused: %s", refused)
	}
	t.unblock(g.Current, g.Next)
	t.fact(wire.UnlockDone, wire.UnlockDoneBody{Case: id, Generation: g.Generation, PIN: wire.PINReset, PUK: wire.PUKNext, PUKTries: 3})
}
