package journey

import "unlockpoint/display"

func (t *turn) pressWarning(key string) {
	switch key {
	case display.Enter:
		t.ask()
	case "1":
		t.assist()
	case display.Cancel:
		t.menu()
	}
}

// ask begins with the first asked question, or with the code where none is
// asked.
func (t *turn) ask() {
	t.Journey = Unlocking
	if t.Standing.CodeOnly || len(t.Standing.Asked) == 0 {
		t.start(taking)
		return
	}
	t.askNumber(0)
}

func (t *turn) askNumber(n int) {
	t.Number, t.Question = n, t.Standing.Asked[n]
	t.show(UnlockAnswer)
}

func (t *turn) pressUnlockAnswer(key string) {
	switch key {
	case display.Enter:
		t.answered()
	case display.Cancel:
		t.stop()
	}
}

// answered keeps an answer. One that cannot be right costs no attempt.
func (t *turn) answered() {
	if len(t.answers) == len(t.Standing.Asked) {
		t.start(trying) // the last try did not get through
		return
	}
	if !isAnswer(t.input) {
		t.Complaint = AnswerShort
		return
	}
	t.answers = withAnswer(t.answers, Answer{Question: t.Question, Text: t.keep()})
	if n := t.Number + 1; n < len(t.Standing.Asked) {
		t.askNumber(n)
		return
	}
	t.start(trying)
}

func (t *turn) answersTried(a AnswersTried) {
	t.Standing.AttemptsLeft = a.AttemptsLeft
	switch {
	case a.Right:
		t.learn(a.Case)
		t.show(UnlockCode)
	case a.AttemptsLeft > 0:
		t.show(UnlockAnswersWrong)
	default:
		t.Standing.Standing = StandsLocked
		t.show(CardLockedOut)
	}
}

func (t *turn) pressAnswersWrong(key string) {
	switch key {
	case display.Enter:
		t.ask()
	case display.Cancel:
		t.stop()
	}
}

// startUnlock is what comes after the new passcode was typed twice.
func (t *turn) startUnlock() {
	t.show(UnlockWorking)
	t.start(unlocking)
}

func (t *turn) unlocked() {
	t.finish(UnlockDone)
}

// unlockProblem turns to a page that says what became of the unlock. The
// right code stays right: nobody is asked again for what they gave.
func (t *turn) unlockProblem(p Problem) bool {
	switch p {
	case PasscodeRule:
		t.complain(UnlockPasscode, PasscodeRefused)
	case LinkLost, Internal, HeldElsewhere, ProofFailed, PUKDoubt, TooMany, TooSoon, CardMute, CardInUse, CardFault, CaseOpen:
		t.show(UnlockFailed)
		t.Problem = p
		if p == HeldElsewhere || !t.CanRetry() {
			t.spend("")
		}
	default:
		return false
	}
	return true
}

func (t *turn) pressUnlockFailed(key string) {
	switch {
	case key == display.Cancel || key == display.Enter && !t.CanRetry():
		t.stop()
	case key == display.Enter && t.Problem == LinkLost && !t.Online:
		t.do(Reconnect{})
	case key == display.Enter && t.Problem == HeldElsewhere:
		t.start(taking)
	case key == display.Enter:
		t.startUnlock()
	}
}
