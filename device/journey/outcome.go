package journey

import "time"

// outcome deals with the end of an effect. One that nobody waits for, or of
// another card, changes nothing.
func (t *turn) outcome(o Outcome) {
	if o.Session != t.Session || !t.await.answeredBy(o.Got) {
		return
	}
	w, queued := t.await, t.queued
	t.await, t.queued = nothing, nothing
	switch p := problemOf(o.Got); {
	case t.ended:
		t.late(w, p)
	case queued != nothing:
		t.start(queued)
	case p != NoProblem:
		t.problem(w, p)
	default:
		t.worked(w, o.Got)
	}
}

// late is an outcome after the person stopped. Only an unlock counts still:
// they may not go away believing that the card is blocked.
func (t *turn) late(w work, p Problem) {
	if w == unlocking && p == NoProblem {
		t.show(UnlockDone)
	}
}

func (t *turn) worked(w work, got Got) {
	switch got := got.(type) {
	case CardRead:
		t.cardRead(got)
	case LookedUp:
		t.lookedUp(got)
	case Verified:
		t.verified(got)
	case PasscodeChanged:
		t.passcodeChanged(got)
	case RegistrationBegun:
		t.registrationBegun(got)
	case KeysMade:
		t.renewed = false
		t.show(RegisterEmail)
	case CaseShown:
		t.caseShown(w, got.Case)
	case AnswersTried:
		t.answersTried(got)
	case CodeChecked:
		t.codeTried(w, got)
	case Unlocked:
		t.unlocked()
	}
}

func problemOf(got Got) Problem {
	switch got := got.(type) {
	case CardRead:
		return got.Problem
	case LookedUp:
		return got.Problem
	case Verified:
		return got.Problem
	case PasscodeChanged:
		return got.Problem
	case RegistrationBegun:
		return got.Problem
	case KeysMade:
		return got.Problem
	case CaseShown:
		return got.Problem
	case AnswersTried:
		return got.Problem
	case CodeChecked:
		return got.Problem
	case Unlocked:
		return got.Problem
	}
	return NoProblem
}

// learn takes over what central says of the case, and counts on from there.
func (t *turn) learn(c Case) {
	if c.Address == "" {
		c.Address = t.Case.Address
	}
	t.Case = c
	t.left = time.Duration(c.SecondsLeft) * time.Second
	t.resend = time.Duration(c.ResendIn) * time.Second
	t.polled = 0
	t.waited()
}
