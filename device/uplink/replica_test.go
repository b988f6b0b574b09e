package uplink

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/wire"
)

func registrations(n int) []wire.RegistryChange {
	all := make([]wire.RegistryChange, n)
	for i := range all {
		all[i] = wire.RegistryChange{
			Number: uint64(i + 1), Card: wire.CardHash([]byte("key"), fmt.Sprint(i+1)),
			Registration: fmt.Sprintf("%032x", i), Asked: []int{1, 2, 3}, Standing: wire.StandsRegistered,
		}
	}
	return all
}

// wantReplica checks that the store is as new as n, with the first and the
// last card.
func (s *scene) wantReplica(n int) {
	s.t.Helper()
	synctest.Wait()
	if head, _ := s.store.Head(); head != uint64(n) {
		s.t.Errorf("the replica is at %d, want %d", head, n)
	}
	for _, i := range []int{1, n} {
		if _, found, _ := s.store.Card(wire.CardHash([]byte("key"), fmt.Sprint(i))); !found {
			s.t.Errorf("card %d is not in it", i)
		}
	}
}

func TestATerminalCatchesUpOnTheRegistry(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.registry = registrations(10_000)
		s.line.set(true)
		s.wantReplica(10_000)
		if n := s.centre.did(wire.RegistryPage); n != 50 {
			t.Errorf("%d pages of 200 for 10,000 cards", n)
		}
	})
}

func TestANewHeadIsFetched(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.registry = registrations(2)
		s.line.set(true)
		s.wantReplica(2)
		s.centre.set(func(c *centre) { c.registry = registrations(3) })
		s.line.say(s.centre.head(3))
		s.wantReplica(3)
	})
}

// TestARegistryThatWentBackIsCopiedAnew: what central has forgotten with it is
// not in the copy any more.
func TestARegistryThatWentBackIsCopiedAnew(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.registry = registrations(1_000)
		s.line.set(true)
		s.wantReplica(1_000)
		s.centre.set(func(c *centre) { c.registry, c.epoch = registrations(500), "restored" })
		s.line.say(s.centre.head(500))
		s.wantReplica(500)
		if _, found, _ := s.store.Card(wire.CardHash([]byte("key"), "501")); found {
			t.Error("a card is there that central has forgotten")
		}
		s.centre.set(func(c *centre) { c.registry = registrations(501) })
		s.line.set(false)
		s.line.set(true)
		time.Sleep(time.Minute)
		s.wantReplica(501)
		if hello := s.centre.hellos[len(s.centre.hellos)-1]; hello.Epoch != "restored" || hello.Head != 500 {
			t.Errorf("hello names %d of the epoch %q", hello.Head, hello.Epoch)
		}
	})
}

func TestCatchingUpGoesOnAfterAFlap(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.registry = registrations(2_000)
		pages := 0
		s.line.lose = func(topic string, _ []byte) bool {
			pages++
			return pages > 6
		}
		s.line.set(true)
		s.line.set(false)
		s.line.lose = nil
		s.line.set(true)
		time.Sleep(time.Minute)
		s.wantReplica(2_000)
	})
}

func TestPagesThatMakeNoSenseAreNotApplied(t *testing.T) {
	card := registrations(3)
	for name, page := range map[string]wire.RegistryPageReply{
		"backwards":         {Changes: []wire.RegistryChange{card[1], card[0]}, Head: 2},
		"twice":             {Changes: []wire.RegistryChange{card[0], card[0]}, Head: 2},
		"past its head":     {Changes: card, Head: 2},
		"more of nothing":   {Head: 2, More: true},
		"a card in clear":   {Changes: []wire.RegistryChange{{Number: 1, Card: "5901"}}, Head: 1},
		"from before after": {Changes: []wire.RegistryChange{{Number: 0, Card: card[0].Card}}, Head: 1},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *scene) {
				s.centre.pages = &page
				s.line.set(true)
				synctest.Wait()
				if head, _ := s.store.Head(); head != 0 {
					t.Errorf("the replica moved to %d", head)
				}
				s.centre.set(func(c *centre) { c.pages, c.registry = nil, registrations(3) })
				s.line.say(s.centre.head(3))
				s.wantReplica(3)
			})
		})
	}
}
