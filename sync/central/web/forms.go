package web

import (
	"unlockpoint/sync/wire"
)

// form is an act that a page offers to who may do it.
type form struct {
	Kind   wire.Kind
	About  string // the field that names what the page is about: "card", "terminal" or "" for the whole
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
	{Kind: wire.CardRelease, About: "card", Title: "Release a lockout", Button: "Release", Asks: []ask{reason},
		Hint: "The holder may try their answers again, and is told by mail."},
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
