package store

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"unlockpoint/sync/wire"
)

// done is the last unlock.done in the outbox.
func done(t *testing.T, s *Store) (wire.UnlockDoneBody, int) {
	t.Helper()
	facts := wantSound(t, s)
	var last wire.UnlockDoneBody
	n := 0
	for _, f := range facts {
		if f.Kind != wire.UnlockDone {
			continue
		}
		n++
		last = wire.UnlockDoneBody{}
		if err := json.Unmarshal(f.Text, &last); err != nil {
			t.Fatal(err)
		}
	}
	return last, n
}

func begun(t *testing.T, s *Store, card string, gen int) *Unlock {
	t.Helper()
	u, err := s.BeginUnlock(card, "case-1", gen, false)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// steps of an unlock, in the order in which they may happen.
var (
	resetCurrent  = func(u *Unlock) error { return u.BeforeReset(wire.PUKCurrent) }
	resetNext     = func(u *Unlock) error { return u.BeforeReset(wire.PUKNext) }
	resetDone     = func(u *Unlock) error { return u.AfterReset(Answer{Done: true, Left: -1}) }
	resetRefused  = func(u *Unlock) error { return u.AfterReset(Answer{Wrong: true, Left: 2}) }
	changeSent    = func(u *Unlock) error { return u.BeforeChange() }
	changeDone    = func(u *Unlock) error { return u.AfterChange(true) }
	changeRefused = func(u *Unlock) error { return u.AfterChange(false) }
)

type steps []func(*Unlock) error

func (ss steps) run(t *testing.T, u *Unlock) {
	t.Helper()
	for _, step := range ss {
		if err := step(u); err != nil {
			t.Fatal(err)
		}
	}
}

// unlocks are all ways an unlock may go, with what is told when it ends in
// order, and when the power is cut at that point instead.
var unlocks = []struct {
	name      string
	steps     steps
	told, cut bool // told in order, and after a cut
	pin       wire.PINState
	puk       wire.PUKState   // in order and after a cut
	wrong     []wire.PUKState // what the card refused
	left      int             // tries of its PUK
	nextFirst bool            // what the next unlock of this generation knows
}{
	{name: "nothing sent"},
	{"reset sent", steps{resetCurrent}, true, true, wire.PINUnknown, wire.PUKCurrent, nil, -1, false},
	{"reset refused", steps{resetCurrent, resetRefused}, true, false, wire.PINUnknown, wire.PUKCurrent, currentWrong, 2, false},
	{"reset with current", steps{resetCurrent, resetDone}, true, true, wire.PINReset, wire.PUKCurrent, nil, -1, false},
	{"current refused, next taken", steps{resetCurrent, resetRefused, resetNext, resetDone}, true, true, wire.PINReset, wire.PUKNext, nil, -1, false},
	{"current refused, next sent", steps{resetCurrent, resetRefused, resetNext}, true, true, wire.PINUnknown, wire.PUKUnknown, currentWrong, 1, false},
	{"change sent", steps{resetCurrent, resetDone, changeSent}, true, true, wire.PINReset, wire.PUKUnknown, nil, -1, true},
	{"change refused", steps{resetCurrent, resetDone, changeSent, changeRefused}, true, true, wire.PINReset, wire.PUKCurrent, nil, -1, false},
	{"change done", steps{resetCurrent, resetDone, changeSent, changeDone}, true, true, wire.PINReset, wire.PUKNext, nil, -1, false},
}

var currentWrong = []wire.PUKState{wire.PUKCurrent}

func TestAnUnlockThatEndsIsTold(t *testing.T) {
	for _, c := range unlocks {
		t.Run(c.name, func(t *testing.T) {
			s := opened(t, filepath.Join(t.TempDir(), "store"))
			u := begun(t, s, cardHash(1), 4)
			c.steps.run(t, u)
			if err := u.Finish(); err != nil {
				t.Fatal(err)
			}

			body, n := done(t, s)
			if !c.told {
				if n != 0 {
					t.Errorf("told %+v of nothing", body)
				}
				return
			}
			want := wire.UnlockDoneBody{Case: "case-1", Generation: 4, PIN: c.pin, PUK: c.puk, Wrong: c.wrong, PUKTries: c.left}
			if n != 1 || !reflect.DeepEqual(body, want) {
				t.Errorf("told %d times, %+v, want %+v", n, body, want)
			}
			_, unfinished, err := s.Unfinished(cardHash(1))
			if unfinished != (c.pin == wire.PINUnknown && c.cut) || err != nil {
				t.Errorf("unfinished %v, %v", unfinished, err)
			}
			if next := begun(t, s, cardHash(1), 4); next.NextFirst() != c.nextFirst {
				t.Errorf("next first %v, want %v", next.NextFirst(), c.nextFirst)
			}
			if next := begun(t, s, cardHash(1), 4); next.Left() != c.left || next.Refused(wire.PUKCurrent) != (c.wrong != nil) {
				t.Errorf("%d tries left, refused %v", next.Left(), next.Refused(wire.PUKCurrent))
			}
			if next := begun(t, s, cardHash(1), 5); next.NextFirst() || next.Left() != -1 || next.Refused(wire.PUKCurrent) {
				t.Error("what is known of one generation's PUK says nothing about the next one's")
			}
		})
	}
}

// Central then knows that the card's PUK is used up, and spares the next
// person the questions.
func TestARefusedPUKIsToldWithItsCounter(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	u := begun(t, s, cardHash(1), 4)
	blocked := func(u *Unlock) error { return u.AfterReset(Answer{Left: 0}) }
	steps{resetCurrent, blocked}.run(t, u)
	if err := u.Finish(); err != nil {
		t.Fatal(err)
	}
	want := wire.UnlockDoneBody{Case: "case-1", Generation: 4, PIN: wire.PINUnknown, PUK: wire.PUKCurrent, PUKTries: 0}
	if body, n := done(t, s); n != 1 || !reflect.DeepEqual(body, want) {
		t.Errorf("told %d times, %+v, want %+v", n, body, want)
	}
	if _, unfinished, err := s.Unfinished(cardHash(1)); unfinished || err != nil {
		t.Errorf("unfinished %v, %v: the card is as it was", unfinished, err)
	}
}

func TestAnUnlockCutShortIsToldAsUnknown(t *testing.T) {
	for _, c := range unlocks {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			s := opened(t, dir)
			c.steps.run(t, begun(t, s, cardHash(1), 4))
			closed(t, s)
			// Opened twice: the end of an unlock is told once.
			closed(t, opened(t, dir))
			s = opened(t, dir)

			body, n := done(t, s)
			left, unfinished, err := s.Unfinished(cardHash(1))
			if err != nil {
				t.Fatal(err)
			}
			if !c.cut {
				if n != 0 || unfinished {
					t.Errorf("told %d times, unfinished %v, of nothing", n, unfinished)
				}
				return
			}
			want := wire.UnlockDoneBody{Case: "case-1", Generation: 4, PIN: wire.PINUnknown, PUK: c.puk, Wrong: c.wrong, PUKTries: c.left}
			if n != 1 || !reflect.DeepEqual(body, want) {
				t.Errorf("told %d times, %+v, want %+v", n, body, want)
			}
			if !unfinished || left != (Leftover{Case: "case-1", Generation: 4, PUK: c.puk}) {
				t.Errorf("left over: %v, %+v", unfinished, left)
			}
			if next := begun(t, s, cardHash(1), 4); next.NextFirst() != c.nextFirst {
				t.Errorf("next first %v, want %v", next.NextFirst(), c.nextFirst)
			}
		})
	}
}

func TestACardSeenUnblockedSettlesWhatWasCutShort(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	steps{resetCurrent, resetDone, changeSent}.run(t, begun(t, s, cardHash(1), 4))
	closed(t, s)
	s = opened(t, dir)

	for range 2 { // settled once
		if err := s.Settle(cardHash(1), 3); err != nil {
			t.Fatal(err)
		}
	}
	body, n := done(t, s)
	want := wire.UnlockDoneBody{Case: "case-1", Generation: 4, PIN: wire.PINReset, PUK: wire.PUKUnknown, PUKTries: 3}
	if n != 2 || !reflect.DeepEqual(body, want) { // the first said unknown
		t.Errorf("told %d times, %+v, want %+v", n, body, want)
	}
	if _, unfinished, _ := s.Unfinished(cardHash(1)); unfinished {
		t.Error("still unfinished")
	}
	if !begun(t, s, cardHash(1), 4).NextFirst() {
		t.Error("forgot that the change of the PUK was sent")
	}
	if err := s.Settle(cardHash(2), 3); err != nil {
		t.Errorf("settle a card with nothing left: %v", err)
	}
}

// A card that worked before its unlock was cut short, and works, may have the
// old passcode or the new one: only its own answer tells which.
func TestACardThatWorkedSettlesWhatItAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		steps steps
		told  wire.PINState
		left  int
	}{
		"no answer":    {steps{resetCurrent, resetRefused, resetNext}, wire.PINUnknown, 1},
		"the passcode": {steps{resetCurrent, resetRefused, resetNext, resetDone}, wire.PINReset, -1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			s := opened(t, dir)
			u, err := s.BeginUnlock(cardHash(1), "case-1", 4, true)
			if err != nil {
				t.Fatal(err)
			}
			c.steps.run(t, u)
			closed(t, s)
			s = opened(t, dir)

			if err := s.Settle(cardHash(1), -1); err != nil {
				t.Fatal(err)
			}
			if body, _ := done(t, s); body.PIN != c.told {
				t.Errorf("told %+v, want %s", body, c.told)
			}
			if _, unfinished, err := s.Unfinished(cardHash(1)); unfinished || err != nil {
				t.Errorf("still unfinished: %v, %v", unfinished, err)
			}
			if left := begun(t, s, cardHash(1), 4).Left(); left != c.left {
				t.Errorf("%d PUK tries left, want %d", left, c.left)
			}
		})
	}
}

func TestASecondUnlockKnowsWhatTheFirstLeft(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	steps{resetCurrent, resetDone, changeSent}.run(t, begun(t, s, cardHash(1), 4))
	closed(t, s)
	s = opened(t, dir)

	// The change never reached the card: it refuses the next PUK.
	u := begun(t, s, cardHash(1), 4)
	steps{resetNext, resetRefused, resetCurrent, resetDone}.run(t, u)
	if err := u.Finish(); err != nil {
		t.Fatal(err)
	}
	if begun(t, s, cardHash(1), 4).NextFirst() {
		t.Error("the card took the current PUK: there is no doubt left")
	}
}

func TestAnUnlockThatBeginsKeepsWhatIsLeftOver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := opened(t, dir)
	steps{resetCurrent}.run(t, begun(t, s, cardHash(1), 4))
	closed(t, s)
	s = opened(t, dir)
	if err := begun(t, s, cardHash(1), 4).Finish(); err != nil {
		t.Fatal(err)
	}
	if _, unfinished, _ := s.Unfinished(cardHash(1)); !unfinished {
		t.Error("an unlock that did nothing hid the one that was cut short")
	}
}

func TestTheJournalNamesNoCard(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "store"))
	if _, err := s.BeginUnlock("5901-2233-4455", "case-1", 1, false); !errors.Is(err, ErrNotHash) {
		t.Errorf("a card id was taken: %v", err)
	}
}

// An unlock whose end was not written, whatever the reason, is told of when the
// card is put in again, and not only after a restart.
func TestAnUnlockWhoseEndIsNotWrittenIsTold(t *testing.T) {
	s := opened(t, t.TempDir())
	defer closed(t, s)
	u := begun(t, s, cardHash(1), 1)
	steps{resetCurrent, resetDone}.run(t, u)
	var end tail
	put := func(do func(tx) error) {
		t.Helper()
		if err := s.update("test", do); err != nil {
			t.Fatal(err)
		}
	}
	put(func(t tx) error { return errors.Join(t.get(keyTail, &end), t.drop(keyTail)) })
	if err := u.Finish(); err == nil || errors.Is(err, ErrFull) {
		t.Fatalf("the end was written: %v", err)
	}
	put(func(t tx) error { return t.put(keyTail, end) })
	if _, told, err := s.Unfinished(cardHash(1)); err != nil || !told {
		t.Errorf("it is unfinished: %v, %v", told, err)
	}
	if last, n := done(t, s); n != 1 || last.PIN != wire.PINUnknown {
		t.Errorf("told %d times: %+v", n, last)
	}
}
