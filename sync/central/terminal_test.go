package central_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

const inc = "00112233445566778899aabbccddeeff"

// terminal is the other end of a link, with real keys on a real broker.
type terminal struct {
	t    *testing.T
	id   wire.Identity
	line *link.Session
	seal wire.SealKey
	in   map[string][]link.Message
	ctx  context.Context
}

func connect(t *testing.T, id wire.Identity, url string) *terminal {
	t.Helper()
	x := &terminal{t: t, id: id, in: map[string][]link.Message{}}
	var err error
	if x.seal, err = wire.GenerateSealKey(); err != nil {
		t.Fatal(err)
	}
	birth := x.note(wire.Envelope{Kind: wire.State}, wire.StateBody{Online: true})
	x.line = link.New(link.Config{URL: url, ClientID: id.ID, User: id.MQTT.User, Password: id.MQTT.Password,
		Subscribe: wire.TerminalTopics(id.Site, id.ID),
		Birth:     &link.Message{Topic: wire.StateTopic(id.Site, id.ID), Payload: birth, Retained: true}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.line.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	var stop context.CancelFunc
	x.ctx, stop = context.WithTimeout(t.Context(), limit)
	t.Cleanup(stop)
	for {
		select {
		case up := <-x.line.Up():
			if up {
				return x
			}
		case <-x.ctx.Done():
			t.Fatal("no link")
		}
	}
}

func (x *terminal) note(e wire.Envelope, body any) []byte {
	x.t.Helper()
	raw, err := wire.Marshal(body)
	if err != nil {
		x.t.Fatal(err)
	}
	e.ID, e.From, e.To = wire.NewID(), x.id.ID, wire.Central
	if rule, _ := wire.RuleOf(e.Kind); rule.Sealed {
		if e.Sealed, err = wire.Seal(x.id.Central.SealKey, x.id.Realm, e, raw); err != nil {
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

// raw returns the next message of a topic.
func (x *terminal) raw(topic string) ([]byte, error) {
	for len(x.in[topic]) == 0 {
		select {
		case m := <-x.line.Messages():
			m.Ack()
			x.in[m.Topic] = append(x.in[m.Topic], m)
		case <-x.ctx.Done():
			return nil, x.ctx.Err()
		}
	}
	m := x.in[topic][0]
	x.in[topic] = x.in[topic][1:]
	return m.Payload, nil
}

// next opens the next note to everyone.
func (x *terminal) next(topic string) (wire.Envelope, error) {
	raw, err := x.raw(topic)
	if err != nil {
		return wire.Envelope{}, err
	}
	v, err := x.id.Verifier()
	if err != nil {
		return wire.Envelope{}, err
	}
	return v.Open(raw, wire.Everyone)
}

// ask publishes a note and waits for an answer.
func (x *terminal) ask(up wire.Class, note []byte, down wire.Class) []byte {
	x.t.Helper()
	if err := x.line.Publish(x.ctx, wire.UpTopic(x.id.Site, x.id.ID, up), note, false); err != nil {
		x.t.Fatal(err)
	}
	raw, err := x.raw(wire.DownTopic(x.id.Site, x.id.ID, down))
	if err != nil {
		x.t.Fatalf("no %s: %v", down, err)
	}
	return raw
}

func (x *terminal) hello() (w wire.WelcomeBody) {
	x.t.Helper()
	h := wire.HelloBody{Nonce: make([]byte, 16), Inc: inc, Chain: inc, SealTo: x.seal.Public()}
	x.read(x.ask("req", x.note(wire.Envelope{Kind: wire.Hello}, h), "reply"), &w)
	return w
}

func (x *terminal) fact() []byte {
	text := []byte(`{"code":"reader","on":true}`)
	before, _ := hex.DecodeString(inc)
	sum := sha256.Sum256(append(before, text...))
	return x.note(wire.Envelope{Kind: wire.Health}, wire.FactBody{Inc: inc, Seq: 1, Chain: hex.EncodeToString(sum[:]), Fact: text})
}

func (x *terminal) open(raw []byte) wire.Envelope {
	x.t.Helper()
	v, err := x.id.Verifier()
	if err != nil {
		x.t.Fatal(err)
	}
	e, err := v.Open(raw, x.id.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	return e
}

// read opens a note with an open body, unseal one with a sealed body.
func (x *terminal) read(raw []byte, into any) {
	x.t.Helper()
	if err := wire.Decode(x.open(raw).Body, into); err != nil {
		x.t.Fatal(err)
	}
}

func (x *terminal) unseal(raw []byte, into any) {
	x.t.Helper()
	e := x.open(raw)
	if e.Sealed == nil {
		x.t.Fatalf("not sealed: %s", e.Body)
	}
	plain, err := x.seal.Unseal(x.id.Realm, e, *e.Sealed)
	if err != nil {
		x.t.Fatal(err)
	}
	if err := wire.Decode(plain, into); err != nil {
		x.t.Fatal(err)
	}
}
