package session_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

const (
	realm = "trust.nhs.uk"
	site  = "east"
	inc   = "00112233445566778899aabbccddeeff"
)

// desk counts what it is asked, in the store, so that a transaction that is
// taken back is not counted.
type desk struct{ err error }

func counts() store.Table[int] { return store.Table[int]{Name: "counts"} }

func (d *desk) count(tx store.Tx, key string) error {
	n, _, err := counts().Find(tx, key)
	if err != nil {
		return err
	}
	if err := counts().Put(tx, key, n+1); err != nil {
		return err
	}
	return d.err
}

func (d *desk) Serve(tx store.Tx, who session.Who, kind wire.Kind, body []byte, e wire.Envelope) (any, error) {
	if len(who.SessNonce) != 32 || who.Site != site {
		return nil, store.ErrClosed
	}
	return wire.CardLookReply{Standing: wire.StandsRegistered, AttemptsLeft: 3}, d.count(tx, "served")
}

func (d *desk) Fact(tx store.Tx, who session.Who, kind wire.Kind, body []byte) error {
	return d.count(tx, "fact "+string(body))
}

// house is central with a real store, and a clock that the test moves.
type house struct {
	t      testing.TB
	server *session.Server
	db     *store.DB
	ring   *keyring.Ring
	desk   *desk
	reg    *prometheus.Registry
	log    *strings.Builder
	now    time.Time
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, desk: &desk{}, log: &strings.Builder{}, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		reg: prometheus.NewRegistry()}
	var err error
	if h.db, err = store.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	if h.ring, err = keyring.Create(t.TempDir() + "/ring"); err != nil {
		t.Fatal(err)
	}
	signer, err := wire.NewSigner(wire.Central, h.ring.NoteKey())
	if err != nil {
		t.Fatal(err)
	}
	seal, err := wire.ParseSealKey(h.ring.SealKey())
	if err != nil {
		t.Fatal(err)
	}
	h.server = session.New(session.Config{Store: h.db, Desk: h.desk, Acts: h.acts(), Realm: realm, Signer: signer, SealKey: seal,
		Settings: func(_ store.Tx, t terminals.Terminal) (wire.Settings, error) {
			return wire.Settings{Version: 1, Policy: wire.DefaultPolicy(), Site: wire.Site{ID: t.Site}}, nil
		},
		Now: func() time.Time { return h.now }, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Metrics: session.NewMetrics(h.reg)})
	return h
}

func (h *house) update(do func(tx store.Tx) error) {
	h.t.Helper()
	if err := h.db.Update(h.t.Context(), do); err != nil {
		h.t.Fatal(err)
	}
}

// count of what the desk did.
func (h *house) count(key string) (n int) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(tx store.Tx) (err error) { n, _, err = counts().Find(tx, key); return err }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) quarantine(id string) string {
	h.t.Helper()
	var found terminals.Terminal
	if err := h.db.View(h.t.Context(), func(tx store.Tx) (err error) { found, err = terminals.Find(tx, id); return err }); err != nil {
		h.t.Fatal(err)
	}
	return found.Quarantine
}

// A backup has what is kept of sessions, facts and replies.
var inBackup = []string{"session/", "fact-mark/", "reply/", "reply-age/", "feed"}

// saved copies those rows into a backup.
func (h *house) saved(backup map[string][]byte) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		for _, prefix := range inBackup {
			for key, value := range tx.Scan(prefix, "", 0) {
				backup[key] = bytes.Clone(value)
			}
		}
		return nil
	})
}

// restore puts a backup in the place of those rows.
func (h *house) restore(backup map[string][]byte) {
	h.t.Helper()
	now := map[string][]byte{}
	h.saved(now)
	h.update(func(tx store.Tx) (err error) {
		for key := range now {
			err = errors.Join(err, tx.Delete(key))
		}
		for key, value := range backup {
			err = errors.Join(err, tx.Put(key, value))
		}
		return err
	})
}

// dropped reads the counter of a reason.
func (h *house) dropped(reason string) float64 {
	h.t.Helper()
	families, err := h.reg.Gather()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "unlockpoint_dropped_total" && m.GetLabel()[0].GetValue() == reason {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func (h *house) receive(topic string, note []byte) []session.Out {
	h.t.Helper()
	out, err := h.server.Receive(h.t.Context(), topic, note)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// terminal is the other end, with real keys.
type terminal struct {
	*house
	id    wire.Identity
	seal  wire.SealKey // of the link session
	sess  string
	chain string
	seq   uint64
}

func (h *house) terminal(id string) *terminal {
	h.t.Helper()
	x := &terminal{house: h, chain: inc}
	h.update(func(tx store.Tx) (err error) {
		x.id, err = terminals.Add(tx, h.ring, terminals.New{ID: id, Site: site, Realm: realm, URL: "mqtt://localhost:1883", Now: h.now})
		return err
	})
	var err error
	if x.seal, err = wire.GenerateSealKey(); err != nil {
		h.t.Fatal(err)
	}
	return x
}

func (x *terminal) sign(e wire.Envelope, body any) []byte {
	x.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		x.t.Fatal(err)
	}
	e.From, e.To = x.id.ID, wire.Central
	if e.ID == "" {
		e.ID = wire.NewID()
	}
	if rule, _ := wire.RuleOf(e.Kind); rule.Sealed {
		if e.Sealed, err = wire.Seal(x.id.Central.SealKey, realm, e, raw); err != nil {
			x.t.Fatal(err)
		}
	} else {
		e.Body = raw
	}
	signer, err := x.id.Signer()
	if err != nil {
		x.t.Fatal(err)
	}
	note, err := signer.Sign(e)
	if err != nil {
		x.t.Fatal(err)
	}
	return note
}

func (x *terminal) up(class string) string { return wire.UpTopic(site, x.id.ID, class) }

func (x *terminal) helloNote(change func(*wire.HelloBody)) []byte {
	h := wire.HelloBody{Nonce: make([]byte, 16), Inc: inc, Seq: x.seq, Chain: x.chain, Prev: x.sess, SealTo: x.seal.Public()}
	if change != nil {
		change(&h)
	}
	return x.sign(wire.Envelope{Kind: wire.Hello}, h)
}

// hello opens a session and takes it.
func (x *terminal) hello() wire.WelcomeBody {
	x.t.Helper()
	w := x.welcome(x.receive(x.up("req"), x.helloNote(nil)))
	x.sess = w.Sess
	return w
}

func (x *terminal) welcome(out []session.Out) (w wire.WelcomeBody) {
	x.t.Helper()
	e := x.open(out, "reply")
	if err := wire.Decode(e.Body, &w); err != nil {
		x.t.Fatal(err)
	}
	return w
}

func (x *terminal) ask(id string) []byte {
	return x.sign(wire.Envelope{Kind: wire.CardLook, ID: id, Sess: x.sess}, wire.CardLookBody{Card: "1"})
}

// open checks one answer as a terminal would.
func (x *terminal) open(out []session.Out, class string) wire.Envelope {
	x.t.Helper()
	if len(out) != 1 || out[0].Topic != wire.DownTopic(site, x.id.ID, class) {
		x.t.Fatalf("answers: %v", out)
	}
	v, err := x.id.Verifier()
	if err != nil {
		x.t.Fatal(err)
	}
	e, err := v.Open(out[0].Payload, x.id.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return e
}

// look reads the reply to ask.
func (x *terminal) look(out []session.Out) (r wire.CardLookReply) {
	x.t.Helper()
	e := x.open(out, "reply")
	plain := []byte(e.Body)
	if e.Sealed != nil {
		var err error
		if plain, err = x.seal.Unseal(realm, e, *e.Sealed); err != nil {
			x.t.Fatal(err)
		}
	}
	if err := wire.Decode(plain, &r); err != nil {
		x.t.Fatal(err)
	}
	return r
}
