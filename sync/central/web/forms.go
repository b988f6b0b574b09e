package web

import (
	"unlockpoint/sync/wire"
)

// form is an act that a page offers to who may do it.
type form struct {
	Kind   wire.Kind
	About  string // the field that names what the page is about: "card", or "" for the whole
	Title  string
	Hint   string
	Button string
	Danger bool // it takes something away
	Asks   []ask
}

// ask is one field of a form.
type ask struct{ Name, Label string }

var reason = ask{"reason", "Reason"}

// forms of all pages, in the order in which they stand there.
var forms = []form{
	{Kind: wire.CardAssist, About: "card", Title: "Help in person", Button: "Give a code", Asks: []ask{reason},
		Hint: "You have checked who they are. The code stands for their answers and the mail; they type it at a terminal."},
	{Kind: wire.CardRelease, About: "card", Title: "Release a lockout", Button: "Release", Asks: []ask{reason},
		Hint: "They may try their answers again."},
	{Kind: wire.CardAddress, About: "card", Title: "Set the email address", Button: "Set it", Asks: []ask{{"address", "Email address"}, reason},
		Hint: "Codes go there from now on."},
	{Kind: wire.CardFreeze, About: "card", Title: "Stop self-service", Button: "Stop", Danger: true, Asks: []ask{reason},
		Hint: "Nobody can register or unlock the card at a terminal."},
	{Kind: wire.CardUnfreeze, About: "card", Title: "Start self-service again", Button: "Start again", Asks: []ask{reason},
		Hint: "A second operator has to agree."},
	{Kind: wire.CardRemove, About: "card", Title: "Remove the registration", Button: "Remove", Danger: true, Asks: []ask{reason},
		Hint: "Answers and questions are forgotten. They can register again."},
	{Kind: wire.AuditVerify, About: "was", Title: "Verify the log", Button: "Verify", Asks: []ask{},
		Hint: "Finds an entry that was changed, moved or taken out."},
}

// formsOf are those about something that the operator may use.
func formsOf(v view, about string) (may []form) {
	for _, f := range forms {
		if f.About == about && v.May(f.Kind) {
			may = append(may, f)
		}
	}
	return may
}

// fields joins what a form is shown with.
func fields(v view, f form, subject string) any {
	return struct {
		view
		form
		Subject string
	}{v, f, subject}
}
