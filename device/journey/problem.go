package journey

import "time"

// problem turns to the page that says what kept w from being done, and what
// next.
func (t *turn) problem(w work, p Problem) {
	if p == LinkLost && !w.needsLink() && w != lookingUp {
		p = CardFault // a card that was too slow: trying again by itself could cost a passcode try
	}
	if w == asking {
		t.pollProblem(p)
		return
	}
	if w == unlocking && t.unlockProblem(p) {
		return
	}
	if w == verifying || w == changing {
		if t.padProblem(p) {
			return
		}
		if p == Internal {
			p = CardFault // nobody knows what the card did: it is read afresh before it is asked again
		}
	}
	if w == resending && (p == TooSoon || p == TooMany) {
		t.complain(CodeWhere, resendComplaint(p))
		if p == TooSoon { // central's clock is the one that counts
			t.resend = max(t.resend, time.Second)
		}
		return
	}
	if (w == keying || w == enrolling) && p == NoCase && !t.renewed {
		t.renewed = true
		t.start(beginning)
		return
	}
	if w == assisting && p == NoCase {
		t.complain(AssistCode, AssistOver)
		return
	}
	if page, ok := pageOf(p); ok {
		t.left = 0
		t.show(page)
		t.Problem = p
		return
	}
	t.otherProblem(w, p)
}

// pageOf is the page of a problem that says it all, whatever was under way.
func pageOf(p Problem) (PageID, bool) {
	switch p {
	case CardMute, CardInUse, CardFault:
		return CardUnreadable, true
	case CardUnknown:
		return CardUnknownPage, true
	case CardUnserved:
		return CardUnsupported, true
	case Unregistered:
		return CardUnregistered, true
	case LockedOut:
		return CardLockedOut, true
	case FrozenCard:
		return CardFrozen, true
	case PUKUsedUp:
		return CardBlockedForGood, true
	case NoAddress:
		return RegisterNoEmail, true
	case NoCase:
		return CodeExpired, true
	}
	return "", false
}

// otherProblem deals with the problems that depend on what was under way.
func (t *turn) otherProblem(w work, p Problem) {
	switch {
	case p == CardGone:
		t.gone(w)
	case p == LinkLost:
		t.keepFor(Offline, w, p)
	case p == CaseOpen && w != taking:
		t.Journey = Unlocking
		t.start(taking)
	case p == HeldElsewhere && t.Journey == Unlocking:
		t.keepFor(Stopped, taking, p) // whoever takes a case over types its code again
	case p == BadAddress && w == enrolling:
		t.complain(RegisterEmailEdit, AddressRefused)
	case p == PasscodeRule && w == changing:
		t.complain(ChangeNew, PasscodeRefused)
	default:
		t.keepFor(Stopped, w, p)
	}
}

// keepFor lays a page over the present one that can begin w again: nothing
// typed is lost that w has use for.
func (t *turn) keepFor(page PageID, w work, p Problem) {
	for t.Page == Offline || t.Page == Stopped {
		t.lift()
	}
	t.lay(page)
	t.lost, t.Problem = w, p
	if w == taking || !t.CanRetry() {
		t.clearField()
		t.spend("")
	}
}

// gone is a card that stopped answering because it was taken. The reader may
// not have said so yet.
func (t *turn) gone(w work) {
	removed := t.unfinished(w)
	t.leave()
	t.letGo()
	t.show(RemovedEarly)
	t.Removed = removed
}

// CanRetry reports whether trying the same once more makes sense on the page
// that says what went wrong.
func (s State) CanRetry() bool {
	switch s.Problem {
	case LinkLost, Internal, HeldElsewhere:
		return true
	}
	return false
}
