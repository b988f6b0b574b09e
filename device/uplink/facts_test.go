package uplink

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/wire"
)

func (s *scene) steps(n int) {
	s.t.Helper()
	for i := range n {
		_, err := s.store.AddFact(wire.Step, wire.StepBody{Page: "idle", Seconds: i})
		must(s.t, err)
	}
}

// wantFacts checks that central has the facts 1 to n, each once, and that the
// store knows.
func (s *scene) wantFacts(n int) {
	s.t.Helper()
	synctest.Wait()
	if len(s.centre.facts) != n {
		s.t.Errorf("central took %d facts, want %d", len(s.centre.facts), n)
	}
	for i, f := range s.centre.facts {
		if f.Seq != uint64(i+1) || f.Inc != s.store.Inc() {
			s.t.Errorf("fact %d came at place %d", f.Seq, i+1)
		}
	}
	if out, _ := s.store.Outbox(); out.Acked != uint64(n) {
		s.t.Errorf("acknowledged up to %d, want %d", out.Acked, n)
	}
}

func TestFactsGoOutWhenTheyAreWritten(t *testing.T) {
	play(t, func(s *scene) {
		s.steps(3) // before there is a link
		s.line.set(true)
		s.wantFacts(3)
		s.steps(2)
		s.wantFacts(5)
	})
}

func TestAnOutboxOfManyFactsEmpties(t *testing.T) {
	play(t, func(s *scene) {
		s.steps(5 * window)
		s.line.set(true)
		s.wantFacts(5 * window)
	})
}

func TestEveryFactCountsOnceOverLossesAndDoubles(t *testing.T) {
	play(t, func(s *scene) {
		dice := rand.New(rand.NewPCG(1, 2))
		s.line.lose = func(string, []byte) bool { return dice.IntN(3) == 0 }
		s.line.twin = func(string) bool { return dice.IntN(4) == 0 }
		s.line.set(true)
		s.steps(100)
		time.Sleep(time.Hour)
		s.wantFacts(100)
	})
}

func TestFactsSurviveFlapsOfTheLink(t *testing.T) {
	play(t, func(s *scene) {
		for range 10 {
			s.line.set(true)
			s.steps(7)
			s.line.set(false)
			s.steps(3)
		}
		s.line.set(true)
		s.wantFacts(100)
	})
}

func TestAGapIsClosed(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		lost := false
		s.line.lose = func(topic string, _ []byte) bool {
			first := topic == wire.UpTopic(site, terminal, wire.ClassFact) && !lost
			lost = lost || first
			return first
		}
		s.steps(4)
		s.wantFacts(4)
	})
}

func TestAcknowledgementsOfOthersCountForNothing(t *testing.T) {
	play(t, func(s *scene) {
		s.line.lose = func(topic string, _ []byte) bool { return topic == wire.UpTopic(site, terminal, wire.ClassFact) }
		s.line.set(true)
		s.steps(2)
		s.line.say(s.centre.ack(wire.AckBody{Inc: "another store", Seq: 2}))
		s.line.say(s.centre.ack(wire.AckBody{Inc: s.store.Inc(), Seq: 9})) // never written
		if out, _ := s.store.Outbox(); out.Acked != 0 {
			t.Errorf("acknowledged up to %d", out.Acked)
		}
	})
}

func TestACentralBehindItsOwnWordGetsTheFactsAgain(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.steps(5)
		s.wantFacts(5)
		// Restored from a backup in which it had none.
		s.centre.set(func(c *centre) { c.facts, c.acked, c.chain = nil, 0, s.store.Inc() })
		s.line.set(false)
		s.line.set(true)
		s.wantFacts(5)
	})
}
