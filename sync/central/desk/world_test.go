package desk

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/central/keyring"
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
	proof func(caseID string) wire.CardProof // instead of a PIV card's
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
		Now:   func() time.Time { return w.now }, FreezeURL: "https://central/freeze/",
		Argon: wire.Argon{Memory: 8 << 10, Time: 1, Lanes: 1}, // the least that terminals take
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

// freeze does it without a link.
func (w *world) freeze(tx store.Tx) error {
	c, _, err := find(tx, w.id)
	if err != nil {
		return err
	}
	return w.desk.freeze(turn{tx: tx, now: w.now, by: "test"}, c, "")
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
	text, err := wire.Marshal(body)
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
	text, err := wire.Marshal(body)
	t.ok(err)
	t.ok(t.store.Update(context.Background(), func(tx store.Tx) error {
		return t.desk.Fact(tx, t.who, kind, text)
	}))
}

// prove has the card sign, over a real APDU link.
func (t *terminal) prove(caseID string) wire.CardProof {
	t.Helper()
	if t.proof != nil {
		return t.proof(caseID)
	}
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
