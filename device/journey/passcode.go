package journey

import "unlockpoint/display"

// leastKnown is the shortest passcode that any card here may have (DESIGN.md,
// section 2). Shorter ones are slips, and not worth a try.
const leastKnown = 4

// known holds the passcode that a card has to what it can be.
func (r Rule) known(typed *display.Secret) Complaint {
	switch n := typed.Len(); {
	case n == 0:
		return PasscodeEmpty
	case n < leastKnown:
		return PasscodeShort
	case n > r.Max:
		return PasscodeLong
	}
	return ""
}

// fresh holds a new passcode to the rule.
func (r Rule) fresh(typed *display.Secret) Complaint {
	switch n := typed.Len(); {
	case n == 0:
		return PasscodeEmpty
	case n < r.Min:
		return PasscodeShort
	case n > r.Max:
		return PasscodeLong
	case trivial(typed):
		return PasscodeTrivial
	}
	return ""
}

// trivial reports one repeated character, or a plain run up or down: 111111,
// 345678, 987654, 890123, cdefgh.
func trivial(s *display.Secret) bool {
	if s.Len() < 2 {
		return true
	}
	first := runStep(s.Rune(0), s.Rune(1))
	if first < -1 || first > 1 {
		return false
	}
	for i := 2; i < s.Len(); i++ {
		if runStep(s.Rune(i-1), s.Rune(i)) != first {
			return false
		}
	}
	return true
}

// runStep is the way from one character to the next; 9 is followed by 0.
func runStep(from, to rune) rune {
	switch {
	case from == '9' && to == '0':
		return 1
	case from == '0' && to == '9':
		return -1
	}
	return to - from
}

// pressNewPasscode takes the new passcode for the first time.
func (t *turn) pressNewPasscode(key string) {
	switch key {
	case display.Enter:
		t.chooseNew()
	case display.Cancel:
		t.stopOrMenu()
	}
}

func (t *turn) chooseNew() {
	c := t.Card.Rule.fresh(t.input)
	if c == "" && t.Page == ChangeNew && t.input.Same(t.old) {
		c = PasscodeSame
	}
	if c != "" {
		t.complain(t.Page, c)
		return
	}
	t.chosen.Wipe()
	t.chosen = t.keep()
	if t.Page == ChangeNew {
		t.show(ChangeRepeat)
		return
	}
	t.show(UnlockRepeat)
}

// pressRepeat takes it for the second time: from here the card changes.
func (t *turn) pressRepeat(key string) {
	switch {
	case key == display.Cancel:
		t.stopOrMenu()
	case key != display.Enter:
	case t.input.Len() == 0:
		t.Complaint = PasscodeEmpty
	case !t.input.Same(t.chosen):
		t.complain(t.first(), PasscodeOther)
	case t.Page == UnlockRepeat:
		t.startUnlock()
	default:
		t.clearField()
		t.start(changing)
	}
}

// first is the page where the new passcode is typed for the first time.
func (s State) first() PageID {
	if s.Page == ChangeRepeat {
		return ChangeNew
	}
	return UnlockPasscode
}

// stopOrMenu goes back to the menu from a journey that has changed nothing.
func (t *turn) stopOrMenu() {
	if t.Journey == Changing {
		t.menu()
		return
	}
	t.stop()
}
