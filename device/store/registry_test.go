package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"unlockpoint/sync/wire"
)

func registered(n uint64, card string) wire.RegistryChange {
	return wire.RegistryChange{
		Number: n, Card: card, Registration: fmt.Sprintf("%032x", n),
		Asked: []int{3, 7, 12}, Standing: wire.StandsRegistered,
	}
}

func hashOf(n int) string { return wire.CardHash([]byte("registry key"), fmt.Sprint("card ", n)) }

func apply(t testing.TB, s *Store, head uint64, changes ...wire.RegistryChange) {
	t.Helper()
	if err := s.Apply(changes, head); err != nil {
		t.Fatal(err)
	}
}

func TestTheReplicaFollowsTheRegistry(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	locked := registered(3, hashOf(1))
	locked.Standing = wire.StandsLocked
	gone := wire.RegistryChange{Number: 4, Card: hashOf(2), Gone: true}

	apply(t, s, 2, registered(1, hashOf(1)), registered(2, hashOf(2)))
	apply(t, s, 9, locked, gone)
	apply(t, s, 2, registered(1, hashOf(1)), registered(2, hashOf(2))) // an old page again
	apply(t, s, 9)

	closed(t, s)
	s = opened(t, dir)
	if head, err := s.Head(); head != 9 || err != nil {
		t.Errorf("head %d, %v", head, err)
	}
	if c, found, err := s.Card(hashOf(1)); !found || c.Standing != wire.StandsLocked || err != nil {
		t.Errorf("card 1: %+v, %v, %v", c, found, err)
	}
	if _, found, err := s.Card(hashOf(2)); found || err != nil {
		t.Errorf("card 2 is gone: %v, %v", found, err)
	}
	if _, found, err := s.Card(hashOf(3)); found || err != nil {
		t.Errorf("card 3 never was: %v, %v", found, err)
	}
}

// TestAnotherEpochTakesThePlaceOfTheReplica: also where it was cut off with half
// of the replica forgotten.
func TestAnotherEpochTakesThePlaceOfTheReplica(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	const many = 2*batch + 1
	fill(t, s, many)

	times := 0
	s.cut = func(point string) {
		if times++; times == 3 { // before and after the first batch, before the second
			panic(point)
		}
	}
	func() {
		defer func() {
			if recover() != "before anew" {
				t.Error("not cut off")
			}
		}()
		s.Anew("restored")
	}()
	closed(t, s)
	s = opened(t, dir)
	head, _ := s.Head()
	if epoch, err := s.Epoch(); head != 0 || epoch != "" || err != nil {
		t.Errorf("cut off, it is at %d of %q, %v", head, epoch, err)
	}

	if err := s.Anew("restored"); err != nil {
		t.Fatal(err)
	}
	apply(t, s, 1, registered(1, hashOf(2)))

	closed(t, s)
	s = opened(t, dir)
	head, _ = s.Head()
	if epoch, err := s.Epoch(); head != 1 || epoch != "restored" || err != nil {
		t.Errorf("at %d of %q, %v", head, epoch, err)
	}
	for n := 1; n <= many; n++ {
		if _, found, err := s.Card(hashOf(n)); found != (n == 2) || err != nil {
			t.Errorf("card %d: %v, %v", n, found, err)
		}
	}
}

func TestAPageWithACardIDIsRefusedWhole(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	err := s.Apply([]wire.RegistryChange{registered(1, hashOf(1)), registered(2, "5901-2233")}, 2)
	if !errors.Is(err, ErrNotHash) {
		t.Errorf("a card id was taken: %v", err)
	}
	if head, _ := s.Head(); head != 0 {
		t.Errorf("head %d after a refused page", head)
	}
	if _, found, _ := s.Card(hashOf(1)); found {
		t.Error("half a page was taken")
	}
}

func TestTenThousandRegistrationsAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	fill(t, s, 10_000)
	closed(t, s)
	s = opened(t, dir)
	if head, _ := s.Head(); head != 10_000 {
		t.Errorf("head %d", head)
	}
	for _, n := range []int{1, batch, batch + 1, 10_000} {
		if c, found, err := s.Card(hashOf(n)); !found || c.Number != uint64(n) || err != nil {
			t.Errorf("card %d: %+v, %v, %v", n, c, found, err)
		}
	}
}

func fill(t testing.TB, s *Store, n int) {
	changes := make([]wire.RegistryChange, n)
	for i := range changes {
		changes[i] = registered(uint64(i+1), hashOf(i+1))
	}
	apply(t, s, uint64(n), changes...)
}

func BenchmarkOpenWith10000Registrations(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "store")
	s, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, 10_000)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		s.Close()
		b.StartTimer()
	}
}

func BenchmarkAddFact(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "store"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		if _, err := s.AddFact(wire.Step, wire.StepBody{Page: "idle", Seconds: 3, Next: "card.read"}); err != nil {
			b.Fatal(err)
		}
	}
}
