package journey

import (
	"time"

	"unlockpoint/display"
)

// padKey is how long a reader waits for a key: see reader/pinpad.
const padKey = 30 * time.Second

// AtPad reports whether passcodes are typed at keys that the reader has itself,
// so that no program ever holds them: the one that the card has, by who
// registers; that and a new one, by who changes it, where policy lets a reader
// hold new ones to their length alone. An unlock needs the card's key in the
// same command.
func (s State) AtPad() bool {
	switch s.Base() {
	case RegisterPasscode:
		return s.Card.PadVerifies && !s.byHand
	case ChangeOld:
		return s.Card.PadChanges && !s.byHand
	}
	return false
}

// PadAsks reports whether those keys wait for the person.
func (s State) PadAsks() bool { return s.AtPad() && (s.await == verifying || s.await == changing) }

// padFor is longer than a reader waits for the longest passcodes and the key
// that confirms each, whatever time a page has: the reader cannot be stopped
// from here, and nobody may be told to take the card while it still asks.
func (s State) padFor() time.Duration {
	entries := 1
	if s.await == changing {
		entries = 3 // the old one, and the new one twice
	}
	return time.Duration(entries*(s.Card.Rule.Max+2)) * padKey
}

// pressAtPad begins what is typed there, or does it on the page instead.
func (t *turn) pressAtPad(key string, w work) {
	switch key {
	case display.Enter:
		t.start(w)
	case display.Cancel:
		t.menu()
	case "1":
		t.typeByHand()
	}
}

// typeByHand leaves the reader's keys alone for the rest of the visit.
func (t *turn) typeByHand() {
	t.byHand = true
	t.show(t.Page)
}

// padProblem deals with what the reader's keys brought instead of an answer. A
// reader that fails in a way that nobody knows is not asked again.
func (t *turn) padProblem(p Problem) bool {
	switch {
	case p == PadUntyped:
		t.complain(t.Page, PasscodeUntyped)
	case p == PadLength:
		t.complain(t.Page, PasscodeMistyped)
	case p == PadDiffer:
		t.complain(t.Page, PasscodeOther)
	case p == PasscodeRule && t.AtPad():
		t.complain(t.Page, PasscodeRefused)
	case p == PadUseless, p == Internal && t.AtPad():
		t.typeByHand()
		t.Complaint = PadFails
	default:
		return false
	}
	return true
}
