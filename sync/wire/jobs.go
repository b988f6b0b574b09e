package wire

import (
	"slices"
	"time"
)

// Work is what a terminal can be told to do.
type Work string

// The works.
const (
	Identify   Work = "identify"   // draws attention for a while
	SelfTest   Work = "selftest"   // makes every test that needs no hands
	Restart    Work = "restart"    // starts the program again, once no card is in
	MakeReport Work = "report"     // says all it knows of itself
	Screenshot Work = "screenshot" // sends its page, unless that is private
)

// Works lists all.
func Works() []Work { return []Work{Identify, SelfTest, Restart, MakeReport, Screenshot} }

// ValidWork reports whether there is such a work.
func ValidWork(w Work) bool { return slices.Contains(Works(), w) }

// CommandBody tells a terminal to do something. The job names it: a terminal
// does each job once.
type CommandBody struct {
	Job string `json:"job"`
	Do  Work   `json:"do"`
}

// CommandDoneBody is how a command ended at a terminal. What it brought comes
// in numbered parts, one to each request; the last one ends the command.
type CommandDoneBody struct {
	Job  string  `json:"job"`
	End  Outcome `json:"end"`
	Text string  `json:"text"` // a line
	Part Part    `json:"part"`
}

// CommandDoneReply answers it.
type CommandDoneReply struct{ Answered }

// Outcome of a command at one terminal.
type Outcome string

// The outcomes.
const (
	Pending Outcome = "waiting"
	Done    Outcome = "done"
	Failed  Outcome = "failed"
	Late    Outcome = "expired" // nothing came of it in time
)

// RunBody tells terminals to do something.
type RunBody struct {
	Do        Work     `json:"do"`
	Terminals []string `json:"terminals"`
	Within    int      `json:"within_s"` // one that is away may do it until then
	Reason    string   `json:"reason,omitempty"`
}

// Job is a work for some terminals, and what became of it.
type Job struct {
	ID      string      `json:"id"`
	Do      Work        `json:"do"`
	By      string      `json:"by"` // operator
	Reason  string      `json:"reason"`
	At      time.Time   `json:"at"`
	Until   time.Time   `json:"until"`
	Results []JobResult `json:"results"`
}

// JobResult is what became of it at one terminal.
type JobResult struct {
	Terminal string  `json:"terminal"`
	End      Outcome `json:"end"`
	Text     string  `json:"text,omitempty"`
	Bytes    int     `json:"bytes,omitempty"` // that it brought: see FetchBody
}

// JobBody names a job.
type JobBody struct {
	Job string `json:"job"`
}

// FetchBody asks for what a job brought from a terminal; the result is its
// bytes.
type FetchBody struct {
	Job      string `json:"job"`
	Terminal string `json:"terminal"`
}
