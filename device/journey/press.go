package journey

import "unlockpoint/display"

// pressed is what a person did. It shows that somebody is there.
func (t *turn) pressed(in display.Input) {
	t.quiet, t.reminded = 0, 0
	if t.Busy() {
		t.pressedBusy(in)
		return
	}
	field := t.Field()
	switch {
	case in.Rune != 0:
		t.typed(field, in)
	case field != nil && field.Kind != display.ChoiceField && isDigit(in.Key):
		t.typed(field, display.Input{Rune: rune(in.Key[0])})
	case in.Key == display.Clear:
		t.cleared(field)
	case in.Key == display.Show:
		t.revealed = field != nil && field.CanShow && !t.revealed
	case in.Key == display.Settings:
		t.openSettings()
	case in.Key == display.Help:
		t.openHelp()
	default:
		t.key(in.Key)
	}
}

// pressedBusy lets a person stop while central is waited for, but not while
// the card is at work.
func (t *turn) pressedBusy(in display.Input) {
	if in.Key == display.Cancel && t.CanStop() {
		t.stop()
	}
}

// CanStop reports whether the person may stop while an effect is under way.
func (s State) CanStop() bool {
	return s.await.needsLink() && s.await != unlocking
}

func isDigit(key string) bool { return len(key) == 1 && key[0] >= '0' && key[0] <= '9' }

// key hands a key to the page it was pressed on.
func (t *turn) key(key string) {
	switch t.Page {
	case Idle:
		t.pressIdle(key)
	case MoreTime:
		t.pressMoreTime(key)
	case SettingsPage:
		t.pressSettings(key)
	case HelpPage:
		t.pressHelp(key)
	case Offline, Stopped:
		t.pressRetry(key)
	case RemovedEarly:
		t.pressRemoved(key)
	case CardMenu:
		t.pressMenu(key)
	case CardDetails:
		t.pressDetails(key)
	case CardLocked:
		t.pressLocked(key)
	case CardUnregistered, CardLockedOut, CardFrozen:
		t.pressClosed(key)
	case CardUnknownPage, CardUnsupported, CardUnreadable,
		CardBlockedForGood, CardExpired, RegisterNoEmail:
		t.pressDeadEnd(key)
	case RegisterDone, UnlockDone, ChangeDone:
		t.pressDone(key)
	default:
		t.journeyKey(key)
	}
}

// journeyKey hands a key to a page of one of the journeys.
func (t *turn) journeyKey(key string) {
	switch t.Page {
	case RegisterStart:
		t.pressRegisterStart(key)
	case RegisterPasscode:
		t.pressRegisterPasscode(key)
	case RegisterQuestion:
		t.pressQuestion(key)
	case RegisterAnswer:
		t.pressRegisterAnswer(key)
	case RegisterEmail:
		t.pressEmail(key)
	case RegisterEmailEdit:
		t.pressEmailEdit(key)
	case UnlockWarning:
		t.pressWarning(key)
	case UnlockAnswer:
		t.pressUnlockAnswer(key)
	case UnlockAnswersWrong:
		t.pressAnswersWrong(key)
	case RegisterCode, UnlockCode:
		t.pressCode(key)
	case CodeWhere:
		t.pressWhere(key)
	case CodeExpired, CodeUsedUp:
		t.pressNewCode(key)
	case AssistCode:
		t.pressAssist(key)
	case UnlockPasscode, ChangeNew:
		t.pressNewPasscode(key)
	case UnlockRepeat, ChangeRepeat:
		t.pressRepeat(key)
	case UnlockFailed:
		t.pressUnlockFailed(key)
	case ChangeOld:
		t.pressChangeOld(key)
	}
}
