package evdev

import (
	"strings"
	"testing"

	"unlockpoint/display"
)

// typed is what a keyboard gives for keys going down and up.
func typed(k *keyboard, codes ...uint16) string {
	var out []string
	for _, code := range codes {
		for _, value := range []int32{1, 2, 2, 0} { // held for a while
			for _, e := range k.key(code, value) {
				out = append(out, e.Key+strings.TrimLeft(string(e.Rune), "\x00"))
			}
		}
	}
	return strings.Join(out, " ")
}

func TestEveryPrintableCharacterIsOnBothKeyboards(t *testing.T) {
	for _, layout := range []Layout{UK, US} {
		found := map[rune]bool{}
		for code := range uint16(0x300) {
			for _, shift := range []int32{0, 1} {
				k := newKeyboard(false, layout)
				k.key(KeyLeftShift, shift)
				for _, e := range k.key(code, 1) {
					found[e.Rune] = true
					if e.Rune != 0 && (e.Rune < ' ' || e.Rune > '~') {
						t.Errorf("%s: key %d gives %q", layout, code, e.Rune)
					}
				}
			}
		}
		for r := ' '; r <= '~'; r++ {
			if !found[r] {
				t.Errorf("%s: no key gives %q", layout, r)
			}
		}
	}
}

func TestAKeyboardGivesWhatIsPrintedOnIt(t *testing.T) {
	for _, c := range []struct {
		layout       Layout
		plain, shift string // of the keys below
	}{
		{UK, `1 2 3 q a z ' # \ [ / .`, `! " Q A Z @ ~ | { ? >`},
		{US, `1 2 3 q a z ' \ \ [ / .`, `! @ # Q A Z " | | { ? >`},
	} {
		k := newKeyboard(false, c.layout)
		keys := []uint16{2, 3, 4, 16, 30, 44, 40, 43, 86, 26, 53, 52}
		if got := typed(k, keys...); got != c.plain {
			t.Errorf("%s: %s, not %s", c.layout, got, c.plain)
		}
		k.key(KeyRightShift, 1)
		if got := typed(k, keys...); got != c.shift {
			t.Errorf("%s with shift: %s, not %s", c.layout, got, c.shift)
		}
	}
}

func TestKeysOfThePadComeAsInTheBrowser(t *testing.T) {
	k := newKeyboard(false, UK)
	for code, want := range map[uint16]string{
		KeyEnter: "Enter", KeyKPEnter: "Enter", KeyBackspace: "Clear", KeyDelete: "Clear", KeyEsc: "Cancel",
		82: "0", 79: "1", 73: "9", KeyKPAsterisk: "*", KeyKPDot: ".", KeyNumericPound: "#", KeyNumeric0 + 7: "7",
		15: "", 59: "", 69: "", 103: "", 0x2ff: "", // Tab, F1, Num Lock, up, and what there is not
	} {
		if got := typed(k, code); got != want {
			t.Errorf("key %d gives %q, not %q", code, got, want)
		}
	}
	if got := k.key(82, 1); len(got) != 1 || got[0] != (display.Event{Rune: '0'}) {
		t.Errorf("0 beside letters is %+v, not a character", got)
	}
}

func TestAllKeysOfAPadAreKeys(t *testing.T) {
	k := newKeyboard(true, UK)
	k.key(KeyLeftShift, 1)
	got := typed(k, 82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 11, KeyKPAsterisk, KeyKPSlash, KeyKPEnter, KeyKPDot, KeyKPMinus, 14, 30, 69)
	if want := "0 1 2 3 4 5 6 7 8 9 0 * # Enter Clear Cancel Clear"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	for _, e := range k.key(79, 1) {
		if e.Key != "1" || !display.IsKey(e.Key) {
			t.Errorf("1 is %+v", e)
		}
	}
}

func TestCapsLockIsForLettersOnlyAndShiftTurnsItRound(t *testing.T) {
	k := newKeyboard(false, UK)
	if got := typed(k, KeyCapsLock, 30, 2); got != "A 1" {
		t.Errorf("with caps lock: %s", got)
	}
	k.key(KeyLeftShift, 1)
	if got := typed(k, 30, 2); got != "a !" {
		t.Errorf("with shift as well: %s", got)
	}
	k.key(KeyLeftShift, 0)
	if got := typed(k, KeyCapsLock, 30); got != "a" {
		t.Errorf("after caps lock: %s", got)
	}
}

func TestShortCutsAreForSomebodyElse(t *testing.T) {
	for _, held := range []uint16{KeyLeftCtrl, KeyRightCtrl, KeyLeftAlt, KeyRightAlt, KeyLeftMeta, KeyRightMeta} {
		k := newKeyboard(false, UK)
		k.key(held, 1)
		if got := typed(k, 46, KeyEnter); got != "" {
			t.Errorf("with %d held: %s", held, got)
		}
		k.key(held, 0)
		if got := typed(k, 46); got != "c" {
			t.Errorf("after %d: %q", held, got)
		}
	}
}
