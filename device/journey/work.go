package journey

import "unlockpoint/display"

// work is an effect that is awaited, before the secrets it carries are put
// in: it can be begun again from the State alone.
type work int

const (
	nothing work = iota
	reading
	lookingUp
	verifying
	changing
	beginning
	keying // making keys of answers
	enrolling
	trying
	taking
	checking
	assisting
	resending
	asking // a poll: the person waits for nothing
	unlocking
)

// effect is the work with everything it needs. Secrets go as copies: the
// runner wipes its own.
func (s State) effect(w work) Effect {
	switch w {
	case reading:
		return ReadCard{}
	case lookingUp:
		return LookUp{}
	case verifying:
		return VerifyPasscode{Passcode: copyOf(s.input), AtPad: s.AtPad()}
	case changing:
		return ChangePasscode{Old: copyOf(s.old), New: copyOf(s.chosen), AtPad: s.AtPad()}
	case beginning:
		return BeginRegistration{}
	case keying:
		return MakeKeys{Answers: copies(s.answers)}
	case enrolling:
		return Enrol{NewAddress: s.NewAddress}
	case trying:
		return TryAnswers{Answers: copies(s.answers)}
	case taking:
		return TakeCase{}
	case checking:
		return CheckCode{Case: s.Case.ID, Code: copyOf(s.input)}
	case assisting:
		return TryAssist{Code: copyOf(s.input)}
	case resending:
		return ResendCode{Case: s.Case.ID}
	case asking:
		return AskCase{Case: s.Case.ID}
	}
	return Unlock{Case: s.Case.ID, Passcode: copyOf(s.chosen)}
}

// answeredBy reports whether got is what w waits for.
func (w work) answeredBy(got Got) bool {
	switch got.(type) {
	case CardRead:
		return w == reading
	case LookedUp:
		return w == lookingUp
	case Verified:
		return w == verifying
	case PasscodeChanged:
		return w == changing
	case RegistrationBegun:
		return w == beginning
	case KeysMade:
		return w == keying
	case CaseShown:
		return w == enrolling || w == taking || w == resending || w == asking
	case AnswersTried:
		return w == trying
	case CodeChecked:
		return w == checking || w == assisting
	case Unlocked:
		return w == unlocking
	}
	return false
}

// needsLink reports whether central has to be reached for w.
func (w work) needsLink() bool {
	return w >= beginning
}

// start begins w. Without the link it is kept for when the link is back; a
// poll under way is waited for, so that one effect at a time is awaited.
func (t *turn) start(w work) {
	if w != asking {
		t.Complaint = ""
	}
	switch {
	case t.await == asking:
		t.queued = w
	case t.await != nothing || t.ended:
	case w.needsLink() && !t.Online:
		t.problem(w, LinkLost)
	default:
		t.await = w
		t.do(t.effect(w))
	}
}

func copyOf(s *display.Secret) *display.Secret {
	if s == nil {
		return display.NewSecret("")
	}
	return s.Clone()
}

func copies(answers []Answer) []Answer {
	out := make([]Answer, len(answers))
	for i, a := range answers {
		out[i] = Answer{Question: a.Question, Text: copyOf(a.Text)}
	}
	return out
}
