package enrol_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
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
	"unlockpoint/sync/wire"
)

// limit is for tests that hang; nothing waits for it when all is well.
const limit = 2 * time.Minute

// hospital is a central at a broker that asks for certificates.
type hospital struct {
	*central.Central
	url, enrol string
	log        *lockedBuffer
	now        func() time.Time                        // the terminals' clock; nil: the right one
	later      atomic.Int64                            // how far on central's clock is, in ns
	keep       func(change func(*wire.Identity)) error // of the terminals' identities
	start      func()                                  // central, again
	stop       func()
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
		Now: func() time.Time { return time.Now().Add(time.Duration(h.later.Load())) },
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
	h.start = func() {
		h.Central = open(t, cfg)
		h.stop = running(t, func(ctx context.Context) error { return errors.Join(h.Run(ctx, cfg.Broker), h.Close()) })
		select {
		case <-h.Ready():
		case <-time.After(limit):
			t.Fatalf("central is not ready:\n%s", h.log)
		}
	}
	h.start()
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

// running runs something until it is stopped, or the test ends.
func running(t *testing.T, run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
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

// serve runs the terminal's uplink until the test ends, and returns once
// central has answered it.
func (h *hospital) serve(t *testing.T, id wire.Identity) *uplink.Uplink {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.RaiseFloor(time.Now(), time.Now()); err != nil { // as who enrols does
		t.Fatal(err)
	}
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
