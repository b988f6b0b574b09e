package enrol_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/enrol"
	"unlockpoint/device/store"
	"unlockpoint/device/uplink"
	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central"
	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/link"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// limit is for tests that hang; nothing waits for it when all is well.
const limit = 30 * time.Second

// hospital is a central at a broker that asks for certificates.
type hospital struct {
	*central.Central
	url, enrol string
	log        *lockedBuffer
	now        func() time.Time                        // the terminals' clock; nil: the right one
	keep       func(change func(*wire.Identity)) error // of the terminals' identities
}

type start func(t *testing.T, accounts []broker.Account, secure broker.TLS) (url, enrol string, lists central.Lists)

// lists is a broker that is told by a function.
type lists func(central.BrokerAccess) error

func (l lists) Let(_ context.Context, a central.BrokerAccess) error { return l(a) }

// each runs a story at both brokers.
func each(t *testing.T, story func(t *testing.T, h *hospital)) {
	for name, start := range map[string]start{
		"embedded": func(t *testing.T, accounts []broker.Account, secure broker.TLS) (string, string, central.Lists) {
			secure.EnrolAddr = "127.0.0.1:0"
			b, err := broker.StartTLS("127.0.0.1:0", accounts, secure)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { b.Close() })
			return b.URL(), b.EnrolURL(), lists(func(a central.BrokerAccess) error { return b.Admit(a.Accounts, *a.TLS) })
		},
		"mosquitto": func(t *testing.T, accounts []broker.Account, secure broker.TLS) (string, string, central.Lists) {
			s := brokertest.MosquittoTLS(t, accounts, secure)
			return s.URL(), s.EnrolURL(), lists(func(a central.BrokerAccess) error { return s.Reload(a.Accounts, *a.TLS) })
		},
	} {
		t.Run(name, func(t *testing.T) { story(t, newHospital(t, start)) })
	}
}

func newHospital(t *testing.T, start start) *hospital {
	t.Helper()
	h := &hospital{log: new(lockedBuffer)}
	dir := t.TempDir()
	cfg := central.Config{Realm: "trust.example", Data: filepath.Join(dir, "data"), Keyring: filepath.Join(dir, "ring"),
		Policy: wire.DefaultPolicy(), Sites: []wire.Site{{ID: "ward7", Name: "Ward 7", Booth: "hall"}}, Authority: x509.NewCertPool(),
		Mail: mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.NoTLS, Timeout: time.Second}, House: mail.House{Sender: "u@trust.example"},
		Certificates: true, Broker: central.Broker{URL: "mqtts://127.0.0.1:1"}, Terminals: central.Broker{URL: "mqtts://127.0.0.1:1"},
		Log: slog.New(slog.NewTextHandler(h.log, nil))}
	if err := central.SetUp(cfg); err != nil {
		t.Fatal(err)
	}
	first := open(t, cfg)
	access, err := first.Access(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	h.url, h.enrol, cfg.Lists = start(t, access.Accounts, *access.TLS)
	cfg.Broker.URL, cfg.Terminals.URL, cfg.Enrol = h.url, h.url, h.enrol
	h.Central = open(t, cfg)
	running(t, func(ctx context.Context) error { return errors.Join(h.Run(ctx, cfg.Broker), h.Close()) })
	select {
	case <-h.Ready():
	case <-time.After(limit):
		t.Fatalf("central is not ready:\n%s", h.log)
	}
	return h
}

func open(t *testing.T, cfg central.Config) *central.Central {
	t.Helper()
	c, err := central.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// running runs something until the test ends.
func running(t *testing.T, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// invite has central give a code, as it is shown.
func (h *hospital) invite(t *testing.T, id string) wire.EnrolCode {
	t.Helper()
	in, err := h.Invite(t.Context(), central.NewTerminal{ID: id, Site: "ward7", Name: "Ward 7, door"})
	if err != nil {
		t.Fatal(err)
	}
	code, err := wire.ParseEnrolCode(in.Code)
	if err != nil || in.URL != h.enrol {
		t.Fatal(in, err)
	}
	return code
}

// join has a terminal with its files in dir use a code.
func (h *hospital) join(t *testing.T, dir string, code wire.EnrolCode) (wire.Enrolled, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return enrol.Join(ctx, enrol.Config{Code: code, URL: h.enrol, Identity: filepath.Join(dir, "identity.json"), Again: 200 * time.Millisecond})
}

func TestATerminalJoinsAndTalksToCentral(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		// Given a code from central, which an engineer types.
		dir, code := t.TempDir(), h.invite(t, "ward7-door")
		got, err := h.join(t, dir, code)
		if err != nil {
			t.Fatalf("%v\n%s", err, h.log)
		}
		if got.Policy.Attempts != 3 || got.Site.Booth != "hall" {
			t.Errorf("policy and site did not come along: %+v", got)
		}
		// Then it is who central says, and its keys lie in one file of its own.
		id, err := wire.LoadIdentity(filepath.Join(dir, "identity.json"))
		if err != nil || id.ID != "ward7-door" || id.Name != "Ward 7, door" || id.Site != "ward7" || id.MQTT.Password != "" {
			t.Fatal(id, err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("more than the identity is left: %v", left)
		}
		// With it, it reaches central over TLS and is answered.
		h.serve(t, id)
	})
}

// serve runs the terminal's uplink until the test ends, and returns once
// central has answered it.
func (h *hospital) serve(t *testing.T, id wire.Identity) *uplink.Uplink {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	line := uplink.New(uplink.Config{Identity: id, Wait: link.Wait{Most: 200 * time.Millisecond}, Grace: limit, Now: h.now, Keep: h.keep}, db)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	running(t, line.Run)
	var look wire.CardLookReply
	var refused *uplink.RefusedError
	if err := line.Call(ctx, wire.CardLook, wire.CardLookBody{Card: "piv:00"}, &look); err != nil && !errors.As(err, &refused) {
		t.Fatalf("%v\n%s", err, h.log)
	}
	return line
}

func TestACertificateIsRenewedBeforeItEnds(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		dir := t.TempDir()
		first, err := h.join(t, dir, h.invite(t, "ward7-door"))
		if err != nil {
			t.Fatal(err)
		}
		id, err := wire.LoadIdentity(filepath.Join(dir, "identity.json"))
		if err != nil {
			t.Fatal(err)
		}
		// When the terminal's clock says that most of a year is over,
		kept := make(chan wire.Identity, 1)
		h.now = func() time.Time { return time.Now().AddDate(0, 9, 0) }
		h.keep = func(change func(*wire.Identity)) error {
			change(&id)
			kept <- id
			return nil
		}
		h.serve(t, id)
		// it keeps another certificate, for the same name and key, with which
		// it is let in; the old one is good as well.
		select {
		case got := <-kept:
			if got.MQTT.Certificate == first.Certificate || got.Check() != nil {
				t.Fatalf("%v", got.Check())
			}
			h.now, h.keep = nil, nil
			h.serve(t, got)
		case <-time.After(limit):
			t.Fatalf("not renewed\n%s", h.log)
		}
		list, err := h.Terminals(t.Context())
		if err != nil || len(list) != 1 || len(list[0].Certificates) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// The list of central's keys travels from the safe to the terminals.
func TestATerminalIsToldOfTheRootWhenItJoins(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		office := socket.Inside(h.Office())
		key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize))
		publish := func(key ed25519.PrivateKey, version int) error {
			var l wire.KeyList
			if err := office.Call(t.Context(), "GET", "/keys", nil, &l); err != nil {
				t.Fatal(err)
			}
			if version != 0 {
				l.Version = version
			}
			raw, err := l.Sign(key)
			if err != nil {
				t.Fatal(err)
			}
			return office.Call(t.Context(), "POST", "/keys", string(raw), nil)
		}
		if err := publish(key, 0); err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		got, err := h.join(t, dir, h.invite(t, "ward7-door"))
		if err != nil || !bytes.Equal(got.Root, key.Public().(ed25519.PublicKey)) || got.Keys != 1 {
			t.Fatalf("version %d, %v", got.Keys, err)
		}
		id, err := wire.LoadIdentity(filepath.Join(dir, "identity.json"))
		if err != nil {
			t.Fatal(err)
		}
		kept := make(chan wire.Identity, 1)
		h.keep = func(change func(*wire.Identity)) error { change(&id); kept <- id; return nil }
		h.serve(t, id)
		if err := publish(key, 0); err != nil {
			t.Fatal(err)
		}
		select {
		case now := <-kept:
			if now.Keys != 2 {
				t.Errorf("version %d", now.Keys)
			}
		case <-time.After(limit):
			t.Fatalf("the terminal was not told\n%s", h.log)
		}
		if err := publish(key, 2); err == nil || !strings.Contains(err.Error(), "higher one is published") {
			t.Error(err)
		}
		if err := publish(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{6}, 32)), 0); err == nil || !strings.Contains(err.Error(), "another root") {
			t.Error(err)
		}
	})
}

func TestARetiredTerminalIsThrownOut(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		dir := t.TempDir()
		if _, err := h.join(t, dir, h.invite(t, "ward7-door")); err != nil {
			t.Fatal(err)
		}
		id, err := wire.LoadIdentity(filepath.Join(dir, "identity.json"))
		if err != nil {
			t.Fatal(err)
		}
		line := h.serve(t, id)
		if err := h.Retire(t.Context(), "ward7-door"); err != nil {
			t.Fatal(err)
		}
		for late := time.After(limit); ; {
			select {
			case s := <-line.Changes():
				if !s.Up {
					return
				}
			case <-late:
				t.Fatalf("its line is still open\n%s", h.log)
			}
		}
	})
}

func TestACodeServesOneTerminalOnly(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		code := h.invite(t, "")
		// A first reply that got lost: the same keys ask again and join.
		first := t.TempDir()
		keys, err := enrol.LoadKeys(filepath.Join(first, "identity.json"))
		if err != nil {
			t.Fatal(err)
		}
		one, err := h.join(t, first, code)
		if err != nil {
			t.Fatal(err)
		}
		again := t.TempDir()
		if err := keys.Save(filepath.Join(again, "identity.json")); err != nil {
			t.Fatal(err)
		}
		two, err := h.join(t, again, code)
		if err != nil || two.ID != one.ID || two.Certificate != one.Certificate || !strings.HasPrefix(one.ID, "terminal-") {
			t.Fatalf("%v, %v, %v", one.ID, two.ID, err)
		}
		// Another device with the code is refused, and raises an alarm.
		_, err = h.join(t, t.TempDir(), code)
		if refused, ok := errors.AsType[*enrol.RefusedError](err); !ok || refused.Refusal != wire.CodeUsed {
			t.Fatal(err)
		}
		list, err := h.Terminals(t.Context())
		if err != nil || len(list) != 1 || list[0].Quarantine == "" || !strings.Contains(h.log.String(), "alarm") {
			t.Errorf("%+v, %v\n%s", list, err, h.log)
		}
		if _, err := h.Invite(t.Context(), central.NewTerminal{ID: one.ID, Site: "ward7"}); err == nil {
			t.Error("a code for a name that is taken")
		}
		if strings.Contains(h.log.String(), code.Text()[10:]) {
			t.Error("the code's secret is in the log")
		}
	})
}

// Nobody but the holder of the code answers: what others say is not heard.
func TestAMistypedCodeIsNotAnswered(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		code := h.invite(t, "ward7-door")
		wrong, err := wire.EnrolCodeOf(code.ID, bytes.Repeat([]byte{7}, 10))
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		h.log.when("mistyped", cancel)
		_, err = enrol.Join(ctx, enrol.Config{Code: wrong, URL: h.enrol, Identity: filepath.Join(dir, "identity.json"), Again: 100 * time.Millisecond})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		// The right one still works, with the keys that are there.
		if _, err := h.join(t, dir, code); err != nil {
			t.Fatal(err)
		}
		if _, err := h.join(t, dir, code); !errors.Is(err, enrol.ErrEnrolled) {
			t.Fatal(err)
		}
	})
}

func TestNoBrokerIsSaidToBe(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := enrol.Join(ctx, enrol.Config{Code: wire.NewEnrolCode(), URL: "mqtts://127.0.0.1:1", Identity: filepath.Join(t.TempDir(), "i")})
	if !errors.Is(err, enrol.ErrNoBroker) {
		t.Fatal(err)
	}
}

func TestKeysThatOthersMayReadAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.json")
	if _, err := enrol.LoadKeys(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(enrol.KeysFile(path)); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if err := os.Chmod(enrol.KeysFile(path), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := enrol.LoadKeys(path); err == nil || !strings.Contains(err.Error(), "others may read") {
		t.Fatal(err)
	}
}
