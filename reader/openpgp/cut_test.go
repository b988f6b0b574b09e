package openpgp_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// Writes of a card: a try is booked and given back; a secret is set.
const (
	booking = 2
	setting = 1
)

// habits are the two ways in which secrets are sent.
var habits = map[string]simcard.Quirks{"plain": {}, "KDF": {KDF: true}}

// cutIn does something to a card that is taken out in the middle.
func cutIn(t *testing.T, b profiletest.Bench, c profiletest.Cut, do profiletest.Deed) {
	t.Helper()
	card := b.Open(t)
	if _, err := card.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Card.PullAt(c.Pull)
	if o, err := do(t.Context(), card); !errors.Is(err, reader.ErrCardGone) {
		t.Fatalf("%s: not cut: %+v, %v", c.Name, o, err)
	}
	b.Slot.Insert(b.Card)
}

// again unblocks the card with this admin PIN, as the next insertion would.
func again(t *testing.T, what string, b profiletest.Bench, admin string) {
	t.Helper()
	profiletest.Want(t, what, reader.OK, reader.Unknown)(b.Open(t).Unblock(t.Context(), []byte(admin), []byte("314159")))
	if s := b.Card.Status(); !b.Card.Verify("314159") || s.PUKTries != 3 {
		t.Errorf("%s: %+v", what, s)
	}
}

// cutsOf joins lists of cuts.
func cutsOf(all ...[]profiletest.Cut) (list []profiletest.Cut) {
	for _, some := range all {
		list = append(list, some...)
	}
	return list
}

func TestAnUnblockCutAnywhereIsDoneAgain(t *testing.T) {
	for habit, quirks := range habits {
		for _, c := range cutsOf(profiletest.Cuts(iso7816.InsVerify, 1, booking), profiletest.Cuts(iso7816.InsResetRetry, 1, setting)) {
			what := habit + ", " + c.Name
			b := newBench(t, simcard.Config{Kind: simcard.Blocked, Quirks: quirks})
			cutIn(t, b, c, profiletest.Unblock(admin, "271828"))
			done := c.INS == iso7816.InsResetRetry && c.When != simcard.Before
			if s := b.Card.Status(); s.PUKTries < 2 || s.PUKTries > 3 || (s.Tries == 3) != done || !done && s.Tries != 0 {
				t.Errorf("%s: %+v", what, s)
			}
			if b.Card.Verify("271828") != done {
				t.Errorf("%s: the new passcode works: %v", what, !done)
			}
			again(t, what, b, admin)
		}
	}
}

// A right secret may cost a try by dying, a wrong one never saves one.
func TestASecretCutAnywhereIsNoFreeGuess(t *testing.T) {
	for habit, quirks := range habits {
		for _, right := range []bool{true, false} {
			for _, c := range profiletest.Cuts(iso7816.InsVerify, 1, 1) {
				what := fmt.Sprintf("%s, right: %v, %s", habit, right, c.Name)
				guess, adminGuess := "000000", "00000000"
				if right {
					guess, adminGuess = "123456", admin
				}
				at := 3
				if c.When == simcard.During || c.When == simcard.After && !right {
					at = 2
				}
				b := newBench(t, simcard.Config{Quirks: quirks})
				cutIn(t, b, c, profiletest.Verify(guess))
				cutIn(t, b, c, profiletest.Unblock(adminGuess, "271828"))
				if s := b.Card.Status(); s.Tries != at || s.PUKTries != at {
					t.Errorf("%s: %+v, want %d", what, s, at)
				}
				again(t, what, b, admin)
			}
		}
	}
}

func TestAChangeCutAnywhereLeavesOneSecret(t *testing.T) {
	for habit, quirks := range habits {
		for _, c := range cutsOf(profiletest.Cuts(iso7816.InsVerify, 1, booking), profiletest.Cuts(iso7816.InsChangeReference, 1, booking+setting)) {
			what := habit + ", " + c.Name
			done := c.INS == iso7816.InsChangeReference && (c.When == simcard.After || c.Write == booking+setting)
			b := newBench(t, simcard.Config{Quirks: quirks})
			cutIn(t, b, c, profiletest.Change("123456", "271828"))
			if s := b.Card.Status(); s.Tries < 2 || s.Tries > 3 || s.PUKTries != 3 {
				t.Errorf("%s: %+v", what, s)
			}
			if b.Card.Verify("271828") != done || b.Card.Verify("123456") == done {
				t.Errorf("%s: the change is done: %v", what, !done)
			}
			cutIn(t, b, c, func(ctx context.Context, card reader.Card) (reader.Outcome, error) {
				return card.ChangePUK(ctx, []byte(admin), []byte("035891932779"))
			})
			if s := b.Card.Status(); s.PUKTries < 2 || s.PUKTries > 3 {
				t.Errorf("%s: %+v", what, s)
			}
			again(t, what, b, map[bool]string{true: "035891932779", false: admin}[done])
		}
	}
}

// A cut in reading costs nothing.
func TestACutInReadingChangesNothing(t *testing.T) {
	const getData = 0xCA
	for n := 1; n <= 3; n++ {
		for _, c := range profiletest.Cuts(getData, n, 0) {
			b := newBench(t, simcard.Config{Kind: simcard.Blocked})
			card := b.Open(t)
			b.Card.PullAt(c.Pull)
			if _, err := card.Info(t.Context()); !errors.Is(err, reader.ErrCardGone) {
				t.Errorf("%s: %v", c.Name, err)
			}
			b.Slot.Insert(b.Card)
			again(t, c.Name, b, admin)
		}
	}
}
