package web

import (
	"slices"

	"unlockpoint/sync/wire"
)

// form is an act that a page offers to who may do it.
type form struct {
	Kind   wire.Kind
	About  string // the field that names what the page is about: "card", "terminal", or "" for the whole
	Title  string
	Hint   string
	Done   string // what is so afterwards
	Button string
	Danger bool // it takes something away
	Asks   []ask
}

// ask is one field of a form.
type ask struct {
	Name, Label string
	Form        entry
}

// entry is how a field is filled in.
type entry int

const (
	needed   entry = iota // a text
	optional              // a text, or nothing
	ticked                // yes or no
)

// Needed says that it may not be left empty.
func (a ask) Needed() bool { return a.Form == needed }

// Ticked says that it is yes or no.
func (a ask) Ticked() bool { return a.Form == ticked }

var reason = ask{"reason", "Reason", needed}

// forms of all pages, in the order in which they stand there.
var forms = []form{
	{Kind: wire.CardAssist, About: "card", Title: "Help in person", Button: "Give a code", Asks: []ask{reason},
		Hint: "You have checked who they are. The code stands for their answers and the mail; they type it at a terminal.",
		Done: "Tell them the code. They type it at any terminal, once, with their card in."},
	{Kind: wire.CardRelease, About: "card", Title: "Release a lockout", Button: "Release", Asks: []ask{reason},
		Hint: "They may try their answers again.",
		Done: "They can try their answers again now, at any terminal."},
	{Kind: wire.CardAddress, About: "card", Title: "Set the email address", Button: "Set it", Asks: []ask{{"address", "Email address", needed}, reason},
		Hint: "With no address on file, codes go there from now on. With one, they do after the wait for a new address, and both are told.",
		Done: "With no address on file before, codes go to the new one from now on. With one, they do after the wait for a new address, and both were told."},
	{Kind: wire.CardFreeze, About: "card", Title: "Stop self-service", Button: "Stop", Danger: true, Asks: []ask{reason},
		Hint: "Nobody can register or unlock the card at a terminal.",
		Done: "Nobody can register or unlock the card at a terminal now. The card itself works as before."},
	{Kind: wire.CardUnfreeze, About: "card", Title: "Start self-service again", Button: "Start again", Asks: []ask{reason},
		Hint: "A second operator has to agree.",
		Done: "The card can be registered and unlocked at terminals again."},
	{Kind: wire.CardRemove, About: "card", Title: "Remove the registration", Button: "Remove", Danger: true,
		Asks: []ask{reason, {"forget", "Also take the email address off file and cut the history off the person for good: a second operator has to agree", ticked}},
		Hint: "Answers and questions are forgotten. They can register again.",
		Done: "Answers and questions are forgotten. They can register again."},
	{Kind: wire.ConsoleRespond, About: "terminal", Title: "Let an engineer in at its console", Button: "Answer", Asks: []ask{{"challenge", "Challenge that the console shows", needed}, reason},
		Hint: "You know who is there. Read the answer out to them.",
		Done: "Read the answer out to the engineer."},
	{Kind: wire.AuditVerify, Title: "Verify the log", Button: "Verify", Asks: []ask{{"was", "Head that was written down earlier, if there is one", optional}},
		Hint: "Finds an entry that was changed, moved or taken out. Write the head down elsewhere: with it, a log that was put back from a copy is found too.",
		Done: "No entry was changed, moved or taken out. Write the head down elsewhere, for the next time."},
}

// formOf an act; of one without a form, its name alone.
func formOf(kind wire.Kind) form {
	if at := slices.IndexFunc(forms, func(f form) bool { return f.Kind == kind }); at >= 0 {
		return forms[at]
	}
	return form{Kind: kind, Title: string(kind)}
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
