package journey

import "unlockpoint/display"

func (t *turn) pressChangeOld(key string) {
	switch {
	case t.AtPad():
		t.pressAtPad(key, changing)
	case key == display.Enter:
		t.verify()
	case key == display.Cancel:
		t.menu()
	}
}

func (t *turn) passcodeChanged(c PasscodeChanged) {
	if c.OK {
		t.finish(ChangeDone)
		t.do(Report{What: "passcode.changed"})
		return
	}
	t.Card.Tries = c.TriesLeft
	if c.TriesLeft == 0 {
		t.nowBlocked()
		return
	}
	t.wipe()
	t.complain(ChangeOld, WrongPasscode)
}
