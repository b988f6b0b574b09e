package wire

import "time"

// TerminalBody names a terminal, for acts about one.
type TerminalBody struct {
	Terminal string `json:"terminal"`
}

// TerminalView is what operators see of a terminal. Vitals are what it said
// last; without them it is not online, and nothing is known.
type TerminalView struct {
	ID     string    `json:"id"`
	Site   string    `json:"site"`
	Name   string    `json:"name"` // as people say it
	State  Condition `json:"state"`
	Why    string    `json:"why,omitempty"`  // of a quarantine
	Since  time.Time `json:"since,omitzero"` // when it last came or went
	Build  string    `json:"build,omitempty"`
	Sess   string    `json:"sess,omitempty"` // its link session
	Until  time.Time `json:"until,omitzero"` // its newest certificate is good
	Vitals *Vitals   `json:"vitals,omitempty"`
}

// Condition of a terminal, as operators see it.
type Condition string

// The conditions.
const (
	Online     Condition = "online"
	Offline    Condition = "offline"
	Quarantine Condition = "quarantine" // two devices seem to hold one identity
	Gone       Condition = "retired"
)

// Conditions lists all, as texts.
func Conditions() []string {
	return []string{string(Online), string(Offline), string(Quarantine), string(Gone)}
}

// FollowBody asks for the events behind a number, or without one for the last
// ones, and for those to come, for a while: ask again before it is over.
type FollowBody struct {
	After *uint64 `json:"after,omitempty"`
	Last  int     `json:"last,omitempty"` // 0: none
}

// EventsBody brings events, in order, or the news alone that there are some.
// Head is the number of the newest there is.
type EventsBody struct {
	Events []Event `json:"events,omitempty"`
	Head   uint64  `json:"head"`
}

// Event is something that happened in the fleet. It names no person.
type Event struct {
	N        uint64    `json:"n"`
	At       time.Time `json:"at"` // by central's clock
	Kind     EventKind `json:"kind"`
	Terminal string    `json:"terminal,omitempty"`
	Site     string    `json:"site,omitempty"`
	Text     string    `json:"text,omitempty"`
	Job      string    `json:"job,omitempty"` // that a command was for
}

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	CameOnline        EventKind = "online"
	WentOffline       EventKind = "offline"
	Quarantined       EventKind = "quarantine"
	TerminalOverspent EventKind = "overspent" // beyond its budget, and refused
	FaultBegan        EventKind = "fault"
	FaultOver         EventKind = "fault.over"
	Reported          EventKind = "report" // by a terminal, such as card.left
	CommandOver       EventKind = "command"
	NewSettings       EventKind = "settings" // taken over by a terminal
)

// StepsBody asks what became of the pages that were shown.
type StepsBody struct {
	Days int    `json:"days"`           // the last ones, today included
	Site string `json:"site,omitempty"` // empty: all
}

// StepRow is one page and the one that came next, over all people.
type StepRow struct {
	Page    string `json:"page"`
	Next    string `json:"next"`
	N       int    `json:"n"`
	Seconds int    `json:"seconds"` // that Page was shown, together
}
