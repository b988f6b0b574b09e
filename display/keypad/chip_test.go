package keypad

import (
	"errors"
	"testing"
	"time"

	"unlockpoint/display/keypad/keypadtest"
)

func TestEachKeyBehindTheChipIsNamed(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.tap("1", "2", "3", "Cancel", "4", "5", "6", "Clear", "7", "8", "9", "*", "0", "#", "Enter")
		d.expect("1 2 3 Cancel 4 5 6 Clear 7 8 9 * 0 # Enter")
	})
}

func TestAStuckKeyBehindTheChipLeavesTheOthersServing(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.down("5")
		time.Sleep(2 * stuckAfter)
		d.tap("1", "2", "8")
		d.expect("5 1 2 8")
	})
}

func TestAShortPressBehindTheChipInterrupts(t *testing.T) {
	onChip(t, nothing, func(d *desk) { d.countsAtAnyTime(25 * ms) })
}

func TestNoKeyIsLostWithTheChipsInterrupt(t *testing.T) {
	deaf := func(d *desk) { d.chip.IntA.Break(keypadtest.Deaf) }
	onChip(t, deaf, func(d *desk) { d.countsAtAnyTime(60 * ms) })
}

func TestAnInterruptPinThatHearsNothingIsToldOnce(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.tap("1", "2", "3", "4", "5", "6")
		if d.log.Len() > 0 {
			t.Errorf("it is told of a sound wire: %s", d.log)
		}
		d.chip.IntA.Break(keypadtest.Cut)
		d.down("0") // which is to be found by one look in trustEvery
		time.Sleep(2 * trustEvery)
		d.up("0")
		d.tap("1", "2", "3", "4", "5", "6")
		d.expect("1 2 3 4 5 6 0 1 2 3 4 5 6")
		if n := d.logged("setting interrupt"); n != 1 {
			t.Errorf("it is told %d times:\n%s", n, d.log)
		}
	})
}

func TestAChipThatForgetsItsSettingsIsSetUpAgain(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		for range 20 {
			d.chip.Reset()
			time.Sleep(137 * ms) // the columns float meanwhile
		}
		d.expect("")
		if n := d.logged("lost its settings"); n != 1 {
			t.Errorf("it was told %d times:\n%s", n, d.log)
		}
		time.Sleep(mending.Longest)
		d.tap("5")
		d.expect("5")
	})
}

func TestAKeyThatIsDownWhileTheChipForgetsCountsOnce(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.down("5")
		d.chip.Reset()
		time.Sleep(time.Second)
		d.up("5")
		d.expect("5")
	})
}

// Whatever the program before left in the chip, BANK and SEQOP included.
func TestAChipIsSetUpFromAnyState(t *testing.T) {
	for value := 0; value < 128; value += 3 { // IOCON has no bit 0
		left := func(d *desk) {
			for register := range 11 {
				if register != 7 && register != 8 { // INTF and INTCAP are the chip's own
					d.chip.Poke(register, byte(value<<1^register))
				}
			}
			d.chip.Poke(5, byte(value<<1))
		}
		onChip(t, left, func(d *desk) {
			d.tap("5", "Enter")
			d.expect("5 Enter")
		})
	}
}

func TestABusThatFailsNowAndThenLosesNoKey(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		for every := 2; every < 30; every++ {
			d.chip.Fail(func(n int) error {
				if n%every == every-1 {
					return errors.New("arbitration lost")
				}
				return nil
			})
			d.tap("5")
			d.expect("5")
		}
		if d.log.Len() > 0 {
			t.Errorf("it was told: %s", d.log)
		}
	})
}

func TestAKeyThatIsHeldOutlastsABusThatFailsForAWhile(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		for n := 3; n < 15; n += 4 {
			d.chip.Fail(func(i int) error {
				if i >= n && i < 2*n {
					return errors.New("arbitration lost")
				}
				return nil
			})
			d.Press(1, 1)
			time.Sleep(2 * time.Second)
			d.Release(1, 1)
			time.Sleep(mending.Longest + mending.Healthy)
			d.expect("5")
		}
	})
}

func TestAChipThatIsUnpluggedIsToldOnceAndTriedSeldom(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.chip.Fail(func(int) error { return keypadtest.ErrNoAnswer })
		time.Sleep(10 * time.Minute)
		if n := d.logged("does not work"); n != 1 {
			t.Errorf("it was told %d times", n)
		}
		if n := d.chip.Transactions(); n > 300 {
			t.Errorf("it was tried %d times in 10 minutes", n)
		}
		d.chip.Reset()
		d.chip.Fail(func(int) error { return nil })
		time.Sleep(mending.Longest)
		d.tap("5")
		d.expect("5")
	})
}

func TestARestingChipCostsOneTransactionALook(t *testing.T) {
	onChip(t, nothing, func(d *desk) {
		d.chip.Fail(func(int) error { return nil })
		time.Sleep(time.Minute)
		if n, most := d.chip.Transactions(), int(time.Minute/lookEvery)+1; n > most {
			t.Errorf("there were %d transactions in a minute", n)
		}
	})
}
