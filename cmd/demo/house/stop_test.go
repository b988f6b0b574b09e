package house_test

import (
	"maps"

	"unlockpoint/cmd/demo/robot"
)

// stop is a page of a journey at which something happens to it.
type stop struct {
	page    string
	via     map[string]robot.Way // to get there, where the usual way passes by
	removed string               // what the page says when the card is pulled here
	back    string               // the page when it is put back in
	title   string               // of that page
}

// The words of the pages that say what was left behind, and those after.
const (
	nothing  = "Nothing was changed"
	unkept   = "Nothing was kept: your registration was not finished"
	goodFor  = "Your code is good for another 15 minutes"
	menu     = "What would you like to do?"
	start    = "Your card is blocked"
	resuming = "Go on unlocking your card"
)

func registerStops() []stop {
	email := map[string]robot.Way{"register.email": robot.Press("1")}
	where := map[string]robot.Way{"register.code": robot.Press("Enter")}
	return []stop{
		{"register.start", nil, nothing, "card.menu", menu},
		{"register.passcode", nil, unkept, "card.menu", menu},
		{"register.question", nil, unkept, "card.menu", menu},
		{"register.answer", nil, unkept, "card.menu", menu},
		{"register.email", nil, unkept, "card.menu", menu},
		{"register.email-edit", email, unkept, "card.menu", menu},
		{"register.code", nil, unkept, "card.menu", menu},
		{"code.where", where, unkept, "card.menu", menu},
	}
}

func unlockStops() []stop {
	where := map[string]robot.Way{"unlock.code": robot.Press("Enter")}
	return []stop{
		{"card.locked", nil, nothing, "card.locked", start},
		{"unlock.warning", nil, nothing, "card.locked", start},
		{"unlock.answer", nil, nothing, "card.locked", start},
		{"unlock.answers-wrong", wrongly(), nothing, "card.locked", start},
		{"unlock.code", nil, goodFor, "card.locked", resuming},
		{"code.where", where, goodFor, "card.locked", resuming},
		{"unlock.passcode", nil, goodFor, "card.locked", resuming},
		{"unlock.repeat", nil, goodFor, "card.locked", resuming},
	}
}

// wrongly answers every question with the same word.
func wrongly() map[string]robot.Way {
	return map[string]robot.Way{"unlock.answer": robot.Fill(func(*robot.Person, robot.Page) (string, error) { return "nonsense", nil })}
}

func changeStops() []stop {
	return []stop{
		{"change.old", nil, nothing, "card.menu", menu},
		{"change.new", nil, nothing, "card.menu", menu},
		{"change.repeat", nil, nothing, "card.menu", menu},
	}
}

// at goes to every stop in turn and lets something happen there. After that
// the card is served again, from the page that the stop says.
func (s story) at(stops []stop, ways map[string]robot.Way, happen func(stop)) {
	s.Helper()
	for _, p := range stops {
		way := maps.Clone(ways)
		maps.Copy(way, p.via)
		s.to(p.page, way)
		switch p.page {
		case "register.code", "unlock.code", "code.where":
			_, err := s.who.Code() // the mail is read before anything happens
			s.ok(err)
		}
		happen(p)
		s.shows(p.back, p.title)
	}
}
