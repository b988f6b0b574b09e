package store

import (
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/sync/wire"
)

func cardHash(n int) string { return strings.Repeat(string("0123456789abcdef"[n%16]), 64) }

func opened(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func closed(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAStoreKeepsWhatItWasTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	inc := s.Inc()
	policy := wire.DefaultPolicy()
	policy.Ask = 4
	if err := s.SetSettings(wire.Settings{Policy: policy, Site: wire.Site{Name: "St Elsewhere"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSession("sess"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddFact(wire.Step, wire.StepBody{Page: "idle"}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)

	s = opened(t, dir)
	if s.Inc() != inc || len(inc) != 32 {
		t.Errorf("incarnation %q after %q", s.Inc(), inc)
	}
	if p, site := s.Rules(); p.Ask != 4 || site.Name != "St Elsewhere" {
		t.Errorf("rules %+v %+v", p, site)
	}
	if id, err := s.Session(); id != "sess" || err != nil {
		t.Errorf("session %q, %v", id, err)
	}
	if out, err := s.Outbox(); out.Seq != 1 || err != nil {
		t.Errorf("outbox %+v, %v", out, err)
	}
}
