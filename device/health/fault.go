package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Severity says how much a fault matters.
type Severity int

// The severities.
const (
	Notice  Severity = iota // worth knowing
	Warning                 // people are served, and somebody should look today
	Failure                 // people are not served
)

var severities = [...]string{"notice", "warning", "failure"}

// String names the severity.
func (s Severity) String() string { return severities[s] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severities[:], string(text))
	if i < 0 {
		return fmt.Errorf("severity %q: it is notice, warning or failure", text)
	}
	*s = Severity(i)
	return nil
}

// Fault is something that a person should do something about.
type Fault struct {
	Code     string   `json:"code"` // keeps its meaning for ever
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Advice   string   `json:"advice"` // what to do
}

// LinkDown is the code of the one fault that central sees from its own end.
const LinkDown = "link.down"

const (
	littleSpace = 256 << 20 // a week of logs and a store that is rewritten once
	noSpace     = 32 << 20  // Badger's next files: 2 x 2 MiB of tables, 8 MiB of log, and again
	manyFacts   = 1000      // a terminal writes some 200 a day
)

// Faults are those that follow from a reading, the worst first.
func (r Reading) Faults() []Fault {
	var found []Fault
	for _, check := range checks {
		if check.is(r) {
			found = append(found, check.Fault)
		}
	}
	slices.SortStableFunc(found, func(a, b Fault) int { return cmp.Compare(b.Severity, a.Severity) })
	return found
}

// check is a fault and how it shows.
type check struct {
	Fault
	is func(Reading) bool
}

var checks = []check{
	{Fault{"reader.missing", "No card reader", Failure, "Plug the reader in again. If it stays missing, try another cable and socket, and see that pcscd runs."},
		func(r Reading) bool { return r.Reader.Name == "" }},
	{Fault{"reader.unapproved", "The card reader may not be used", Failure, "Use a reader that is named under [reader] in terminal.toml, or add this one there."},
		func(r Reading) bool { return r.Reader.Name != "" && !r.Reader.Approved }},
	{Fault{"store.full", "The disk is full", Failure, "Nothing can be kept any more. Make room on the disk that holds the data folder."},
		func(r Reading) bool { return r.Store.Free < noSpace }},
	{Fault{"store.space", "The disk is nearly full", Warning, "Make room on the disk that holds the data folder."},
		func(r Reading) bool { return r.Store.Free >= noSpace && r.Store.Free < littleSpace }},
	{Fault{"store.replaced", "The store was damaged and replaced", Warning, "Facts that central had not yet may be lost. If it happens again, replace the flash card."},
		func(r Reading) bool { return r.Store.SetAside != "" }},
	{Fault{LinkDown, "Central cannot be reached", Failure, "Run \"test network\" and \"test mqtt\": they say how far the terminal gets."},
		func(r Reading) bool { return !r.Link.Up }},
	{Fault{"facts.waiting", "Central is far behind", Warning, "More than 1,000 facts wait for central. If the link is up, tell central IT."},
		func(r Reading) bool { return r.Store.Waiting > manyFacts }},
	{Fault{"clock.behind", "The clock is wrong", Warning, "It is behind a time that is certainly over. Set it, or see that time synchronisation reaches its server."},
		func(r Reading) bool { return r.At.Before(r.certain()) }},
	{Fault{"policy.none", "No rules from central yet", Notice, "They come with the first connection. Until then the built-in ones hold."},
		func(r Reading) bool { return r.Policy == 0 }},
}

// certain is a time that is certainly over.
func (r Reading) certain() time.Time {
	if r.Made.After(r.Clock.Floor) {
		return r.Made
	}
	return r.Clock.Floor
}
