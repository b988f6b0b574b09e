package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"unlockpoint/display"
)

// Verdict is how a step of a test ended.
type Verdict int

// The verdicts.
const (
	Passed Verdict = iota
	Failed
	Skipped // it could not be tried, which Found explains
)

// String names the verdict.
func (v Verdict) String() string { return [...]string{"passed", "FAILED", "skipped"}[v] }

// MarshalText writes the name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(strings.ToLower(v.String())), nil }

// Step is one thing that a test tried.
type Step struct {
	What    string  `json:"what"`
	Verdict Verdict `json:"verdict"`
	Found   string  `json:"found"`            // what was seen
	Advice  string  `json:"advice,omitempty"` // what to do, where it failed
}

// Test tries one part of a terminal.
type Test struct {
	Name  string
	Title string
	run   func(context.Context, bench)
}

// Subject is a running terminal, as its tests need it.
type Subject interface {
	// Health is what the terminal knows of itself.
	Health(context.Context) (Reading, error)
	// ProbeStore writes to the store and reads it back.
	ProbeStore() error
	// ProbeCentral asks central something that changes nothing.
	ProbeCentral(context.Context) error
	// Show shows a page in the place of the journey's until ctx ends. While a
	// card is in, nobody can: then the error says so.
	Show(ctx context.Context, page display.Page) error
	// Events are what panel, pad and keyboard report until ctx ends; of a
	// person with a card, only that there was something.
	Events(ctx context.Context) <-chan display.Event
}

// Engineer is the person who has a test made, at the console.
type Engineer interface {
	// Ask asks for one line.
	Ask(ctx context.Context, question string) (string, error)
	// Say tells what to do next.
	Say(text string)
}

// bench is what a test is made at.
type bench struct {
	Subject
	engineer Engineer // nil: nobody is there
	tell     func(Step)
}

// Run makes the test, and tells of each step as it ends. Without an engineer,
// the steps that need one are skipped. So is what ends because ctx does: who
// stops a test has found no fault.
func (t Test) Run(ctx context.Context, s Subject, e Engineer, tell func(Step)) {
	t.run(ctx, bench{s, e, func(step Step) {
		if step.Verdict != Passed && errors.Is(ctx.Err(), context.Canceled) {
			step = Step{What: step.What, Verdict: Skipped, Found: "it was stopped"}
		}
		tell(step)
	}})
}

// Tests are all there are, in the order in which they are best made: what is
// nearest to the terminal comes first.
func Tests() []Test {
	return []Test{
		{"panel", "the engineer reads a number on it", testPanel},
		{"touch", "four places are touched", testTouch},
		{"keypad", "some of its keys are pressed", testKeypad},
		{"reader", "it is there and may be used", testReader},
		{"card", "the card that is in it answers", testCard},
		{"store", "it keeps what it is given, and has room", testStore},
		{"clock", "it is not behind", testClock},
		{"network", "an address, and the broker's name resolved", testNetwork},
		{"mqtt", "the broker is reached", testMQTT},
		{"central", "it answers a question", testCentral},
	}
}

// BareTests are those that a terminal stands which serves nobody yet.
func BareTests() []Test {
	return slices.DeleteFunc(Tests(), func(t Test) bool {
		return !slices.Contains([]string{"panel", "touch", "keypad", "reader", "network"}, t.Name)
	})
}

func (b bench) pass(what, format string, args ...any) {
	b.tell(Step{What: what, Verdict: Passed, Found: fmt.Sprintf(format, args...)})
}

func (b bench) skip(what, why string) { b.tell(Step{What: what, Verdict: Skipped, Found: why}) }

func (b bench) fail(what, found, advice string) {
	b.tell(Step{What: what, Verdict: Failed, Found: found, Advice: advice})
}

// reading is the terminal's, or false when it does not say.
func (b bench) reading(ctx context.Context) (Reading, bool) {
	r, err := b.Health(ctx)
	if err != nil {
		b.fail("terminal", err.Error(), "The program does not answer: \"reboot\".")
	}
	return r, err == nil
}
