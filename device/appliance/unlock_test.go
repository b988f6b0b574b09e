package appliance

import (
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/display"
	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

const (
	current = "11112222"
	next    = "33334444"
	newPIN  = "739104"
)

// bench is a visit with a card on it, without central and without a person.
type bench struct {
	*visit
	t    *testing.T
	card *simcard.Card
	slot *simcard.Slot
}

// newBench puts a card in whose PUK is puk, wasting some of its PUK tries
// first.
func newBench(t *testing.T, puk string, wasted int) *bench {
	t.Helper()
	authority, err := simcard.NewAuthority("Cards", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	card, err := simcard.New(simcard.Config{PUK: puk, Authority: authority})
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	slot := simcard.NewSlot("reader")
	hash := wire.CardHash([]byte("key"), card.Status().CardID)
	b := &bench{t: t, card: card, slot: slot, visit: &visit{a: &Appliance{store: db, cfg: Config{Slot: slot, Log: slog.New(slog.DiscardHandler)}}, hash: hash}}
	b.insert()
	for range wasted {
		if _, err := b.visit.card.Unblock(t.Context(), []byte("00000000"), []byte(newPIN)); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// insert puts the card in, after it was pulled too.
func (b *bench) insert() {
	b.t.Helper()
	b.release()
	b.slot.Insert(b.card)
	link, err := b.slot.Open(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	b.visit.link = link
	if b.visit.card, err = piv.Open(b.t.Context(), link); err != nil {
		b.t.Fatal(err)
	}
	if b.info, err = b.visit.card.Info(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) unlock(passcode string, nextFirst bool) error {
	b.t.Helper()
	grant := wire.Grant{Generation: 1, Current: []byte(current), Next: []byte(next), NextFirst: nextFirst}
	return b.useGrant(b.t.Context(), "case", grant, []byte(passcode))
}

// told is the newest unlock.done in the outbox.
func (b *bench) told() (done wire.UnlockDoneBody) {
	b.t.Helper()
	facts, err := b.a.store.After(0, 100)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range facts {
		if f.Kind == wire.UnlockDone {
			if err := json.Unmarshal(f.Text, &done); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	return done
}

// hasPUK tries a PUK on the card, with the passcode it has.
func (b *bench) hasPUK(puk string) bool {
	b.t.Helper()
	out, err := b.visit.card.Unblock(b.t.Context(), []byte(puk), []byte(newPIN))
	if err != nil {
		b.t.Fatal(err)
	}
	return out.Result == reader.OK
}

// PROTOCOL, "PUK of generation g": which of the two is tried, and when not.
func TestWhichPUKIsTried(t *testing.T) {
	for name, c := range map[string]struct {
		puk       string
		wasted    int
		nextFirst bool
		passcode  string
		want      error
		told      wire.UnlockDoneBody
		left      int // PUK tries of the card afterwards
	}{
		"the current one, and the card gets the next": {puk: current, passcode: newPIN, left: 3,
			told: wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKNext}},
		"the next one, when the change was lost elsewhere": {puk: next, passcode: newPIN, left: 3,
			told: wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKNext}},
		"the next one first, when the change is known to have been sent": {puk: next, nextFirst: true, wasted: 2, passcode: newPIN, left: 3,
			told: wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKNext}},
		"the current one second": {puk: current, nextFirst: true, passcode: newPIN, left: 3,
			told: wire.UnlockDoneBody{PIN: wire.PINReset, PUK: wire.PUKNext}},
		"neither: the last try is left alone": {puk: "55556666", passcode: newPIN, want: errPUKDoubt, left: 1,
			told: wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent, PUKTries: 1}},
		"no second one with one try left": {puk: next, wasted: 1, passcode: newPIN, want: errPUKDoubt, left: 1,
			told: wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent, PUKTries: 1}},
		"used up": {puk: current, wasted: 3, passcode: newPIN, want: errPUKUsedUp, left: 0,
			told: wire.UnlockDoneBody{PIN: wire.PINUnknown, PUK: wire.PUKCurrent}},
		"right, and a passcode the card does not take": {puk: current, passcode: "12", want: errPasscodeRule, left: 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, c.puk, c.wasted)
			if err := b.unlock(c.passcode, c.nextFirst); !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			told := b.told()
			if told.PIN != c.told.PIN || told.PUK != c.told.PUK {
				t.Errorf("central is told %+v, want %+v", told, c.told)
			}
			if left := b.card.Status().PUKTries; left != c.left {
				t.Errorf("%d PUK tries are left, want %d", left, c.left)
			}
			if c.want == nil && !b.hasPUK(next) {
				t.Error("the card does not have the next PUK")
			}
		})
	}
}

// A card that is pulled in the middle is served at the next insertion, by the
// same grant, whatever it had done by then. In one case it is unblocked
// already and only its PUK is in doubt: a chip that books the try before it
// compares has spent one in the change, and no more may be spent on asking.
func TestPulledInTheMiddleOfAnUnlock(t *testing.T) {
	const reset, change, read = 0x2C, 0x24, 0x20
	for _, ins := range []byte{reset, change, read} {
		for _, when := range []simcard.Moment{simcard.Before, simcard.During, simcard.After} {
			if ins == read && when == simcard.During {
				continue // asking for the tries left spends none
			}
			b := newBench(t, current, 0)
			b.card.PullAt(simcard.Pull{INS: ins, N: 1, When: when})
			if err := b.unlock(newPIN, false); err == nil {
				t.Fatalf("%#x, %d: the unlock did not notice", ins, when)
			}
			b.card.PullAt(simcard.Pull{})
			b.insert()
			err := b.unlock(newPIN, false)
			if ins == change && when == simcard.During {
				if !errors.Is(err, errPUKDoubt) || !b.card.Verify(newPIN) {
					t.Errorf("a PUK in doubt: %v", err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%#x: the second time: %v", ins, err)
			}
			if told := b.told(); told.PIN != wire.PINReset || told.PUK != wire.PUKNext {
				t.Errorf("%#x: central is told %+v", ins, told)
			}
			if !b.card.Verify(newPIN) || !b.hasPUK(next) {
				t.Errorf("%#x: the card has another passcode or PUK", ins)
			}
			if left := b.card.Status().PUKTries; left != 3 {
				t.Errorf("%#x: %d PUK tries are left", ins, left)
			}
		}
	}
}

// What the card refused at another terminal is not tried again, though a change
// to it was sent from here.
func TestAPUKThatWasRefusedElsewhereIsNotTriedHere(t *testing.T) {
	b := newBench(t, current, 0)
	b.card.PullAt(simcard.Pull{INS: 0x24, N: 1, When: simcard.Before})
	if err := b.unlock(newPIN, false); !errors.Is(err, reader.ErrCardGone) {
		t.Fatalf("pulled before the change: %v", err)
	}
	b.card.PullAt(simcard.Pull{})

	b.insert()
	h := &hand{Link: b.visit.link, card: b.card}
	var err error
	if b.visit.card, err = piv.Open(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	grant := wire.Grant{Generation: 1, Current: []byte(current), Next: []byte(next), Wrong: []wire.PUKState{wire.PUKNext}}
	if err := b.useGrant(t.Context(), "case", grant, []byte(newPIN)); err != nil || h.wrong != 0 {
		t.Errorf("%v, with %d tries spent on finding out", err, h.wrong)
	}
}

// A card that forbids the change of its PUK, or answers nonsense once it has
// the new passcode, is unlocked all the same, for the person as for central.
func TestWhatACardSaysAfterItIsUnlockedKeepsNobodyFromIt(t *testing.T) {
	const change, read = 2, 3 // of the commands of an unlock
	for _, c := range []struct {
		command int
		says    iso7816.Status
		puk     wire.PUKState
	}{
		{change, iso7816.StatusNotAllowed, wire.PUKUnknown},
		{change, iso7816.StatusNoConditions, wire.PUKUnknown},
		{change, 0x6F00, wire.PUKUnknown},
		{read, 0x6F00, wire.PUKNext},
	} {
		b := newBench(t, current, 0)
		h := &hand{Link: b.visit.link, card: b.card, fate: fate{says: c.says}}
		var err error
		if b.visit.card, err = piv.Open(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		h.left = c.command
		if err := b.unlock(newPIN, false); err != nil || !b.card.Verify(newPIN) {
			t.Errorf("%v to command %d (%s): %v", c.says, c.command, h.came, err)
		}
		if told := b.told(); told.PIN != wire.PINReset || told.PUK != c.puk {
			t.Errorf("%v to command %d: central is told %+v", c.says, c.command, told)
		}
	}
}

// PROTOCOL: whoever next sees the card unblocked closes the case. One that
// worked all along, whose holder forgot the passcode, shows nothing by that:
// it may well have the old passcode still.
func TestACardThatWorkedAllAlongClosesNoCase(t *testing.T) {
	for name, c := range map[string]struct {
		blocked, before bool // it is, and was before it was put in
		pulled          simcard.Moment
		told            wire.PINState
	}{
		"worked, pulled before":           {false, false, simcard.Before, wire.PINUnknown},
		"worked, pulled after":            {false, false, simcard.After, wire.PINUnknown},
		"blocked, pulled before":          {true, true, simcard.Before, wire.PINUnknown},
		"blocked, pulled after":           {true, true, simcard.After, wire.PINReset},
		"blocked meanwhile, pulled after": {true, false, simcard.After, wire.PINReset},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, current, 0)
			for c.blocked && b.card.Status().Tries > 0 {
				b.verify(t.Context(), journey.VerifyPasscode{Passcode: display.NewSecret("000000")})
			}
			if c.before {
				b.insert()
			}
			b.card.PullAt(simcard.Pull{INS: 0x2C, N: 1, When: c.pulled})
			if err := b.unlock(newPIN, false); !errors.Is(err, reader.ErrCardGone) {
				t.Fatalf("pulled: %v", err)
			}
			b.card.PullAt(simcard.Pull{})

			b.insert()
			if unfinished, err := b.settle(b.info); !unfinished || err != nil {
				t.Errorf("at the next insertion it was cut short: %v, %v", unfinished, err)
			}
			if told := b.told(); told.PIN != c.told {
				t.Errorf("central is told %q, want %q", told.PIN, c.told)
			}
			stays := b.info.Tries == 0
			if unfinished, err := b.settle(b.info); unfinished != stays || err != nil {
				t.Errorf("at the one after it: %v, %v, want %v", unfinished, err, stays)
			}
		})
	}
}
