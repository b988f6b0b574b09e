package keypad

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"unlockpoint/display/keypad/keypadtest"
)

const ms = time.Millisecond

func TestEachKeyOfASixteenKeyPadIsNamed(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.tap("1", "2", "3", "Cancel", "4", "5", "6", "Clear")
		d.expect("1 2 3 Cancel 4 5 6 Clear")
		d.tap("7", "8", "9", "-", "*", "0", "#", "Enter")
		d.expect("7 8 9 * 0 # Enter")
	})
}

func TestTwelveKeysDoEverything(t *testing.T) {
	onLines(t, 3, func(d *desk) {
		d.tap("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "Enter")
		d.expect("1 2 3 4 5 6 7 8 9 0 Enter")
		d.tap("Second", "Second", "Second", "Enter", "Second", "0", "Second", "1")
		d.expect("Clear # Cancel *")
	})
}

func TestASecondByAccidentCostsNothing(t *testing.T) {
	onLines(t, 3, func(d *desk) {
		d.tap("Second", "5", "0")
		d.expect("5 0")
		d.tap("Second")
		time.Sleep(forget)
		d.tap("0")
		d.expect("0")
	})
}

func TestAKeyCountsOnceHoweverLongItIsHeld(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.down("5")
		d.expect("5")
		time.Sleep(9 * time.Second)
		d.up("5")
		d.expect("")
		d.tap("5")
		d.expect("5")
	})
}

func TestAKeyThatIsHardlyTouchedDoesNotCount(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		row, column := d.where("5")
		for range 20 {
			d.Press(row, column)
			time.Sleep(3 * scanEvery)
			d.Release(row, column)
			time.Sleep(40 * ms)
		}
		d.expect("")
	})
}

func TestASecondKeyCountsWhenTheFirstIsLetGo(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.down("1")
		d.down("2")
		d.expect("1")
		d.up("1")
		d.expect("2")
		d.down("3")
		d.up("2")
		d.up("3")
		d.expect("3")
	})
}

func TestAKeyThatCameAndWentBesideAnotherDoesNotCount(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.down("1")
		d.tap("2", "6", "2")
		d.up("1")
		d.expect("1")
	})
}

func TestTwoKeysAtOnceCountForNothingUntilBothAreUp(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.Press(d.where("1"))
		d.down("2")
		d.up("1")
		d.up("2")
		d.expect("")
		d.tap("3")
		d.expect("3")
	})
}

func TestAfterAPalmThatStaysTheNextKeyCounts(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.Press(d.where("1"))
		d.down("2")
		time.Sleep(stuckAfter)
		d.tap("9", "6")
		d.expect("9 6")
	})
}

// The matrix has no diodes: three corners of a rectangle close the fourth.
func TestNoGhostIsEverReported(t *testing.T) {
	corners := [4]string{"1", "3", "7", "9"}
	for i := range 64 {
		a, b, c := i&3, i>>2&3, i>>4
		if a == b || b == c || a == c {
			continue
		}
		pressed := []string{corners[a], corners[b], corners[c]}
		onLines(t, 4, func(d *desk) {
			for _, key := range pressed {
				d.down(key)
			}
			d.expect(pressed[0])
			for _, key := range pressed {
				d.up(key)
			}
			d.expect("")
			d.tap("5")
			d.expect("5")
		})
	}
}

func TestAStuckKeyIsToldOnceAndTheOthersServe(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.down("5")
		time.Sleep(time.Minute)
		d.expect("5")
		if n := d.logged("keys are stuck"); n != 1 {
			t.Errorf("it was told %d times:\n%s", n, d.log)
		}
		if d.logged("keys=5") != 0 {
			t.Errorf("a key that a person pressed is in the log:\n%s", d.log)
		}
		d.tap("1", "2", "8")
		d.expect("1 2 8")
		d.up("5")
		d.tap("5")
		d.expect("5")
		if n := d.logged("came up"); n != 1 {
			t.Errorf("that it came up was told %d times", n)
		}
	})
}

func TestAKeyThatIsStuckAtTheStartIsNobodysPress(t *testing.T) {
	stuck := func(d *desk) { d.Press(1, 1) }
	prepared(t, 4, stuck, func(d *desk) {
		d.expect("")
		if d.logged("keys are stuck") != 1 || d.logged("keys=5") != 1 {
			t.Errorf("it is not told once and by name:\n%s", d.log)
		}
		d.tap("1")
		d.expect("1")
	})
}

func TestTwoStuckKeysMakeNoGhost(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.down("1")
		d.down("3")
		time.Sleep(time.Minute)
		d.keys()
		d.tap("7") // and 9 with it
		d.expect("")
		d.tap("5", "8")
		d.expect("5 8")
	})
}

// Every press of a finger is found, whatever becomes of the interrupts.
func TestNoKeyIsLostWithItsInterrupt(t *testing.T) {
	for name, fault := range map[string]keypadtest.Fault{
		"lines without interrupts": keypadtest.NoEdges,
		"lost interrupts":          keypadtest.Deaf,
		"waits that end at once":   keypadtest.Mute,
	} {
		t.Run(name, func(t *testing.T) {
			broken := func(d *desk) { d.all(fault) }
			prepared(t, 4, broken, func(d *desk) { d.countsAtAnyTime(60 * ms) })
		})
	}
}

// Looks are rare only while every column tells of its keys.
func TestTheKeyWhoseInterruptIsLostIsTheLastToBeLookedForRarely(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.tap("1", "2", "3", "Cancel")
		d.all(keypadtest.Deaf)
		d.down("5")
		time.Sleep(2 * trustEvery)
		d.up("5")
		d.expect("1 2 3 Cancel 5")
		d.countsAtAnyTime(60 * ms)
	})
}

func TestAKeyWhoseInterruptIsLostIsFoundIn120ms(t *testing.T) {
	for begin := time.Duration(0); begin < trustEvery; begin += 4 * ms {
		onLines(t, 4, func(d *desk) {
			d.tap("1", "2", "3", "Cancel")
			d.all(keypadtest.Deaf)
			time.Sleep(begin)
			d.Press(d.where("5"))
			time.Sleep(120 * ms)
			d.Release(d.where("5"))
			time.Sleep(time.Second)
			d.expect("1 2 3 Cancel 5")
		})
	}
}

func TestColumnsThatWereNotHeardAreLookedAtOften(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.tap("1", "2", "3") // not the last column
		d.expect("1 2 3")
		d.all(keypadtest.Deaf)
		d.countsAtAnyTime(60 * ms)
	})
}

func TestAnInterruptMakesAShortPressCount(t *testing.T) {
	onLines(t, 4, func(d *desk) { d.countsAtAnyTime(25 * ms) })
}

func TestNoiseIsNoKey(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		for i := range 200 {
			d.Spike(i%4, time.Duration(i%14)*ms)
			time.Sleep(25 * ms)
		}
		d.expect("")
		d.tap("5")
		d.expect("5")
	})
}

func TestLinesThatFailAreSetUpAgain(t *testing.T) {
	onLines(t, 4, func(d *desk) {
		d.all(keypadtest.Broken)
		time.Sleep(time.Hour)
		d.tap("5")
		d.expect("")
		if n := d.logged("does not work"); n != 1 {
			t.Errorf("it was told %d times:\n%s", n, d.log)
		}
		if d.pad.State(time.Now()).Down.IsZero() {
			t.Error("it is said to work")
		}
		d.all(keypadtest.None)
		time.Sleep(mending.Longest)
		d.tap("5")
		d.expect("5")
		time.Sleep(mending.Healthy)
		if s := d.pad.State(time.Now()); !s.Down.IsZero() {
			t.Errorf("it is said to be %+v", s)
		}
		if n := d.logged("works again"); n != 1 {
			t.Errorf("that it works again was told %d times:\n%s", n, d.log)
		}
	})
}

func TestAPadThatDoesNotAnswerAtTheStartServesOnceItDoes(t *testing.T) {
	broken := func(d *desk) { d.all(keypadtest.Broken) }
	prepared(t, 4, broken, func(d *desk) {
		time.Sleep(time.Minute)
		if n := d.logged("gpioinfo"); n != 1 {
			t.Errorf("what to try was told %d times:\n%s", n, d.log)
		}
		d.all(keypadtest.None)
		time.Sleep(mending.Longest)
		row, column := d.where("5")
		d.Press(row, column)
		time.Sleep(25 * ms) // too short without interrupts
		d.Release(row, column)
		time.Sleep(finger)
		d.expect("5")
	})
}

// press is one key, as a finger and a worn contact make it.
type press struct {
	key             int
	bounce, chatter []int // in half milliseconds, at closing and opening
	held, pause     int
}

// bounces are contacts that open and close for up to 15 ms in all, so never as
// long as four scans one way.
func bounces(t *rapid.T, name string) []int {
	all := rapid.SliceOfN(rapid.IntRange(1, 28), 0, 6).Draw(t, name)
	for sum := 0; ; all = all[1:] {
		sum = 0
		for _, b := range all {
			sum += b
		}
		if sum <= 30 {
			return all
		}
	}
}

func presses(t *rapid.T) []press {
	one := rapid.Custom(func(t *rapid.T) press {
		return press{
			key:    rapid.IntRange(0, 15).Draw(t, "key"),
			bounce: bounces(t, "bounce"), chatter: bounces(t, "chatter"),
			held: rapid.IntRange(60, 150).Draw(t, "held"), pause: rapid.IntRange(40, 150).Draw(t, "pause"),
		}
	})
	return rapid.SliceOfN(one, 1, 4).Draw(t, "presses")
}

func halves(all []int) []time.Duration {
	var out []time.Duration
	for _, h := range all {
		out = append(out, time.Duration(h)*ms/2)
	}
	return out
}

// play lets fingers do what was drawn, and says which keys they meant.
func (d *desk) play(all []press) string {
	var meant []string
	for _, p := range all {
		row, column := p.key/4, p.key%4
		d.Press(row, column, halves(p.bounce)...)
		time.Sleep(time.Duration(p.held) * ms)
		d.Release(row, column, halves(p.chatter)...)
		time.Sleep(time.Duration(p.pause) * ms)
		if name := d.layout[row][column]; name != blank {
			meant = append(meant, name)
		}
	}
	return strings.Join(meant, " ")
}

func TestAnySequenceOfBouncingKeysComesOutAsItWasPressed(t *testing.T) {
	broken := func(d *desk) { d.all(keypadtest.NoEdges) }
	wirings := map[string]func(*testing.T, func(*desk)){
		"interrupts": func(t *testing.T, story func(*desk)) { onLines(t, 4, story) },
		"scanning":   func(t *testing.T, story func(*desk)) { prepared(t, 4, broken, story) },
		"chip":       func(t *testing.T, story func(*desk)) { onChip(t, nothing, story) },
	}
	rapid.Check(t, func(r *rapid.T) {
		wiring := rapid.SampledFrom(slices.Sorted(maps.Keys(wirings))).Draw(r, "wiring")
		all := presses(r)
		wirings[wiring](t, func(d *desk) { d.same(r, all) })
	})
}

// same plays keys and compares what comes out.
func (d *desk) same(r *rapid.T, all []press) {
	meant := d.play(all)
	if got := d.keys(); got != meant {
		r.Errorf("%q came out, not %q", got, meant)
	}
}
