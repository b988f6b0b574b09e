package uplink

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/sync/wire"
)

func TestACallBringsItsReply(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		r, err := s.look(s.t.Context())
		if err != nil || r.Standing != wire.StandsRegistered || r.AttemptsLeft != 3 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestARefusalIsAnErrorAndStillAReply(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.answer = func(wire.Kind, wire.Envelope, []byte) any {
			return wire.CardLookReply{Answered: wire.Refuse(wire.Frozen), Standing: wire.StandsFrozen}
		}
		s.line.set(true)
		r, err := s.look(s.t.Context())
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Refusal != wire.Frozen || r.Standing != wire.StandsFrozen {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestALostReplyIsFetchedWithTheSameBytes(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		lost := 2
		s.line.lose = func(topic string, _ []byte) bool {
			if topic == wire.DownTopic(site, terminal, wire.ClassReply) && lost > 0 {
				lost--
				return true
			}
			return false
		}
		began := time.Now()
		if _, err := s.look(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		notes := s.line.asking(t, wire.CardLook)
		if len(notes) != 3 || !bytes.Equal(notes[0], notes[1]) || !bytes.Equal(notes[0], notes[2]) {
			t.Errorf("%d notes, not all the same bytes", len(notes))
		}
		if n := s.centre.did(wire.CardLook); n != 1 {
			t.Errorf("central did it %d times", n)
		}
		if took := time.Since(began); took > 12*time.Second {
			t.Errorf("two repeats took %v", took)
		}
	})
}

func TestAReplyIsFetchedOverAnotherConnection(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.line.lose = func(topic string, _ []byte) bool {
			return topic == wire.DownTopic(site, terminal, wire.ClassReply)
		}
		done := make(chan error, 1)
		go func() { _, err := s.look(s.t.Context()); done <- err }()
		synctest.Wait()
		s.line.set(false)
		s.line.lose = nil
		s.line.set(true)

		// Sealed to the key of the session that it was asked in.
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if notes := s.line.asking(t, wire.CardLook); len(notes) != 2 || !bytes.Equal(notes[0], notes[1]) {
			t.Errorf("%d notes, not the same bytes", len(notes))
		}
		if n := s.centre.did(wire.CardLook); n != 1 {
			t.Errorf("central did it %d times", n)
		}
	})
}

func TestAForgottenSessionIsOpenedAnewAndTheRequestMadeAgain(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.centre.forget()
		if _, err := s.look(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		notes := s.line.asking(t, wire.CardLook)
		if len(notes) != 2 || bytes.Equal(notes[0], notes[1]) {
			t.Fatalf("%d notes", len(notes))
		}
		first, _ := wire.Peek(notes[0])
		second, _ := wire.Peek(notes[1])
		if first.ID == second.ID || first.Sess == second.Sess {
			t.Error("made anew under the same id or session")
		}
		if n := s.centre.did(wire.CardLook); n != 1 {
			t.Errorf("central did it %d times", n)
		}
		synctest.Wait()
		if h := s.centre.hellos; len(h) != 2 || h[1].Prev != first.Sess {
			t.Errorf("%d hellos", len(h))
		}
	})
}

func TestManyCallsOverOneForgottenSessionSayHelloOnce(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.centre.forget()
		done := make(chan error)
		for range 8 {
			go func() { _, err := s.look(s.t.Context()); done <- err }()
		}
		for range 8 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if n := s.centre.did(wire.CardLook); n != 8 || len(s.centre.hellos) != 2 {
			t.Errorf("%d served, %d hellos", n, len(s.centre.hellos))
		}
	})
}

func TestWithoutALinkACallWaitsAShortWhile(t *testing.T) {
	play(t, func(s *scene) {
		began := time.Now()
		_, err := s.look(s.t.Context())
		if took := time.Since(began); !errors.Is(err, ErrLink) || took < 3*time.Second || took > 4*time.Second {
			t.Errorf("%v after %v", err, took)
		}

		time.AfterFunc(2*time.Second, func() { s.line.set(true) })
		if _, err := s.look(s.t.Context()); err != nil {
			t.Errorf("the link came in time: %v", err)
		}
	})
}

func TestACallEndsWithItsContext(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.answer = func(wire.Kind, wire.Envelope, []byte) any { return nil } // never
		s.line.set(true)
		ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
		defer cancel()
		if _, err := s.look(ctx); !errors.Is(err, ErrLink) {
			t.Errorf("no answer in time: %v", err)
		}

		ctx, cancel = context.WithCancel(s.t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := s.look(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ErrLink) {
			t.Errorf("no longer wanted: %v", err)
		}

		before := len(s.line.asking(t, wire.CardLook))
		time.Sleep(time.Minute)
		if after := len(s.line.asking(t, wire.CardLook)); after != before {
			t.Error("still asking for a reply that nobody wants")
		}
	})
}

func TestACallBeforeAndAfterRunFindsNoLink(t *testing.T) {
	play(t, func(s *scene) {
		s.end()
		if _, err := s.look(s.t.Context()); !errors.Is(err, ErrLink) {
			t.Errorf("after the end: %v", err)
		}
		idle := New(s.up.cfg, s.store)
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
		defer cancel()
		if err := idle.Call(ctx, wire.CardLook, wire.CardLookBody{}, &wire.CardLookReply{}); !errors.Is(err, ErrLink) {
			t.Errorf("before the beginning: %v", err)
		}
	})
}

func TestCallsUnderWayEndWithTheUplink(t *testing.T) {
	play(t, func(s *scene) {
		s.centre.answer = func(wire.Kind, wire.Envelope, []byte) any { return nil }
		s.line.set(true)
		done := make(chan error, 1)
		go func() { _, err := s.look(context.Background()); done <- err }()
		synctest.Wait()
		s.end()
		if err := <-done; !errors.Is(err, ErrLink) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhileCentralIsAwayNothingIsUp(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.status()
		s.line.say(s.centre.state(false))
		if st := s.status(); st.Up || st.Central {
			t.Errorf("central is away: %+v", st)
		}
		if _, err := s.look(s.t.Context()); !errors.Is(err, ErrLink) {
			t.Errorf("central is away: %v", err)
		}
		s.line.say(s.centre.state(true))
		if st := s.status(); !st.Up || !st.Central {
			t.Errorf("central is back: %+v", st)
		}
		if _, err := s.look(s.t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestACallThatWaitsForCentralGoesOutWhenItIsBack(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.line.say(s.centre.state(false))
		began := time.Now()
		done := make(chan error, 1)
		go func() { _, err := s.look(s.t.Context()); done <- err }()
		synctest.Wait()
		s.line.say(s.centre.state(true))
		if err := <-done; err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestACentralThatIsBackIsAskedAgainAtOnce(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		away := true
		s.line.lose = func(topic string, _ []byte) bool {
			return away && topic == wire.UpTopic(site, terminal, wire.ClassReq)
		}
		began := time.Now()
		done := make(chan error, 1)
		go func() { _, err := s.look(s.t.Context()); done <- err }()
		synctest.Wait()
		s.line.say(s.centre.state(false))
		away = false
		s.line.say(s.centre.state(true))
		if err := <-done; err != nil || time.Since(began) > time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestACentralThatComesAfterTheTerminalIsGreetedAtOnce(t *testing.T) {
	play(t, func(s *scene) {
		early := true
		s.line.lose = func(topic string, _ []byte) bool {
			return early && topic == wire.UpTopic(site, terminal, wire.ClassReq)
		}
		s.line.set(true)
		synctest.Wait()
		early = false
		began := time.Now()
		birth := s.centre.state(true)
		birth.Retained = false // as it comes to those who listen already
		s.line.say(birth)
		if st := s.status(); !st.Up || time.Since(began) > time.Second {
			t.Errorf("%+v after %v", st, time.Since(began))
		}
	})
}

func TestAGoodbyeThatComesLateIsDoubted(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.status()
		s.line.say(s.centre.state(false)) // the will, after the birth: central is there
		if st := s.status(); st.Up {
			t.Fatal("central said goodbye")
		}
		select {
		case st := <-s.up.Changes():
			if !st.Up {
				t.Errorf("central was greeted: %+v", st)
			}
		case <-time.After(time.Minute):
			t.Fatal("central was not greeted")
		}
		if _, err := s.look(s.t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTheGrantOpensForItsInsertionOnly(t *testing.T) {
	play(t, func(s *scene) {
		mine, other := sealKey(t), sealKey(t)
		s.centre.answer = func(_ wire.Kind, re wire.Envelope, body []byte) any {
			var ask wire.UnlockGrantBody
			must(t, wire.Decode(body, &ask))
			sealed, err := wire.Seal(ask.SealTo, realm, re, []byte(`{"gen":4,"current":"AQ==","next":"Ag=="}`))
			must(t, err)
			return wire.UnlockGrantReply{Grant: sealed}
		}
		s.line.set(true)
		var r GrantReply
		must(t, s.up.Call(s.t.Context(), wire.UnlockGrant, wire.UnlockGrantBody{Case: "c", SealTo: mine.Public()}, &r))
		if g, err := s.up.OpenGrant(r, mine); err != nil || g.Generation != 4 || !bytes.Equal(g.Next, []byte{2}) {
			t.Errorf("%+v, %v", g, err)
		}
		if _, err := s.up.OpenGrant(r, other); err == nil {
			t.Error("opened by another insertion's key")
		}
		if _, err := s.up.OpenGrant(GrantReply{UnlockGrantReply: r.UnlockGrantReply}, mine); err == nil {
			t.Error("opened outside of its reply")
		}
		if _, err := s.up.OpenGrant(GrantReply{}, mine); err == nil {
			t.Error("a grant out of nothing")
		}
	})
}

func TestARequestTooLargeForANoteIsAnError(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		body := wire.CardLookBody{Card: string(bytes.Repeat([]byte("5"), wire.MaxNote))}
		if err := s.up.Call(s.t.Context(), wire.CardLook, body, &wire.CardLookReply{}); err == nil || errors.Is(err, ErrLink) {
			t.Errorf("%v", err)
		}
	})
}
