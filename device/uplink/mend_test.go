package uplink

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/wire"
)

// A central that has forgotten a session, and says nothing of it, knows the
// terminal again before the next person comes.
func TestACentralThatForgetsIsGreetedAnew(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		first, _ := s.up.Session()
		s.line.lose = func(_ string, note []byte) bool {
			e, err := wire.Peek(note)
			return err == nil && e.Sess == first.ID
		}
		person, gone := context.WithTimeout(s.t.Context(), 10*time.Second)
		defer gone()
		if _, err := s.look(person); !errors.Is(err, ErrLink) {
			t.Errorf("nobody answered: %v", err)
		}
		time.Sleep(greetAfter)
		synctest.Wait()
		if now, ok := s.up.Session(); !ok || now.ID == first.ID {
			t.Errorf("session %+v, %v", now, ok)
		}
		if _, err := s.look(s.t.Context()); err != nil || s.line.renewed != 0 {
			t.Errorf("%v, %d new connections", err, s.line.renewed)
		}
	})
}

// A broker that takes everything and brings nothing is connected to anew.
func TestABrokerThatSwallowsIsConnectedToAnew(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.line.lose = func(topic string, _ []byte) bool { return topic == wire.DownTopic(site, terminal, wire.ClassReply) }
		late, cancel := context.WithTimeout(s.t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		if _, err := s.look(late); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); s.line.renewed != 1 || took > time.Minute {
			t.Errorf("%d new connections, the reply came after %v", s.line.renewed, took)
		}
	})
}

// Who is away cannot answer, and a new connection would not bring it back.
func TestACentralThatIsAwayIsNoReasonToConnectAnew(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.line.mu.Lock()
		s.line.lose = func(topic string, _ []byte) bool { return topic == wire.UpTopic(site, terminal, wire.ClassReq) }
		s.line.mu.Unlock()
		s.line.say(s.centre.state(false))
		time.Sleep(time.Hour)
		synctest.Wait()
		if s.line.renewed != 0 {
			t.Errorf("%d new connections in an hour", s.line.renewed)
		}
	})
}
