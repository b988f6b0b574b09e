package enrol_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/enrol"
	"unlockpoint/sync/central"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

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
		// When most of a year is over by central's clock, and the terminal's was
		// never set,
		const later = 270 * 24 * time.Hour
		kept := make(chan wire.Identity, 1)
		h.later.Store(int64(later))
		h.now = func() time.Time { return time.Unix(60, 0) }
		h.keep = func(change func(*wire.Identity)) error {
			change(&id)
			kept <- id
			return nil
		}
		h.serve(t, id)
		// it keeps another certificate, for the same name and key, which is good
		// when the old one is not any more.
		select {
		case got := <-kept:
			if got.MQTT.Certificate == first.Certificate || got.Check() != nil {
				t.Fatalf("%v", got.Check())
			}
			pair, err := got.MQTT.KeyPair()
			if err != nil {
				t.Fatal(err)
			}
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM([]byte(got.MQTT.Authority))
			if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: time.Now().AddDate(1, 0, 1),
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil || pair.Leaf.Subject.CommonName != "ward7-door" {
				t.Errorf("%s: %v", pair.Leaf.Subject, err)
			}
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
