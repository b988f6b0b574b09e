package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// many is the number of terminals in the product's figure.
const many = 200

// BenchmarkCommand200 has 200 terminals do something by the program, over a
// real Mosquitto, until all answers are back. The terminals are their link
// alone: 200 stores do not fit on one machine.
func BenchmarkCommand200(b *testing.B) {
	badge := manyTerminals(b)
	args := []string{"--as", badge, "--timeout", "60s", "run", "identify", "--wait", "--where", "site=main"}
	for b.Loop() {
		if out, err := run(b.Context(), args...); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/command200")
}

// manyTerminals starts central, Mosquitto and the terminals, and returns the
// administrator's badge once all are online.
func manyTerminals(b *testing.B) (badge string) {
	dir := b.TempDir()
	cfg := central.Config{Realm: "bench.example", Data: filepath.Join(dir, "data"), Keyring: filepath.Join(dir, "ring"),
		Policy: wire.DefaultPolicy(), Sites: []wire.Site{{ID: "main", Name: "Main", Booth: "hall"}}, Authority: x509.NewCertPool(),
		Broker: central.Broker{User: "central", Password: "pw"}, Terminals: central.Broker{URL: "mqtt://127.0.0.1:1883"},
		Mail:  mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.NoTLS, Timeout: time.Second},
		House: mail.House{Sender: "unlockpoint@bench.example"}}
	must(b, central.SetUp(cfg))
	c, err := central.Open(cfg)
	must(b, err)
	b.Cleanup(func() { c.Close() })
	ids := make([]wire.Identity, many)
	for i := range ids {
		ids[i], err = c.AddTerminal(b.Context(), central.NewTerminal{ID: fmt.Sprintf("door-%03d", i), Site: "main"})
		must(b, err)
	}
	admin, err := c.AddOperator(b.Context(), central.NewOperator{ID: "admin", Role: wire.Admin})
	must(b, err)
	accounts, err := c.Accounts(b.Context())
	must(b, err)
	cfg.Broker.URL = brokertest.Mosquitto(b, accounts).URL()
	admin.MQTT.URL = cfg.Broker.URL
	badge = filepath.Join(dir, "admin.json")
	must(b, admin.Save(badge))

	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	b.Cleanup(func() { cancel(); running.Wait() })
	running.Go(func() { c.Run(ctx, cfg.Broker) })
	<-c.Ready()
	for _, id := range ids {
		d, err := newDoor(id, cfg.Broker.URL)
		must(b, err)
		running.Go(func() { d.run(ctx) })
		<-d.online
	}
	return badge
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// door is a terminal's link: it says hello and does what it is told at once.
type door struct {
	id      wire.Identity
	signer  wire.Signer
	central wire.Verifier
	own     wire.SealKey // opens commands
	seal    wire.SealKey // of its session
	sess    string
	line    *link.Session
	online  chan struct{} // closed once it was told to be there
}

func newDoor(id wire.Identity, url string) (*door, error) {
	d := &door{id: id, online: make(chan struct{})}
	var err error
	if d.signer, err = id.Signer(); err != nil {
		return nil, err
	}
	if d.central, err = id.Verifier(); err != nil {
		return nil, err
	}
	if d.own, err = wire.ParseSealKey(id.SealKey); err != nil {
		return nil, err
	}
	if d.seal, err = wire.GenerateSealKey(); err != nil {
		return nil, err
	}
	d.line = link.New(link.Config{URL: url, ClientID: id.ID, User: id.MQTT.User, Password: id.MQTT.Password,
		Subscribe: wire.TerminalTopics(id.Site, id.ID)})
	return d, nil
}

func (d *door) run(ctx context.Context) {
	var lines sync.WaitGroup
	lines.Go(func() { d.line.Run(ctx) })
	defer lines.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case up := <-d.line.Up():
			if up {
				inc := fmt.Sprintf("%032x", 1)
				d.say(ctx, wire.Envelope{Kind: wire.Hello}, wire.HelloBody{Nonce: make([]byte, 16), Inc: inc, Chain: inc, SealTo: d.seal.Public()})
			}
		case m := <-d.line.Messages():
			d.hear(ctx, m)
			m.Ack()
		}
	}
}

// say publishes without waiting for the broker. What cannot be said is missed
// at the other end.
func (d *door) say(ctx context.Context, e wire.Envelope, body any) {
	raw, err := json.Marshal(body)
	e.ID, e.From, e.To, e.Body = wire.NewID(), d.id.ID, wire.Central, raw
	rule, _ := wire.RuleOf(e.Kind)
	if rule.Sealed && err == nil {
		e.Body = nil
		e.Sealed, err = wire.Seal(d.id.Central.SealKey, d.id.Realm, e, raw)
	}
	note, signErr := d.signer.Sign(e)
	if err != nil || signErr != nil {
		return
	}
	topic := wire.UpTopic(d.id.Site, d.id.ID, rule.Class)
	if e.Kind == wire.State {
		topic = wire.StateTopic(d.id.Site, d.id.ID)
	}
	go d.line.Publish(ctx, topic, note, e.Kind == wire.State)
}

func (d *door) hear(ctx context.Context, m link.Message) {
	e, err := d.central.Open(m.Payload, d.id.ID)
	if err != nil {
		return
	}
	switch e.Kind {
	case wire.Hello.Reply():
		var w wire.WelcomeBody
		if wire.Decode(e.Body, &w) == nil && d.sess == "" {
			d.sess = w.Sess
			d.say(ctx, wire.Envelope{Kind: wire.State}, wire.StateBody{Online: true, Sess: w.Sess, N: 1})
			close(d.online)
		}
	case wire.Command:
		var c wire.CommandBody
		if plain, err := d.own.Unseal(d.id.Realm, e, *e.Sealed); err == nil && wire.Decode(plain, &c) == nil {
			d.say(ctx, wire.Envelope{Kind: wire.CommandDone, Sess: d.sess},
				wire.CommandDoneBody{Job: c.Job, End: wire.Done, Text: "done", Part: wire.Part{Part: 1, Of: 1}})
		}
	}
}
