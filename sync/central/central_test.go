package central_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// limit is for tests that hang; nothing waits for it when all is well.
const limit = 30 * time.Second

func config(t testing.TB) central.Config {
	t.Helper()
	dir := t.TempDir()
	c := central.Config{Realm: "trust.nhs.uk", Data: filepath.Join(dir, "data"), Keyring: filepath.Join(dir, "ring"),
		Policy: wire.DefaultPolicy(), Sites: []wire.Site{{ID: "east", Name: "East", Booth: "hall"}, {ID: "west", Name: "West", Booth: "hall"}},
		Authority: x509.NewCertPool(), Broker: central.Broker{URL: "mqtt://127.0.0.1:1", User: "central", Password: "pw"},
		Mail:  mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.NoTLS, Timeout: time.Second},
		House: mail.House{Sender: "unlockpoint@trust.nhs.uk"}, Socket: filepath.Join(dir, "sock"), Web: "127.0.0.1:0"}
	if err := central.SetUp(c); err != nil {
		t.Fatal(err)
	}
	return c
}

func open(t testing.TB, cfg central.Config) *central.Central {
	t.Helper()
	c, err := central.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// run serves until the test ends, and returns once the link is up.
func run(t *testing.T, c *central.Central, b central.Broker) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, b) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-c.Ready():
	case err := <-done:
		done <- err // the cleanup waits for it
		t.Fatalf("ended: %v", err)
	case <-time.After(limit):
		t.Fatal("not ready")
	}
}

type startBroker func(*testing.T, []broker.Account) string

// brokers that the product runs with.
func brokers() map[string]startBroker {
	return map[string]startBroker{
		"embedded": func(t *testing.T, accounts []broker.Account) string {
			b, err := broker.Start("127.0.0.1:0", accounts)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { b.Close() })
			return b.URL()
		},
		"mosquitto": func(t *testing.T, accounts []broker.Account) string {
			return brokertest.Mosquitto(t, accounts).URL()
		},
	}
}

func TestATerminalIsServedOverARealBroker(t *testing.T) {
	for name, start := range brokers() {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			c := open(t, cfg)
			id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-7", Site: "east", Name: "Ward 7"})
			if err != nil {
				t.Fatal(err)
			}
			accounts, err := c.Accounts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			cfg.Broker.URL = start(t, accounts)
			run(t, c, cfg.Broker)
			x := connect(t, id, cfg.Broker.URL)

			// The site's head and central's birth wait for it, retained.
			if _, err := x.next(wire.HeadTopic("east")); err != nil {
				t.Fatal(err)
			}
			if e, err := x.next(wire.CentralStateTopic); err != nil || !bytes.Contains(e.Body, []byte("true")) {
				t.Fatal(string(e.Body), err)
			}

			// It says hello and asks about a card, twice: its first reply got lost.
			w := x.hello()
			note := x.note(wire.Envelope{Kind: wire.CardLook, Sess: w.Sess}, wire.CardLookBody{Card: "piv:00"})
			first := x.ask("req", note, "reply")
			again := x.ask("req", note, "reply")
			if !bytes.Equal(first, again) {
				t.Fatal("two replies to one request")
			}
			var look wire.CardLookReply
			x.unseal(first, &look)
			if look.Standing != wire.StandsUnknown && look.Refused != wire.UnknownCard {
				t.Fatalf("%+v", look)
			}

			// A fact is acknowledged.
			var ack wire.AckBody
			x.read(x.ask("fact", x.fact(), "ack"), &ack)
			if ack.Seq != 1 {
				t.Fatalf("%+v", ack)
			}
			o, err := c.Overview(t.Context())
			if err != nil || !o.Link || len(o.Terminals) != 1 || !o.Terminals[0].Online {
				t.Fatalf("%+v, %v", o, err)
			}
		})
	}
}

func TestATerminalIsToldOfItsSitesRegistry(t *testing.T) {
	cfg := config(t)
	c := open(t, cfg)
	id, err := c.AddTerminal(t.Context(), central.NewTerminal{ID: "ward-7", Site: "east"})
	if err != nil {
		t.Fatal(err)
	}
	accounts, _ := c.Accounts(t.Context())
	cfg.Broker.URL = brokers()["embedded"](t, accounts)
	run(t, c, cfg.Broker)
	x := connect(t, id, cfg.Broker.URL)
	var head wire.HeadBody
	e, err := x.next(wire.HeadTopic("east"))
	if err != nil || json.Unmarshal(e.Body, &head) != nil || head.Site != "east" || head.Head != 0 {
		t.Fatalf("%+v, %v", head, err)
	}
}

func TestAnotherKeyRingDoesNotOpenTheStore(t *testing.T) {
	cfg := config(t)
	c, err := central.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(cfg.Keyring); err != nil {
		t.Fatal(err)
	}
	if err := central.SetUp(cfg); err != nil {
		t.Fatal(err)
	}
	if c, err := central.Open(cfg); err == nil {
		c.Close()
		t.Fatal("opened")
	}
}

func TestTheOfficeTakesCardsAllOrNone(t *testing.T) {
	c := open(t, config(t))
	office := socket.Inside(c.Office())
	header := strings.Join(desk.Columns(), ",") + "\n"
	good := "piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9,piv,Ceri Jones,ceri@nhs.net,east,derived,\n"
	err := office.Call(t.Context(), "POST", "/cards/import", header+good+"piv:zz,piv,X,x@evil.com,north,1,\n", nil)
	refused, ok := errors.AsType[socket.Refused](err)
	if !ok || len(refused.Errors) < 3 || !strings.HasPrefix(refused.Errors[0], "line 3") {
		t.Fatalf("%v", err)
	}
	var list []wire.CardView
	if err := office.Call(t.Context(), "GET", "/cards", nil, &list); err != nil || len(list) != 0 {
		t.Fatalf("%v, %v", list, err)
	}
	var done central.Imported
	if err := office.Call(t.Context(), "POST", "/cards/import", header+good, &done); err != nil || done.Cards != 1 {
		t.Fatalf("%v, %v", done, err)
	}
	if err := office.Call(t.Context(), "GET", "/cards", nil, &list); err != nil || len(list) != 1 || strings.Contains(list[0].Address, "ceri") {
		t.Fatalf("%+v, %v", list, err)
	}
}

func TestTheOfficeLooksAfterTerminals(t *testing.T) {
	cfg := config(t)
	c := open(t, cfg)
	office := socket.Inside(c.Office())
	var id wire.Identity
	if err := office.Call(t.Context(), "POST", "/terminals", central.NewTerminal{ID: "ward-7", Site: "east"}, &id); err != nil || id.Check() != nil {
		t.Fatal(err)
	}
	for _, n := range []central.NewTerminal{{ID: "ward-7", Site: "east"}, {ID: "ward-8", Site: "north"}, {ID: "central", Site: "east"}, {ID: "A b", Site: "east"}} {
		if _, ok := errors.AsType[socket.Refused](office.Call(t.Context(), "POST", "/terminals", n, nil)); !ok {
			t.Errorf("%+v was taken", n)
		}
	}
	accounts, err := c.Accounts(t.Context())
	if err != nil || len(accounts) != 2 || accounts[1].Password != id.MQTT.Password {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	if err := office.Call(t.Context(), "POST", "/terminals/ward-7/retire", nil, nil); err != nil {
		t.Fatal(err)
	}
	if accounts, _ = c.Accounts(t.Context()); len(accounts) != 1 {
		t.Fatal("a retired terminal keeps its account")
	}
	if err := office.Call(t.Context(), "POST", "/terminals/ward-9/retire", nil, nil); err == nil || !strings.Contains(err.Error(), "ward-9") {
		t.Fatal(err)
	}
}

func TestRunTellsAtOnceThatAnAddressIsTaken(t *testing.T) {
	cfg := config(t)
	cfg.Web = "256.0.0.1:1"
	if err := open(t, cfg).Run(t.Context(), cfg.Broker); err == nil || !strings.Contains(err.Error(), "pages") {
		t.Fatal(err)
	}
}

func FuzzOffice(f *testing.F) {
	f.Add("/terminals", `{"id":"x","site":"east"}`)
	f.Add("/cards", `{"Card":"piv:00"}`)
	f.Add("/cards/import", "card,profile\n\"")
	f.Add("/acts/card.release", `{"card":"piv:00","reason":"because"}`)
	f.Add("/acts/card.find", `{"query":"ceri"}`)
	f.Add("/acts/audit.verify", `{"was":"1:00"}`)
	c := open(f, config(f))
	f.Fuzz(func(t *testing.T, path, body string) {
		if !strings.HasPrefix(path, "/") {
			return
		}
		err := socket.Inside(c.Office()).Call(t.Context(), http.MethodPost, path, body, nil)
		if errors.Is(err, store.ErrDamaged) {
			t.Fatal(err)
		}
	})
}
