package pages

import "unlockpoint/device/journey"

// variant says in which circumstances the page is shown.
func (v view) variant() string {
	switch v.Page {
	case journey.RemovedEarly:
		return string(v.Removed.What)
	case journey.TakeCard:
		return v.takeVariant()
	case journey.OutOfService:
		return when(v.Fault == journey.NotSetUp, string(journey.NotSetUp))
	case journey.Idle:
		return when(!v.Online, "offline")
	case journey.HelpPage:
		return v.helpVariant()
	case journey.Offline:
		return v.offlineVariant()
	case journey.Stopped, journey.CardUnreadable, journey.UnlockFailed:
		return string(v.Problem)
	case journey.CardMenu, journey.CardLocked, journey.CardDetails:
		return v.cardVariant()
	}
	return v.journeyVariant()
}

func (v view) helpVariant() string {
	switch v.Base() {
	case journey.Idle:
		return "idle"
	case journey.RegisterPasscode, journey.ChangeOld, journey.ChangeNew, journey.ChangeRepeat, journey.UnlockPasscode, journey.UnlockRepeat:
		return when(!v.AtPad(), "passcode") // what is typed at the reader cannot be seen here
	case journey.RegisterAnswer, journey.UnlockAnswer, journey.RegisterEmailEdit:
		return "answer"
	case journey.RegisterCode, journey.UnlockCode, journey.CodeWhere:
		return "code"
	}
	return ""
}

func (v view) offlineVariant() string {
	if v.Base() == journey.Reading {
		return "reading"
	}
	return ""
}

func (v view) cardVariant() string {
	switch {
	case v.Page == journey.CardDetails && v.validity() != "valid":
		return v.validity()
	case v.Card.Unfinished && v.Page == journey.CardMenu:
		return "unfinished"
	case v.Card.Unfinished && v.Page == journey.CardLocked:
		return either(when(v.Standing.Case == "", "unfinished-over"), "unfinished")
	case v.Page == journey.CardLocked && v.Standing.Case != "":
		return v.resumeVariant()
	case v.Page == journey.CardLocked:
		return when(v.Standing.CodeOnly, "code-only")
	case v.Page == journey.CardMenu && (v.Standing.Standing == journey.Registered || v.Standing.Standing == journey.StandsLocked):
		return "registered"
	}
	return ""
}

func (v view) resumeVariant() string {
	if v.Standing.Accepted {
		return "accepted"
	}
	return "resume"
}

func (v view) journeyVariant() string {
	switch v.Page {
	case journey.RegisterStart:
		return either(when(v.Standing.CodeOnly, "code-only"), when(v.Standing.Standing == journey.Registered, "again"))
	case journey.RegisterPasscode, journey.ChangeOld:
		return v.passcodeVariant()
	case journey.RegisterEmail:
		return when(v.NewAddress != "", "new")
	case journey.RegisterCode:
		return when(v.Case.New, "new")
	case journey.UnlockCode:
		return when(v.Case.Accepted, "accepted")
	case journey.UnlockDone:
		return when(v.Case.Assist, "assist")
	case journey.AssistCode:
		return when(v.Case.Assist, "accepted")
	case journey.CodeWhere:
		return v.mailVariant()
	case journey.CodeExpired, journey.CodeUsedUp:
		return v.newCodeVariant()
	case journey.UnlockWarning:
		if v.Standing.CodeOnly || len(v.Standing.Asked) == 0 {
			return "code-only"
		}
	}
	return when(v.Standing.AttemptsLeft == 1, "last")
}

// passcodeVariant says where the passcode is typed, and whether it is the last
// try.
func (v view) passcodeVariant() string {
	switch last := v.Card.Tries == 1; {
	case last && v.AtPad():
		return "pad-last"
	case v.AtPad():
		return "pad"
	default:
		return when(last, "last")
	}
}

// takeVariant is what a person who takes the card should know.
func (v view) takeVariant() string {
	switch w := v.Removed.What; w {
	case journey.AllDone, journey.CodeUnderWay:
		return string(w)
	}
	return ""
}

// mailVariant is what became of the mail. Trouble with one that was sent
// again matters more than that it was sent.
func (v view) mailVariant() string {
	switch m := v.Case.Mail; {
	case m == "deferred" || m == "refused":
		return m
	case v.Resent:
		return "again"
	case m == "":
		return "queued"
	default:
		return m
	}
}

// newCodeVariant is what a new code asks of the person.
func (v view) newCodeVariant() string {
	switch {
	case v.Journey == journey.Registering:
		return "register"
	case v.Case.Assist:
		return "assist"
	}
	return when(v.Standing.CodeOnly, "code-only")
}

func when(yes bool, variant string) string {
	if yes {
		return variant
	}
	return ""
}
