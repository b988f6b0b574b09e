package pages

import "unlockpoint/device/journey"

// step is "Step 2 of 4", or nothing.
func (v view) step() string {
	if v.stepNumber() == 0 {
		return ""
	}
	return v.say(v.words.Label["step"])
}

// stepNumber is how far the journey is, 0 where steps are not counted.
// Without questions there is one step less.
func (v view) stepNumber() int {
	n := v.fullStep()
	if n > 1 && (v.Standing.CodeOnly || v.assisted()) && v.steps() > 0 {
		n--
	}
	return n
}

func (v view) fullStep() int {
	switch v.Page {
	case journey.RegisterPasscode, journey.UnlockAnswer, journey.UnlockAnswersWrong, journey.AssistCode:
		return 1
	case journey.RegisterQuestion, journey.RegisterAnswer, journey.UnlockCode:
		return 2
	case journey.RegisterEmail, journey.RegisterEmailEdit, journey.UnlockPasscode, journey.UnlockRepeat, journey.UnlockWorking:
		return 3
	case journey.RegisterCode:
		return 4
	case journey.CodeWhere:
		return v.codeStep()
	}
	return 0
}

func (v view) codeStep() int {
	if v.Journey == journey.Registering {
		return 4
	}
	return 2
}

// steps is how many steps the journey has.
func (v view) steps() int {
	n := 3
	if v.Journey == journey.Registering {
		n = 4
	}
	if v.Standing.CodeOnly || v.assisted() {
		n--
	}
	return n
}

// assisted reports whether the IT booth's code stands for the questions and
// the mail.
func (v view) assisted() bool { return v.Page == journey.AssistCode || v.Case.Assist }

// count is how many questions there are to go through.
func (v view) count() int {
	if v.Journey == journey.Registering {
		return v.Rules.Choose
	}
	return len(v.Standing.Asked)
}
