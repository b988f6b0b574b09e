package uplink

import (
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

func TestAWelcomeOpensASession(t *testing.T) {
	play(t, func(s *scene) {
		if _, ok := s.up.Session(); ok {
			t.Error("a session without a link")
		}
		s.line.set(true)

		st := s.status()
		if !st.Up || st.Settings.Site.Name != "St Elsewhere" || st.Settings.Policy.Attempts != 3 {
			t.Errorf("status %+v", st)
		}
		session, ok := s.up.Session()
		if !ok || string(session.Prove) != "prove "+session.ID {
			t.Errorf("session %+v, %v", session, ok)
		}
		if kept, _ := s.store.Session(); kept != session.ID {
			t.Errorf("the store remembers session %q", kept)
		}
		if _, kept := s.store.Rules(); kept.Name != "St Elsewhere" {
			t.Errorf("the store keeps site %+v", kept)
		}
		if floor, _ := s.store.Floor(); !floor.Equal(time.Now()) {
			t.Errorf("the clock's floor is %v", floor)
		}
		if b := s.centre.births; len(b) != 1 || !b[0].Online || b[0].Sess != session.ID || b[0].Build != "test" {
			t.Errorf("births %+v", b)
		}
	})
}

// A birth is told again when there are other faults, and with new figures
// every few minutes; the newest has the highest number.
func TestABirthTellsHowTheTerminalIs(t *testing.T) {
	play(t, func(s *scene) {
		_, err := s.store.AddFact(wire.Step, wire.StepBody{Page: "idle"})
		must(t, err)
		s.line.set(true)
		s.up.Faults([]wire.Fault{{Code: "reader.missing", Title: "No card reader", Severity: wire.Failure}})
		synctest.Wait()
		time.Sleep(figuresEvery + time.Second)
		synctest.Wait()
		b := s.centre.births
		if len(b) != 3 || b[0].N >= b[1].N || b[1].N >= b[2].N || b[2].Sess != b[0].Sess {
			t.Fatalf("births %+v", b)
		}
		if v := b[0].Vitals; v == nil || v.Store == 0 || len(v.Faults) != 0 || v.Outbox != 1 {
			t.Errorf("first %+v", v)
		}
		if v := b[2].Vitals; v == nil || len(v.Faults) != 1 || v.Outbox != 0 || v.Uptime < int(figuresEvery.Seconds()) {
			t.Errorf("last %+v", v)
		}
	})
}

func TestEachConnectionSaysHelloAndNamesTheSessionBefore(t *testing.T) {
	play(t, func(s *scene) {
		_, err := s.store.AddFact(wire.Step, wire.StepBody{Page: "idle"})
		must(t, err)
		s.line.set(true)
		first, _ := s.up.Session()
		s.line.set(false)
		if st := s.status(); st.Up {
			t.Error("up without a link")
		}
		if _, ok := s.up.Session(); ok {
			t.Error("a session without a link")
		}
		s.line.set(true)

		h := s.centre.hellos
		if len(h) != 2 || h[0].Prev != "" || h[1].Prev != first.ID {
			t.Fatalf("hellos %+v", h)
		}
		if h[0].Inc != s.store.Inc() || h[0].Seq != 1 || h[0].Acked != 0 || h[1].Acked != 1 {
			t.Errorf("hellos %+v", h)
		}
		if string(h[0].SealTo) == string(h[1].SealTo) || string(h[0].Nonce) == string(h[1].Nonce) {
			t.Error("two sessions share a key or a nonce")
		}
	})
}

func TestALostHelloOrWelcomeIsRepeatedAsTheSameBytes(t *testing.T) {
	play(t, func(s *scene) {
		lose := 3
		s.line.lose = func(topic string, _ []byte) bool { lose--; return lose >= 0 }
		s.line.set(true)
		time.Sleep(time.Minute) // of the bubble's clock
		synctest.Wait()
		notes := s.line.asking(t, wire.Hello)
		if len(notes) < 2 || string(notes[0]) != string(notes[1]) {
			t.Errorf("%d hellos, not the same bytes", len(notes))
		}
		if len(s.centre.hellos) != 1 {
			t.Errorf("central served %d hellos", len(s.centre.hellos))
		}
		if _, ok := s.up.Session(); !ok {
			t.Error("no session")
		}
	})
}

func TestAWelcomeToAnotherHelloIsNone(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.mislead = func(m link.Message) []link.Message {
			e, err := wire.Peek(m.Payload)
			must(t, err)
			wrong := wire.Envelope{Kind: e.Kind, ID: wire.NewID(), Re: e.Re, From: e.From, To: e.To}
			return []link.Message{
				s.centre.open(wrong, wire.WelcomeBody{Nonce: []byte("another nonce"), Sess: "mallory"}),
				s.centre.open(wire.Envelope{Kind: e.Kind, ID: wire.NewID(), Re: "another", From: e.From, To: e.To},
					wire.WelcomeBody{Nonce: s.centre.hellos[0].Nonce, Sess: "mallory"}),
			}
		}
		s.line.set(true)
		if session, ok := s.up.Session(); ok {
			t.Errorf("session %+v", session)
		}
	})
}

// A clock that central set does not let central's next word go further.
func TestAClockThatCentralSetIsNoWitnessOfItsTime(t *testing.T) {
	for led, want := range map[bool]time.Duration{false: 3 * 24 * time.Hour, true: 24 * time.Hour} {
		play(t, func(s *scene) {
			made := time.Now().Add(-3 * 24 * time.Hour)
			s.up.cfg.Led, s.up.cfg.Made = led, made
			s.line.set(true)
			if floor, err := s.store.Floor(); err != nil || !floor.Equal(made.Add(want)) {
				t.Errorf("led: %v: the floor is %v after the build, %v", led, floor.Sub(made), err)
			}
		})
	}
}
