package layouttest

import "unlockpoint/display"

// Samples are pages of every kind, each about as full as that kind gets.
func Samples() []display.Page {
	pages := []display.Page{
		idle(), menu(), warning(), question(), answer(), answerWrong(), code(), codeWrong(), passcode(), newPasscode(),
		working(), done(), lockedOut(), moreTime(), whereIsMyCode(), settings(), address(), details(),
	}
	for i := range pages {
		pages[i].Status = display.Status{Terminal: "Ward 7 East", Online: true, Reader: true}
		pages[i].Session = 7
		pages[i].Card = true
		pages[i].Words = Words()
	}
	pages[12].Status.Online = false
	return pages
}

// Words are what the display says on a page in English.
func Words() display.Words {
	return display.Words{
		Settings: "Settings", Help: "Help", More: "More", Back: "Back", Show: "Show", Hide: "Hide", Space: "space",
		Covered: "Touch the screen to go on", Why: "Or press any key. Your page is covered, so that nobody else reads it.",
		Online: "Online", Offline: "Offline", Ready: "Reader ready", Absent: "No reader",
		Spoken: display.Spoken{
			Wait: "Wait", Done: "Done", Careful: "Warning", Stuck: "Problem",
			Star: "star", Hash: "hash", Others: "other characters",
			Small: "small letters", Capitals: "capital letters", Digits: "digits", Signs: "signs",
			Nothing: "nothing typed yet", One: "1 character", Many: "# characters",
			Hidden: "hidden letters", Left: "time left", Listen: "Any key stops this voice.",
		},
	}
}

func act(key, label string) display.Action  { return display.Action{Key: key, Label: label} }
func pick(key, label string) display.Choice { return display.Choice{Key: key, Label: label} }

func idle() display.Page {
	return display.Page{ID: "idle", Title: "Put your smartcard in",
		Body: []string{"Unlock your card, set a new passcode, or register for self-service.", "It takes about 2 minutes."}}
}

func menu() display.Page {
	return display.Page{ID: "card.menu", Title: "What do you want to do?", Field: &display.Field{Kind: display.ChoiceField},
		Choices: []display.Choice{pick("1", "Register for self-service"), pick("2", "Change my passcode"),
			pick("3", "I forgot my passcode"), pick("4", "Check my card")},
		Actions: []display.Action{act(display.Cancel, "Take my card out")}}
}

func warning() display.Page {
	return display.Page{ID: "unlock.warning", Step: "Step 1 of 3", Title: "Only unlock your own card", Tone: display.Warning,
		Body: []string{"Unlocking a card that belongs to somebody else is a disciplinary matter.",
			"We will ask you 3 of your questions, then send a code to your work e-mail. Have your e-mail at hand.",
			"3 failed attempts end self-service for this card."},
		Actions: []display.Action{act(display.Enter, "Start"), act(display.Cancel, "Cancel")}}
}

func question() display.Page {
	return display.Page{ID: "register.question", Step: "Step 2 of 4", Title: "Choose question 1 of 4", Field: &display.Field{Kind: display.ChoiceField},
		Choices: []display.Choice{
			pick("1", "What was the name of the first street you lived in?"), pick("2", "What was your favourite subject at school?"),
			pick("3", "In which town did your parents meet?"), pick("4", "What was the name of your first pet?"),
			pick("5", "What was the first film you saw in a cinema?"), pick("6", "What was the make of your first car or bicycle?"),
			pick("0", "More questions")},
		Actions: []display.Action{act(display.Cancel, "Cancel")}}
}

func answer() display.Page {
	return display.Page{ID: "register.answer", Step: "Step 2 of 4", Title: "What was the name of the first street you lived in?", Private: true,
		Body:    []string{"Capitals and spaces do not matter."},
		Field:   &display.Field{Kind: display.TextField, Label: "Your answer", Value: display.NewSecret("Tudor Road"), Max: 64, CanShow: true},
		Actions: []display.Action{act(display.Enter, "Continue"), act(display.Cancel, "Cancel")}}
}

func answerWrong() display.Page {
	p := answer()
	p.ID, p.Step = "unlock.answer", "Step 1 of 3"
	p.Field.Masked = true
	p.Error = "Type at least 2 letters or digits."
	return p
}

func code() display.Page {
	return display.Page{ID: "unlock.code", Step: "Step 2 of 3", Title: "Enter the code from your e-mail", SecondsLeft: 812, Private: true,
		Body:    []string{"We sent it to s•••••@nhs.net at 14:32.", "You may take your card out and come back with the code."},
		Field:   &display.Field{Kind: display.CodeField, Label: "6-digit code", Value: display.NewSecret("4826"), Max: 6, Digits: true},
		Actions: []display.Action{act(display.Enter, "Continue"), act(display.Cancel, "Cancel")}}
}

func codeWrong() display.Page {
	p := code()
	p.Error = "That is not the code we sent. You have 2 tries left."
	p.Field.Value = display.NewSecret("")
	return p
}

func passcode() display.Page {
	return display.Page{ID: "register.passcode", Step: "Step 1 of 4", Title: "Enter your current passcode", Private: true,
		Body:    []string{"Your card checks it. You have 3 tries left."},
		Field:   &display.Field{Kind: display.PasscodeField, Label: "Passcode", Value: display.NewSecret("1234"), Max: 8, Digits: true, Masked: true, CanShow: true},
		Actions: []display.Action{act(display.Enter, "Continue"), act(display.Cancel, "Cancel")}}
}

func newPasscode() display.Page {
	return display.Page{ID: "unlock.passcode", Step: "Step 3 of 3", Title: "Choose a new passcode", Private: true,
		Body:    []string{"4 to 8 letters, digits or symbols.", "Not one character repeated, and no plain run like 1234."},
		Error:   "That passcode is too easy to guess",
		Field:   &display.Field{Kind: display.PasscodeField, Label: "New passcode", Value: display.NewSecret("Ab3!"), Max: 8, Masked: true, CanShow: true},
		Actions: []display.Action{act(display.Enter, "Continue"), act(display.Cancel, "Cancel")}}
}

func working() display.Page {
	return display.Page{ID: "unlock.working", Step: "Step 3 of 3", Title: "Unlocking your card", Tone: display.Working,
		Body: []string{"Leave your card in."}}
}

func done() display.Page {
	return display.Page{ID: "unlock.done", Title: "Your card is unlocked", Tone: display.Success, SecondsLeft: 20,
		Body:    []string{"Take your card out, then put it into your computer and log in with your new passcode.", "We have sent a notice to your work e-mail."},
		Actions: []display.Action{act(display.Enter, "Finish")}}
}

func lockedOut() display.Page {
	return display.Page{ID: "card.locked-out", Title: "This card needs the IT booth", Tone: display.Problem,
		Body: []string{"There were 3 failed attempts to unlock this card, so self-service has ended for it.",
			"The IT booth can unlock it while you wait. Bring your card and a photo ID.",
			"Main corridor, level 2, beside the pharmacy. Open 07:30 to 18:00, Monday to Friday. Telephone 020 7946 0123."},
		Actions: []display.Action{act(display.Enter, "I have an assist code"), act(display.Cancel, "Finish")}}
}

func moreTime() display.Page {
	return display.Page{ID: "more-time", Title: "Do you need more time?", Tone: display.Warning, SecondsLeft: 18,
		Body:    []string{"Nothing you have done so far is lost."},
		Actions: []display.Action{act(display.Enter, "Yes, more time"), act(display.Cancel, "No, stop")}}
}

func whereIsMyCode() display.Page {
	return display.Page{ID: "code.where", Step: "Step 2 of 3", Title: "Where is my code?", SecondsLeft: 700,
		Body: []string{"The mail server took it at 14:32. It may take a minute to arrive.",
			"Look for an e-mail from Smartcard self-service <smartcards@trust.nhs.uk> with the subject Your unlock code.",
			"Look in the junk folder too.", "We can send it 2 more times. If it does not come, go to the IT booth."},
		Actions: []display.Action{act(display.Enter, "Enter the code"), act("1", "Send it again"), act(display.Cancel, "Cancel")}}
}

func settings() display.Page {
	return display.Page{ID: "settings", Title: "Settings", Field: &display.Field{Kind: display.ChoiceField},
		Choices: []display.Choice{pick("1", "Larger text"), pick("2", "High contrast"), pick("3", "Cymraeg"), pick("4", "More time on every page")},
		Actions: []display.Action{act(display.Enter, "Back")}}
}

func address() display.Page {
	return display.Page{ID: "register.email-edit", Step: "Step 3 of 4", Title: "What is your work e-mail address?", Private: true,
		Body:    []string{"It has to end in nhs.net, nhs.uk, gov.uk or mod.uk."},
		Error:   "Enter an address that ends in nhs.net, nhs.uk, gov.uk or mod.uk",
		Field:   &display.Field{Kind: display.TextField, Label: "E-mail address", Value: display.NewSecret("sioned.wyn-jones.haematology@wales.nhs.uk"), Max: 254},
		Actions: []display.Action{act(display.Enter, "Continue"), act(display.Cancel, "Cancel")}}
}

func details() display.Page {
	return display.Page{ID: "card.details", Title: "Your card",
		Body: []string{"Type: PIV smartcard. It works.", "Passcode: 3 tries left.", "Registered for self-service on 3 March 2026.",
			"Certificates: valid until 30 November 2026, which is 7 days from now. Ask the IT booth to renew them.", "Last unlocked on 12 May 2026."},
		Actions: []display.Action{act(display.Enter, "Back")}}
}
