package journey

import "unlockpoint/display"

// pressClosed is a page where nothing more can be done without the IT booth,
// which may have given the person a code.
func (t *turn) pressClosed(key string) {
	if key == "1" {
		t.Case, t.left = Case{}, 0
		t.assist()
		return
	}
	t.pressDeadEnd(key)
}

// assist turns to the page for a code of the IT booth.
func (t *turn) assist() {
	t.Journey = Unlocking
	t.show(AssistCode)
}

func (t *turn) pressAssist(key string) {
	switch {
	case key == display.Cancel:
		t.stop()
	case key != display.Enter:
	case t.input.Len() < assistDigits:
		t.Complaint = AssistShort
	default:
		t.start(assisting)
	}
}

// codeTried hears what a code was that was typed.
func (t *turn) codeTried(w work, c CodeChecked) {
	switch {
	case w != assisting:
		t.codeChecked(c)
	case c.Verdict == Right:
		t.learn(c.Case)
		t.show(UnlockPasscode)
	case c.Verdict == Wrong:
		t.complain(AssistCode, AssistWrong)
	default:
		t.complain(AssistCode, AssistOver)
	}
}
