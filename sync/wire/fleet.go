package wire

import "time"

// TerminalBody names a terminal, for acts about one.
type TerminalBody struct {
	Terminal string `json:"terminal"`
}

// TerminalView is what operators see of a terminal.
type TerminalView struct {
	ID    string    `json:"id"`
	Site  string    `json:"site"`
	Name  string    `json:"name"` // as people say it
	State Condition `json:"state"`
	Why   string    `json:"why,omitempty"`  // of a quarantine
	Since time.Time `json:"since,omitzero"` // when it last said that it came or went
	Build string    `json:"build,omitempty"`
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
