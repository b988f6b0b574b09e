package journey

import "unlockpoint/display"

func (t *turn) cardRead(c CardRead) {
	t.Card = c
	t.sameCard(c.Hash)
	t.recall(c.Preferences)
	t.start(lookingUp)
}

func (t *turn) lookedUp(l LookedUp) {
	again := t.again
	t.Standing, t.again = l, false
	if l.Card != (CardRead{}) {
		t.Card = l.Card
		t.recall(l.Card.Preferences)
	}
	t.remember()
	if t.Card.FactoryKey && !again {
		t.do(Report{What: "card.factory-key"})
	}
	switch {
	case l.Online && l.Standing == Unknown:
		t.show(CardUnknownPage)
	case t.Card.Tries == 0 && t.Card.PUKTries == 0:
		t.show(CardBlockedForGood)
		t.do(Report{What: "card.blocked-for-good"})
	case t.Card.Tries == 0 && t.Card.Certificate && t.Card.DaysLeft < 0:
		t.show(CardExpired)
	case l.Standing == StandsFrozen && t.Card.Tries == 0:
		t.show(CardFrozen)
	case l.Standing == StandsLocked && t.Card.Tries == 0 && l.Case == "":
		t.show(CardLockedOut)
	case t.Card.Tries != 0 && !again:
		t.show(CardMenu)
	case !l.Online:
		t.again = again
		t.problem(lookingUp, LinkLost)
	default:
		t.lookedUpBlocked(again)
	}
}

// lookedUpBlocked goes on with a card that has to be unlocked here.
func (t *turn) lookedUpBlocked(again bool) {
	switch {
	case t.Standing.Case != "" && again:
		t.start(taking)
	case again:
		t.ask()
	case t.Standing.Standing == NotEnrolled && !t.Standing.CodeOnly && t.Standing.Case == "":
		t.show(CardUnregistered)
	default:
		t.show(CardLocked)
	}
}

// pressLocked starts an unlock, or goes on with the one under way.
func (t *turn) pressLocked(key string) {
	switch key {
	case display.Enter:
		t.forgotten()
	case display.Cancel:
		t.stop()
	}
}

// forgotten begins the way to a new passcode: for a blocked card, and for one
// whose holder forgot the passcode.
func (t *turn) forgotten() {
	switch s := t.Standing; {
	case s.Case != "":
		t.Journey = Unlocking
		t.start(taking)
	case !s.Online:
		t.keepFor(Offline, lookingUp, LinkLost)
	case s.Standing == StandsFrozen:
		t.show(CardFrozen)
	case s.Standing == StandsLocked:
		t.show(CardLockedOut)
	case s.Standing == NotEnrolled && !s.CodeOnly:
		t.show(CardUnregistered)
	default:
		t.Journey = Unlocking
		t.show(UnlockWarning)
	}
}

func (t *turn) pressMenu(key string) {
	switch key {
	case "1":
		t.Journey = Registering
		t.show(RegisterStart)
	case "2":
		t.Journey = Changing
		t.show(ChangeOld)
	case "3":
		t.forgotten()
	case "4":
		t.show(CardDetails)
	case display.Cancel:
		t.stop()
	}
}

func (t *turn) pressDetails(key string) {
	if key == display.Enter || key == display.Cancel {
		t.menu()
	}
}

// HasMenu reports whether the card works, so that there is a menu to go back
// to.
func (s State) HasMenu() bool { return s.Card.Tries != 0 && s.Standing.Standing != "" }

// BackToMenu reports whether the primary action of a page on which nothing
// more can be done leads to the menu of a working card.
func (s State) BackToMenu() bool {
	switch s.Page {
	case CardUnregistered, CardLockedOut, CardFrozen, RegisterNoEmail, Stopped:
		return s.HasMenu() && !s.CanRetry()
	}
	return false
}

// menu goes back to the menu, or stops where there is none.
func (t *turn) menu() {
	if !t.HasMenu() {
		t.stop()
		return
	}
	t.wipe()
	t.Journey, t.Number = NoJourney, 0
	t.show(CardMenu)
}

// pressDeadEnd leaves a page on which nothing more can be done here. A card
// that works still has its menu.
func (t *turn) pressDeadEnd(key string) {
	switch {
	case key == display.Enter && t.BackToMenu():
		t.menu()
	case key == display.Enter || key == display.Cancel:
		t.stop()
	}
}

func (t *turn) pressDone(key string) {
	if key == display.Enter || key == display.Cancel {
		t.stop()
	}
}
