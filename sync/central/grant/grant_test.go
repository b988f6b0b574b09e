package grant

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"unlockpoint/reader/piv"
	"unlockpoint/sync/wire"
)

// plainRing opens PUKs that were never sealed, and has three card keys.
type plainRing struct{}

func (plainRing) CardKey(v int) ([]byte, error) {
	if v < 1 || v > 3 {
		return nil, errors.New("no such key")
	}
	return bytes.Repeat([]byte{byte(v)}, 32), nil
}

func (plainRing) OpenPUK(_ string, sealed []byte) ([]byte, error) {
	return append([]byte{}, sealed...), nil
}

var _ Ring = plainRing{}

func grant(t testing.TB, s State) wire.Grant {
	t.Helper()
	g, err := s.Grant(plainRing{}, "piv:01")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func pivs() Kind {
	k, _ := KindOf("piv:01")
	return k
}

func imported() State { return New(Generation{Sealed: []byte("12345678")}) }

func TestTheFirstGrantCarriesTheImportedPUKAndItsSuccessor(t *testing.T) {
	g := grant(t, imported().Offer(pivs(), 1))
	key, _ := plainRing{}.CardKey(1)
	if g.Generation != 0 || string(g.Current) != "12345678" || !bytes.Equal(g.Next, piv.PUK(key, "piv:01", 1)) || g.NextFirst {
		t.Errorf("got generation %d, next first %v", g.Generation, g.NextFirst)
	}
}

func TestAnUnconfirmedPairStaysEvenIfTheKeyRotates(t *testing.T) {
	s := imported().Offer(pivs(), 1)
	before, after := grant(t, s), grant(t, s.Offer(pivs(), 2))
	if !bytes.Equal(before.Next, after.Next) {
		t.Error("the successor changed")
	}
}

func TestWhatBecameOfThePUK(t *testing.T) {
	for _, c := range []struct {
		what       string
		done       wire.UnlockDoneBody
		generation int
		nextFirst  bool
	}{
		{"changed", wire.UnlockDoneBody{PUK: wire.PUKNext, PUKTries: -1}, 1, false},
		{"not changed", wire.UnlockDoneBody{PUK: wire.PUKCurrent, PUKTries: -1}, 0, false},
		{"sent, answer lost", wire.UnlockDoneBody{PUK: wire.PUKUnknown, PUKTries: -1}, 0, true},
		{"news of another generation", wire.UnlockDoneBody{Generation: 4, PUK: wire.PUKNext, PUKTries: -1}, 0, false},
	} {
		s := imported().Offer(pivs(), 1).Done(c.done)
		g := grant(t, s.Offer(pivs(), 1))
		if g.Generation != c.generation || g.NextFirst != c.nextFirst {
			t.Errorf("%s: generation %d, next first %v", c.what, g.Generation, g.NextFirst)
		}
	}
}

func TestDoubtAboutThePUKEndsWithTheCardsWord(t *testing.T) {
	s := imported().Offer(pivs(), 1).Done(wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKUnknown, PUKTries: -1})
	s = s.Done(wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent, PUKTries: 2})
	if !grant(t, s).NextFirst {
		t.Error("an unlock of which nothing is known ended the doubt")
	}
	s = s.Done(wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKCurrent, PUKTries: -1})
	if grant(t, s).NextFirst {
		t.Error("the card took the current PUK, and there is doubt left")
	}
}

// What the card refused it does not have: that is a better word than a change
// that was sent.
func TestARefusedPUKIsNotTriedFirst(t *testing.T) {
	refused := func(s State, wrong ...wire.PUKState) State {
		return s.Done(wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent, Wrong: wrong, PUKTries: 2})
	}
	sent := imported().Offer(pivs(), 1).Done(wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKUnknown, PUKTries: -1})
	if grant(t, refused(sent, wire.PUKNext)).NextFirst {
		t.Error("the next one is tried first again, and the card refused it")
	}
	if g := grant(t, refused(sent, wire.PUKNext)); !slices.Equal(g.Wrong, []wire.PUKState{wire.PUKNext}) {
		t.Errorf("the terminal is told that the card refused %v", g.Wrong)
	}
	if s := refused(imported().Offer(pivs(), 1), wire.PUKCurrent); !grant(t, s).NextFirst || s.Doubtful() {
		t.Error("the current one is tried first again, and the card refused it")
	}
	if !refused(refused(sent, wire.PUKNext), wire.PUKCurrent, wire.PUKNext).Doubtful() {
		t.Error("the card refused both, and there is no doubt")
	}
}

// A refusal is no word on a change that was sent after it: of an unlock that the
// power cut nothing else is told.
func TestAChangeThatIsSentOutlivesAnOlderRefusal(t *testing.T) {
	lost := wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKUnknown, PUKTries: -1}
	refused := wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent, Wrong: []wire.PUKState{wire.PUKNext}, PUKTries: 2}
	s := imported().Offer(pivs(), 1).Done(lost).Done(refused).Done(lost)
	if g := grant(t, s); !g.NextFirst || slices.Contains(g.Wrong, wire.PUKNext) {
		t.Errorf("the card may have the next one, and the grant says %v, next first %v", g.Wrong, g.NextFirst)
	}
	lost.Wrong = refused.Wrong
	if g := grant(t, s.Done(lost)); g.NextFirst || !slices.Contains(g.Wrong, wire.PUKNext) {
		t.Errorf("the card refused the next one, and the grant says %v, next first %v", g.Wrong, g.NextFirst)
	}
}

func TestTheLastTryIsNobodys(t *testing.T) {
	s := imported().Offer(pivs(), 1).Done(wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKUnknown, PUKTries: 1})
	if !s.Doubtful() {
		t.Error("the last try may be spent")
	}
	if s = s.Done(wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKCurrent, PUKTries: -1}); s.Doubtful() {
		t.Error("the card took a PUK, and there is doubt")
	}
}

func TestAUsedUpPUKIsSeen(t *testing.T) {
	s := imported().Offer(pivs(), 1)
	if s.UsedUp() {
		t.Error("before any counter was seen")
	}
	if s = s.Done(wire.UnlockDoneBody{PUK: wire.PUKCurrent, PUKTries: 0}); !s.UsedUp() {
		t.Error("after a counter of 0")
	}
}

// However often changes are lost, repeated or told late, the PUK that the card
// has is always one of the pair that the next grant carries.
func TestTheCardsPUKIsAlwaysOffered(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := imported()
		card := []byte("12345678")
		var late []wire.UnlockDoneBody
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			s = s.Offer(pivs(), rapid.IntRange(1, 3).Draw(r, "key"))
			g := grant(t, s)
			if !bytes.Equal(card, g.Current) && !bytes.Equal(card, g.Next) {
				r.Fatalf("the card's PUK is in no grant of generation %d", g.Generation)
			}
			done := wire.UnlockDoneBody{Generation: g.Generation, PUKTries: -1, PUK: wire.PUKNext}
			switch rapid.IntRange(0, 3).Draw(r, "end") {
			case 0: // nothing was sent
				done.PUK = wire.PUKCurrent
				if bytes.Equal(card, g.Next) {
					done.PUK = wire.PUKNext
				}
			case 1: // the change was sent and lost before the card
				done.PUK = wire.PUKUnknown
			case 2: // the change came through, and its answer was lost
				card, done.PUK = g.Next, wire.PUKUnknown
			case 3:
				card = g.Next
			}
			late = append(late, done)
			s = s.Done(done)
			if rapid.Bool().Draw(r, "an old fact again") {
				old := rapid.SampledFrom(late).Draw(r, "which")
				if old.Generation < s.Current().Number {
					s = s.Done(old)
				}
			}
			numbers := slices.Clone(s.Kept)
			if len(numbers) > kept {
				r.Fatalf("%d generations kept", len(numbers))
			}
		}
	})
}
