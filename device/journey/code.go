package journey

import (
	"time"

	"unlockpoint/display"
)

// codePage is where the code of this journey is typed.
func (s State) codePage() PageID {
	switch {
	case s.Journey == Registering:
		return RegisterCode
	case s.Case.Assist:
		return AssistCode
	}
	return UnlockCode
}

func (t *turn) caseShown(w work, c Case) {
	t.learn(c)
	switch w {
	case taking:
		t.show(t.codePage())
	case enrolling:
		t.renewed = false
		t.show(t.codePage())
	case resending:
		t.show(CodeWhere)
		t.Resent = true
	}
}

// pressCode tries the code. With nothing typed, the person has no code yet.
func (t *turn) pressCode(key string) {
	switch {
	case key == display.Cancel:
		t.stop()
	case key != display.Enter:
	case t.input.Len() == 0:
		t.show(CodeWhere)
	case t.input.Len() < codeDigits:
		t.Complaint = CodeShort
	default:
		t.start(checking)
	}
}

func (t *turn) codeChecked(c CodeChecked) {
	if c.Case.ID != "" {
		t.learn(c.Case)
	}
	switch {
	case c.Locked:
		t.show(CardLockedOut)
	case c.Verdict == Right && t.Journey == Registering:
		t.finish(RegisterDone)
	case c.Verdict == Right:
		t.show(UnlockPasscode)
	case c.Verdict == NextOne:
		t.show(RegisterCode)
	case c.Verdict == Expired:
		t.left = 0
		t.show(CodeExpired)
	case c.Verdict == UsedUp:
		t.left = 0
		t.show(CodeUsedUp)
	default:
		t.complain(t.codePage(), CodeWrong)
	}
}

func (t *turn) pressWhere(key string) {
	switch key {
	case display.Enter:
		t.show(t.codePage())
	case "1":
		t.resendCode()
	case "2":
		if t.Journey == Unlocking {
			t.assist()
		}
	case display.Cancel:
		t.stop()
	}
}

// CanResend reports whether the code may be sent again now.
func (s State) CanResend() bool { return s.Case.SendsLeft > 0 && s.resend <= 0 }

func (t *turn) resendCode() {
	switch {
	case t.Case.SendsLeft <= 0:
		t.complain(CodeWhere, ResendUsedUp)
	case t.resend > 0:
		t.complain(CodeWhere, ResendTooSoon)
	default:
		t.start(resending)
	}
}

// pressNewCode begins again where the last code came from.
func (t *turn) pressNewCode(key string) {
	switch {
	case key == display.Cancel:
		t.stop()
	case key != display.Enter:
	case t.Journey == Registering:
		t.start(enrolling)
	case t.Case.Assist:
		t.Case = Case{}
		t.show(AssistCode)
	default:
		t.Case = Case{}
		t.again = true
		t.Journey = Unlocking
		t.start(lookingUp)
	}
}

// countCode counts the code's life down. Central's clock decides; this one
// spares the person a code that cannot be right any more.
func (t *turn) countCode(elapsed time.Duration) {
	if t.Case.ID == "" || t.ended {
		return
	}
	t.left = max(0, t.left-elapsed)
	t.resend = max(0, t.resend-elapsed)
	t.waited()
	if t.left == 0 && !t.Busy() && t.aboutCode() {
		t.show(CodeExpired)
	}
}

// waited takes the complaint away that it is too soon, once it is not.
func (t *turn) waited() {
	if t.resend == 0 && t.Complaint == ResendTooSoon {
		t.Complaint = ""
	}
}

// aboutCode reports whether the person has still to type the code.
func (s State) aboutCode() bool {
	switch s.Base() {
	case RegisterCode, UnlockCode, CodeWhere:
		return true
	}
	return false
}

// poll asks what became of the mail while a page about it shows, and tries
// again what central was too slow for.
func (t *turn) poll() {
	if t.polled < pollEvery || t.await != nothing || t.ended || !t.Online {
		return
	}
	switch {
	case t.Page == Offline:
		t.retry()
	case t.Base() == t.Page && t.aboutCode():
		t.start(asking)
	default:
		return
	}
	t.polled = 0
}

// pollProblem hears of what ended the case meanwhile; the rest is for the
// next poll.
func (t *turn) pollProblem(p Problem) {
	switch p {
	case NoCase:
		t.show(CodeExpired)
	case LockedOut:
		t.show(CardLockedOut)
	case FrozenCard:
		t.show(CardFrozen)
	}
}
