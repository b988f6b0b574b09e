package wire

import (
	"slices"
	"time"
)

// Vitals is how a terminal is, by its own word. It names no person.
type Vitals struct {
	Uptime int     `json:"uptime_s"` // of the program
	Faults []Fault `json:"faults,omitempty"`
	Store  int64   `json:"store_bytes"` // on its disk
	Free   uint64  `json:"free_bytes"`
	Outbox uint64  `json:"outbox"` // facts that central has not acknowledged
}

// Worst is the fault that weighs most; of several such, the first.
func (v Vitals) Worst() (worst Fault) {
	for _, f := range v.Faults {
		if slices.Index(severities, f.Severity) > slices.Index(severities, worst.Severity) {
			worst = f
		}
	}
	return worst
}

// Fault is something at a terminal that somebody should see to.
type Fault struct {
	Code     string    `json:"code"` // never changes its meaning
	Title    string    `json:"title"`
	Severity Severity  `json:"severity"`
	Do       string    `json:"do"` // what helps
	Since    time.Time `json:"since,omitzero"`
}

// Severity of a fault.
type Severity string

// The severities.
const (
	Notice  Severity = "notice"  // worth knowing
	Warning Severity = "warning" // people are served
	Failure Severity = "failure" // nobody is
)

// severities from the least.
var severities = []Severity{Notice, Warning, Failure}
