package uplink

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

const (
	realm    = "test.example"
	site     = "main"
	terminal = "t-1"
)

// centre is a small honest central: real notes, sessions, stored replies,
// facts and a registry, and knobs to let it fail. Its rules are those of
// PROTOCOL, "Link session, requests, facts".
type centre struct {
	t      testing.TB
	signer wire.Signer
	key    ed25519.PublicKey
	seal   wire.SealKey
	them   wire.Verifier

	heard chan struct{} // has something in it when a message came since

	mu       sync.Mutex
	sessions map[string][]byte // key to seal replies to
	replies  map[string]stored
	hellos   []wire.HelloBody
	requests []wire.Envelope // every one that came, repeats too
	served   []wire.Envelope // those that had an effect
	last     link.Message    // the last reply
	facts    []wire.FactBody
	chain    string
	acked    uint64
	registry []wire.RegistryChange
	epoch    string
	site     wire.Site
	births   []wire.StateBody
	pageSize int
	pages    *wire.RegistryPageReply // what every page is, instead of the registry
	answer   func(kind wire.Kind, e wire.Envelope, body []byte) any
	mislead  func(m link.Message) []link.Message // what goes out instead of a reply
}

type stored struct {
	text  [32]byte
	reply link.Message
}

// pair makes a central and the identity of a terminal that trusts it.
func pair(t testing.TB) (*centre, wire.Identity) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	ours, theirs := sealKey(t), sealKey(t)
	signer, err := wire.NewSigner(wire.Central, private)
	must(t, err)
	me := wire.Identity{
		Realm: realm, Site: site, ID: terminal, Name: "Main entrance",
		NoteKey: bytes.Repeat([]byte{7}, ed25519.SeedSize), SealKey: theirs.Bytes(),
		Central:     wire.PinnedCentral{ID: wire.Central, NoteKey: public, SealKey: ours.Public()},
		RegistryKey: bytes.Repeat([]byte{9}, 32), MQTT: wire.MQTT{URL: "mqtt://127.0.0.1:1", User: terminal, Password: "secret"},
	}
	them, err := wire.NewVerifier(terminal, ed25519.NewKeyFromSeed(me.NoteKey).Public().(ed25519.PublicKey))
	must(t, err)
	return &centre{
		t: t, heard: make(chan struct{}, 1), signer: signer, key: public, seal: ours, them: them, pageSize: 200,
		sessions: map[string][]byte{}, replies: map[string]stored{},
		site: wire.Site{ID: site, Name: "St Elsewhere"},
	}, me
}

func sealKey(t testing.TB) wire.SealKey {
	k, err := wire.GenerateSealKey()
	must(t, err)
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hear takes what a terminal published and gives what central publishes.
func (c *centre) hear(topic string, raw []byte) []link.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := c.them.Open(raw, wire.Central)
	if err != nil {
		c.t.Errorf("a note that central cannot open on %s: %v", topic, err)
		return nil
	}
	switch topic {
	case wire.StateTopic(site, terminal):
		var body wire.StateBody
		must(c.t, wire.Decode(e.Body, &body))
		c.births = append(c.births, body)
	case wire.UpTopic(site, terminal, wire.ClassFact):
		return c.fact(e)
	case wire.UpTopic(site, terminal, wire.ClassReq):
		return c.request(e, raw)
	}
	return nil
}

func (c *centre) request(e wire.Envelope, raw []byte) []link.Message {
	c.requests = append(c.requests, e)
	text := sha256.Sum256(wire.Text(raw))
	if old, had := c.replies[e.ID]; had {
		if old.text != text {
			c.t.Errorf("%s came again with another text", e.Kind)
		}
		return c.out(old.reply)
	}
	reply := c.serve(e)
	if reply.Topic == "" {
		return nil
	}
	if e.Kind == wire.Hello || c.sessions[e.Sess] != nil {
		c.replies[e.ID] = stored{text, reply}
	}
	return c.out(reply)
}

func (c *centre) out(reply link.Message) []link.Message {
	c.last = reply
	if c.mislead != nil {
		return c.mislead(reply)
	}
	return []link.Message{reply}
}

func (c *centre) serve(e wire.Envelope) link.Message {
	re := wire.Envelope{Kind: e.Kind.Reply(), ID: wire.NewID(), Re: e.ID, From: wire.Central, To: e.From, Sess: e.Sess}
	if e.Kind == wire.Hello {
		return c.welcome(re, e)
	}
	to := c.sessions[e.Sess]
	if to == nil {
		return c.open(re, wire.Refuse(wire.NewSession))
	}
	c.served = append(c.served, e)
	body, err := c.seal.Unseal(realm, e, *e.Sealed)
	must(c.t, err)
	var reply any
	switch {
	case e.Kind == wire.RegistryPage:
		reply = c.page(body)
	case c.answer != nil:
		reply = c.answer(e.Kind, re, body)
	default:
		reply = wire.CardLookReply{Standing: wire.StandsRegistered, AttemptsLeft: 3}
	}
	if reply == nil {
		return link.Message{}
	}
	return c.sealed(re, to, reply)
}

func (c *centre) welcome(re, e wire.Envelope) link.Message {
	var h wire.HelloBody
	must(c.t, wire.Decode(e.Body, &h))
	c.hellos = append(c.hellos, h)
	if c.chain == "" {
		c.chain = h.Inc
	}
	sess := wire.NewID()
	c.sessions[sess] = h.SealTo
	return c.open(re, wire.WelcomeBody{
		Nonce: h.Nonce, Time: time.Now(), Sess: sess, Prove: []byte("prove " + sess), Acked: c.acked,
		Settings: wire.Settings{Policy: wire.DefaultPolicy(), Site: c.site},
	})
}

func (c *centre) page(body []byte) wire.RegistryPageReply {
	var ask wire.RegistryPageBody
	must(c.t, wire.Decode(body, &ask))
	if c.pages != nil {
		return *c.pages
	}
	if ask.Epoch != c.epoch {
		ask.After = 0
	}
	rest := c.registry[min(int(ask.After), len(c.registry)):]
	page := wire.RegistryPageReply{Epoch: c.epoch, Head: uint64(len(c.registry)), More: len(rest) > c.pageSize}
	page.Changes = rest[:min(len(rest), c.pageSize)]
	return page
}

func (c *centre) fact(e wire.Envelope) []link.Message {
	body, err := c.seal.Unseal(realm, e, *e.Sealed)
	must(c.t, err)
	var f wire.FactBody
	must(c.t, wire.Decode(body, &f))
	ack := wire.AckBody{Inc: f.Inc}
	switch {
	case f.Seq == c.acked+1:
		before, _ := hex.DecodeString(c.chain)
		sum := sha256.Sum256(append(before, f.Fact...))
		if c.chain = hex.EncodeToString(sum[:]); c.chain != f.Chain {
			c.t.Errorf("fact %d breaks the chain", f.Seq)
		}
		c.facts = append(c.facts, f)
		c.acked++
	case f.Seq > c.acked+1:
		ack.Resend = true
	}
	ack.Seq = c.acked
	return []link.Message{c.ack(ack)}
}

func (c *centre) ack(body wire.AckBody) link.Message {
	return c.openOn(wire.DownTopic(site, terminal, wire.ClassAck),
		wire.Envelope{Kind: wire.Ack, ID: wire.NewID(), From: wire.Central, To: terminal}, body)
}

// head and state are retained.
func (c *centre) head(n uint64) link.Message {
	m := c.openOn(wire.HeadTopic(site),
		wire.Envelope{Kind: wire.Head, ID: wire.NewID(), From: wire.Central, To: wire.Everyone}, wire.HeadBody{Site: site, Head: n})
	m.Retained = true
	return m
}

func (c *centre) state(online bool) link.Message {
	m := c.openOn(wire.CentralStateTopic,
		wire.Envelope{Kind: wire.State, ID: wire.NewID(), From: wire.Central, To: wire.Everyone}, wire.StateBody{Online: online})
	m.Retained = true
	return m
}

func (c *centre) open(e wire.Envelope, body any) link.Message {
	return c.openOn(wire.DownTopic(site, terminal, wire.ClassReply), e, body)
}

func (c *centre) openOn(topic string, e wire.Envelope, body any) link.Message {
	text, err := json.Marshal(body)
	must(c.t, err)
	e.Body = text
	return c.sign(topic, c.signer, e)
}

func (c *centre) sealed(e wire.Envelope, to []byte, body any) link.Message {
	text, err := json.Marshal(body)
	must(c.t, err)
	e.Sealed, err = wire.Seal(to, realm, e, text)
	must(c.t, err)
	return c.sign(wire.DownTopic(site, terminal, wire.ClassReply), c.signer, e)
}

func (c *centre) sign(topic string, by wire.Signer, e wire.Envelope) link.Message {
	raw, err := by.Sign(e)
	must(c.t, err)
	return link.Message{Topic: topic, Payload: raw}
}

// other is somebody else's key.
func other(t testing.TB) ed25519.PrivateKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return private
}

// set turns knobs while the centre is running.
func (c *centre) set(f func(c *centre)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c)
}

// forget is a central restored without its sessions.
func (c *centre) forget() {
	c.set(func(c *centre) { c.sessions = map[string][]byte{} })
}

// did counts the requests of a kind that had an effect.
func (c *centre) did(k wire.Kind) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return kinds(c.served, k)
}

// kinds counts envelopes of a kind.
func kinds(es []wire.Envelope, k wire.Kind) (n int) {
	for _, e := range es {
		if e.Kind == k {
			n++
		}
	}
	return n
}
