package journey

import "unlockpoint/display"

// home is the page of a terminal without a card. A card that was put in too
// early is read now.
func (t *turn) home() {
	t.leave()
	switch {
	case t.Fault != "":
		t.show(OutOfService)
	case t.Rules.Site == "":
		t.show(Starting)
	case !t.Reader && t.heard:
		t.show(ReaderMissing)
		t.readerIs("reader.missing")
	case t.Unapproved:
		t.show(ReaderUnapproved)
		t.readerIs("reader.unapproved")
	case t.cardIn:
		t.beginVisit()
	default:
		t.show(Idle)
	}
}

// atHome reports whether nobody's card is being served.
func (s State) atHome() bool {
	switch s.Base() {
	case Starting, OutOfService, Updating, ReaderMissing, ReaderUnapproved, Idle, RemovedEarly:
		return true
	}
	return false
}

func (t *turn) cardPutIn() {
	if t.cardIn {
		t.cardTaken()
		t.hush()
	}
	t.anotherCard()
	t.Session++
	t.cardIn = true
	t.home()
}

func (t *turn) beginVisit() {
	t.Removed = Removed{}
	t.show(Reading)
	t.start(reading)
}

func (t *turn) cardTaken() {
	t.cardIn = false
	if t.atHome() {
		if t.ended {
			t.leave()
		}
		return
	}
	removed, quietly, card := t.unfinished(t.await), t.mayGo(), t.Card.Hash
	t.await, t.queued = nothing, nothing
	t.home()
	if !quietly && t.Page == Idle {
		t.show(RemovedEarly)
		t.Removed, t.early.card = removed, card
		return
	}
	t.hush()
}

// mayGo reports whether the card may be taken from the page without a word.
func (s State) mayGo() bool {
	if s.ended {
		return true
	}
	switch s.Base() {
	case CardMenu, CardDetails, CardUnregistered, CardLockedOut, CardFrozen, CardUnknownPage, CardUnsupported,
		CardUnreadable, CardBlockedForGood, CardExpired, RegisterNoEmail:
		return true
	}
	return false
}

// unfinished says what a card leaves behind that is pulled now, with w under
// way.
func (s State) unfinished(w work) Removed {
	switch {
	case s.Base() == RegisterDone || s.Base() == UnlockDone || s.Base() == ChangeDone:
		return Removed{What: AllDone}
	case w == unlocking || s.Page == UnlockFailed:
		return Removed{What: UnlockUnderWay}
	case w == trying || w == assisting || w == taking && s.Base() != CardLocked:
		return Removed{What: TryUnderWay}
	case w == changing:
		return Removed{What: ChangeUnderWay}
	case w == checking && s.Journey == Registering:
		return Removed{What: EnrolUnderWay}
	case s.Journey == Registering && s.Base() != RegisterStart:
		return Removed{What: RegisterStarted}
	case s.Base() == CardLocked && s.Standing.Case != "" && s.Standing.SecondsLeft > 0:
		return Removed{What: CodeUnderWay, Seconds: s.Standing.SecondsLeft}
	case s.Journey == Unlocking && s.Case.ID != "" && s.left > 0:
		return Removed{What: CodeUnderWay, Seconds: seconds(s.left)}
	}
	return Removed{}
}

func (t *turn) pressRemoved(key string) {
	if key == display.Enter || key == display.Cancel {
		t.leaveRemoved()
	}
}

// leaveRemoved goes on after a card that came out. One that only stopped
// answering is still in: it has to be taken first.
func (t *turn) leaveRemoved() {
	if t.cardIn {
		t.finish(TakeCard)
		return
	}
	t.home()
	t.hush()
}

func (t *turn) readerChanged(ev ReaderChanged) {
	t.heard = true
	t.Reader, t.Unapproved = ev.Present, ev.Present && !ev.Approved
	if ev.Present && ev.Approved {
		t.readerIs("")
	}
	switch {
	case !ev.Present || t.Unapproved:
		t.cardIn = false
		t.home()
	case t.atHome() && t.Base() != RemovedEarly:
		t.home()
	}
}

// readerIs tells central what the page says IT knows of the reader, once for
// each change of it; nothing to say is a reader that can be used.
func (t *turn) readerIs(trouble string) {
	switch {
	case t.trouble == trouble:
	case trouble != "":
		t.do(Report{What: trouble})
	default:
		t.do(Report{What: "reader.back"})
	}
	t.trouble = trouble
}

func (t *turn) rulesCame(r RuleSet) {
	t.Rules = r
	switch {
	case t.Fault == NeverMet && r.Site != "":
		t.fault("")
	case t.Page == Starting:
		t.home()
	}
}

// fault takes the terminal out of service, or back into it. A card that is
// still in has to be put in afresh: what was under way with it is not known.
func (t *turn) fault(why FaultID) {
	was := t.Fault
	t.Fault = why
	switch {
	case why != "":
		t.letGo()
		t.leave()
		t.show(OutOfService)
	case was != "" && t.cardIn:
		t.finish(TakeCard)
	case was != "":
		t.home()
	}
}
