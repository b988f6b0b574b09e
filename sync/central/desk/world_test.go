package desk

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

const (
	realm   = "trust"
	onFile  = "amina.okafor@nhs.net"
	other   = "a.okafor@ward.nhs.uk"
	holder  = "Amina Okafor"
	oldPUK  = "12345678"
	pinCode = "123456"
)

// world is a central with a real store, a hospital clock, one person's real
// (virtual) card, and terminals.
type world struct {
	testing.TB
	desk  *Desk
	store *store.DB
	now   time.Time
	card  *simcard.Card
	id    string // the card's
	slot  *simcard.Slot
}

// newWorld makes a world whose card is on file but not registered.
func newWorld(t testing.TB, change ...func(*wire.Policy)) *world {
	t.Helper()
	w := &world{TB: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), slot: simcard.NewSlot("test")}
	var err error
	if w.store, err = store.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "ring"))
	w.ok(err)
	authority, err := simcard.NewAuthority("Card authority", w.now.AddDate(-1, 0, 0))
	w.ok(err)
	policy := wire.DefaultPolicy()
	for _, c := range change {
		c(&policy)
	}
	w.desk = New(Config{
		Realm: realm, Keys: ring, Policy: policy, Authority: authority.Pool(),
		Sites: map[string]wire.Site{"ward": {ID: "ward", Name: "The ward"}, "lab": {ID: "lab"}},
		Now:   func() time.Time { return w.now },
	})
	w.card, w.id = w.newCard(authority)
	w.ok(w.desk.AddCard(t.Context(), w.store, NewCard{
		Card: w.id, Profile: "piv", Holder: holder, Email: onFile, Site: "ward", PUK: oldPUK,
	}))
	return w
}

func (w *world) newCard(a *simcard.Authority) (*simcard.Card, string) {
	w.Helper()
	c, err := simcard.New(simcard.Config{
		Authority: a, PUK: oldPUK, PIN: pinCode,
		NotBefore: w.now.AddDate(-1, 0, 0), NotAfter: w.now.AddDate(1, 0, 0),
	})
	w.ok(err)
	id, err := piv.ParseCardCertificate(c.Certificate())
	w.ok(err)
	return c, id
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// terminal is one terminal with a card in its reader.
type terminal struct {
	*world
	who  Terminal
	seal wire.SealKey // of the insertion
}

func (w *world) terminal(id string) *terminal {
	w.Helper()
	t := &terminal{world: w, who: Terminal{ID: id, Site: "ward", SessNonce: []byte("nonce of " + id)}}
	t.insert()
	return t
}

// insert puts the card in (again): a new insertion has a new key.
func (t *terminal) insert() {
	t.Helper()
	var err error
	t.seal, err = wire.GenerateSealKey()
	t.ok(err)
}

// ask sends a request and reads the reply, as the session would.
func ask[R any](t *terminal, kind wire.Kind, body any) R {
	t.Helper()
	text, err := json.Marshal(body)
	t.ok(err)
	var reply any
	t.ok(t.store.Update(context.Background(), func(tx store.Tx) (err error) {
		reply, err = t.desk.Serve(tx, t.who, kind, text, t.header(kind))
		return err
	}))
	text, err = json.Marshal(reply)
	t.ok(err)
	var r R
	t.ok(wire.Decode(text, &r))
	return r
}

func (t *terminal) header(kind wire.Kind) wire.Envelope {
	return wire.Envelope{Kind: kind.Reply(), ID: "note", From: wire.Central, To: t.who.ID}
}

func (t *terminal) fact(kind wire.Kind, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	t.ok(err)
	t.ok(t.store.Update(context.Background(), func(tx store.Tx) error {
		return t.desk.Fact(tx, t.who, kind, text)
	}))
}

// prove has the card sign, over a real APDU link.
func (t *terminal) prove(caseID string) wire.CardProof {
	t.Helper()
	t.slot.Insert(t.card)
	defer t.slot.Remove()
	link, err := t.slot.Open(context.Background())
	t.ok(err)
	defer link.Close()
	c, err := piv.Open(context.Background(), link)
	t.ok(err)
	proof, err := c.Prove(context.Background(), answer.CardDigest(t.who.SessNonce, t.id, caseID, t.seal.Public()))
	t.ok(err)
	return wire.CardProof(proof)
}

// unblock uses a grant on the card as terminals do.
func (t *terminal) unblock(puk []byte, next []byte) {
	t.Helper()
	t.slot.Insert(t.card)
	defer t.slot.Remove()
	link, err := t.slot.Open(context.Background())
	t.ok(err)
	defer link.Close()
	c, err := piv.Open(context.Background(), link)
	t.ok(err)
	out, err := c.Unblock(context.Background(), puk, []byte("246813"))
	t.ok(err)
	if out.Result != reader.OK {
		t.Fatalf("the card did not take the PUK: %v", out)
	}
	out, err = c.ChangePUK(context.Background(), puk, next)
	t.ok(err)
	if out.Result != reader.OK {
		t.Fatalf("the card did not take its next PUK: %v", out)
	}
}

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
	var normal []string
	for _, a := range answers(questions, wrong...) {
		n, err := answer.Normalise(a)
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
		wire.RegisterEvaluateBody{Registration: begun.Registration, Questions: chosen, Elements: blinded.Elements()})
	var forms []wire.KeyForm
	for _, q := range chosen {
		forms = append(forms, wire.KeyForm{Question: q, Normaliser: begun.Normaliser, OPRF: begun.OPRF, Argon: begun.Argon})
	}
	keys, err := blinded.Keys(evaluated.Elements, begun.Registration, forms)
	t.ok(err)
	body := wire.RegisterSubmitBody{Registration: begun.Registration, Address: address}
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
func (t *terminal) proof(a tried) wire.AttemptProveBody {
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
	return ask[wire.AttemptProveReply](t, wire.AttemptProve, t.proof(a))
}

// answer begins and proves.
func (t *terminal) answer(wrong ...int) wire.AttemptProveReply {
	t.Helper()
	return t.finish(t.attempt(wrong...))
}

func (t *terminal) try(caseID, code string) wire.CodeCheckReply {
	t.Helper()
	return ask[wire.CodeCheckReply](t, wire.CodeCheck, wire.CodeCheckBody{Case: caseID, Code: code})
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

// letters are the mails that were written, oldest first, as they would go out.
func (w *world) letters() []mail.Message {
	w.Helper()
	var list []mail.Message
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		var found []mail.Letter
		for _, raw := range tx.Scan("mail/", "", 0) {
			var row struct{ Letter mail.Letter }
			w.ok(json.Unmarshal(raw, &row))
			found = append(found, row.Letter)
		}
		slices.SortStableFunc(found, func(a, b mail.Letter) int { return a.At.Compare(b.At) })
		for _, l := range found {
			if m, err := w.desk.Compose(tx, l); err == nil {
				list = append(list, m)
			}
		}
		return nil
	}))
	return list
}

// mailed is the newest code that the mailbox holds for a case.
func (w *world) mailed(caseID string) string {
	w.Helper()
	code := ""
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for _, raw := range tx.Scan("mail/"+caseID+"/", "", 0) {
			var row struct{ Letter mail.Letter }
			w.ok(json.Unmarshal(raw, &row))
			if m, err := w.desk.Compose(tx, row.Letter); err == nil {
				code = m.Code
			}
		}
		return nil
	}))
	if len(code) != 6 {
		w.Fatalf("no code was mailed for %s", caseID)
	}
	return code
}

// wrongCode is one that is not the right one.
func (w *world) wrongCode(caseID string) string {
	w.Helper()
	if w.mailed(caseID) == "000000" {
		return "000001"
	}
	return "000000"
}

// mails counts the letters of a kind, whether they would still go out or not.
func (w *world) mails(kind mail.Kind) (n int) {
	w.Helper()
	w.ok(w.store.View(context.Background(), func(tx store.Tx) error {
		for _, raw := range tx.Scan("mail/", "", 0) {
			if bytes.Contains(raw, []byte(`"`+string(kind)+`"`)) {
				n++
			}
		}
		return nil
	}))
	return n
}
