package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

// chainOf computes the chain as central does: from the incarnation and the
// texts alone.
func chainOf(inc string, facts []Fact) string {
	h, _ := hex.DecodeString(inc)
	for _, f := range facts {
		sum := sha256.Sum256(append(h, f.Text...))
		h = sum[:]
	}
	return hex.EncodeToString(h)
}

// wantSound checks that the outbox has exactly the facts 1 to its end, and
// that the chain covers them.
func wantSound(t *testing.T, s *Store) []Fact {
	t.Helper()
	out, err := s.Outbox()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := s.After(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if uint64(len(facts)) != out.Seq {
		t.Fatalf("%d facts, the outbox says %d", len(facts), out.Seq)
	}
	for i, f := range facts {
		if f.Seq != uint64(i+1) || !wire.ValidID(f.ID) {
			t.Errorf("fact %d is number %d, id %q", i+1, f.Seq, f.ID)
		}
		if want := chainOf(s.Inc(), facts[:i+1]); f.Chain != want {
			t.Errorf("fact %d has chain %s, want %s", f.Seq, f.Chain, want)
		}
	}
	if want := chainOf(s.Inc(), facts); out.Chain != want {
		t.Errorf("the outbox ends in %s, want %s", out.Chain, want)
	}
	return facts
}

func addSteps(t *testing.T, s *Store, n int) {
	t.Helper()
	for i := range n {
		if _, err := s.AddFact(wire.Step, wire.StepBody{Page: "idle", Seconds: i}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFactsFormAChainOverRestarts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	if out, _ := s.Outbox(); out.Seq != 0 || out.Chain != s.Inc() {
		t.Errorf("a new outbox is %+v", out)
	}
	addSteps(t, s, 3)
	closed(t, s)
	s = opened(t, dir)
	addSteps(t, s, 2)
	wantSound(t, s)
}

func TestAfterGivesFactsInOrderAndNoMoreThanAsked(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	addSteps(t, s, 300) // past one byte of the number
	facts, err := s.After(254, 4)
	if err != nil || len(facts) != 4 {
		t.Fatalf("%d facts, %v", len(facts), err)
	}
	for i, f := range facts {
		if f.Seq != uint64(255+i) {
			t.Errorf("fact %d comes at place %d", f.Seq, i)
		}
	}
	if none, err := s.After(300, 4); len(none) != 0 || err != nil {
		t.Errorf("after the last: %v, %v", none, err)
	}
	if none, err := s.After(0, 0); len(none) != 0 || err != nil {
		t.Errorf("none asked for: %v, %v", none, err)
	}
}

func TestAddedTellsOfNewFacts(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	addSteps(t, s, 2)
	<-s.Added()
	select {
	case <-s.Added():
		t.Error("told twice of the same facts")
	default:
	}
}

func TestAcknowledgementsOnlyRise(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	addSteps(t, s, 3)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, seq := range []uint64{2, 1, 2} {
		if err := s.Acked(seq, now); err != nil {
			t.Fatal(err)
		}
	}
	if out, _ := s.Outbox(); out.Acked != 2 {
		t.Errorf("acknowledged up to %d, want 2", out.Acked)
	}
	if err := s.Acked(4, now); !errors.Is(err, ErrAhead) {
		t.Errorf("a fact never written was acknowledged: %v", err)
	}
}

func TestFactsStay35DaysAfterCentralHasThem(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	left := func() int {
		facts, err := s.After(0, 5000)
		if err != nil {
			t.Fatal(err)
		}
		return len(facts)
	}
	// One fact a day, each acknowledged at once.
	for n := range 35 {
		addSteps(t, s, 1)
		if err := s.Acked(uint64(n+1), day(n)); err != nil {
			t.Fatal(err)
		}
	}
	if left() != 35 {
		t.Fatalf("%d facts left on day 34, want all 35", left())
	}
	// On day 40 those of days 0 to 3 have been acknowledged for more than 36
	// days; each acknowledgement sweeps what one mark covers.
	for range 10 {
		if err := s.Acked(35, day(40)); err != nil {
			t.Fatal(err)
		}
	}
	if left() != 31 {
		t.Errorf("%d facts left on day 40, want 31", left())
	}
	// Nothing that central does not have is ever swept.
	addSteps(t, s, 1)
	for range 40 {
		if err := s.Acked(35, day(400)); err != nil {
			t.Fatal(err)
		}
	}
	if left() != 1 {
		t.Errorf("%d facts left, want the one that was not acknowledged", left())
	}
}

func TestASweepOfManyFactsIsDoneInParts(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	addSteps(t, s, sweepAtOnce+10)
	for i, want := range []int{sweepAtOnce + 10, 10, 0} {
		at := start
		if i > 0 {
			at = start.AddDate(0, 0, 40)
		}
		if err := s.Acked(sweepAtOnce+10, at); err != nil {
			t.Fatal(err)
		}
		if facts, _ := s.After(0, 5000); len(facts) != want {
			t.Errorf("acknowledgement %d leaves %d facts, want %d", i, len(facts), want)
		}
	}
	closed(t, s)
	s = opened(t, s.dir) // an empty outbox that ends at 522 is sound
	if out, _ := s.Outbox(); out.Seq != sweepAtOnce+10 || s.SetAside() != "" {
		t.Errorf("after the sweep: %+v, set aside %q", out, s.SetAside())
	}
}

func TestFactsNameNoCard(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	_, err := s.AddFact(wire.Audit, wire.AuditBody{What: "card.left", Card: "5901-2233-4455"})
	if !errors.Is(err, ErrNotHash) {
		t.Errorf("a card id was taken: %v", err)
	}
	if _, err := s.AddFact(wire.Audit, wire.AuditBody{What: "card.left", Card: cardHash(7)}); err != nil {
		t.Error(err)
	}
}
