package journey_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/text"
)

var update = flag.Bool("update", false, "write the golden stories anew")

// story is one person at the terminal, told as events and what came of them.
type story struct {
	state  journey.State
	past   []journey.Event
	told   strings.Builder
	rules  journey.RuleSet
	seen   func(place, route)
	watch  func(journey.State)
	awaits string // the effect under way
	before string
	skims  bool // the way to where the story begins is told in a line a page
	whole  bool // nothing is skimmed
}

// begin is a terminal that came up and serves.
func begin(seen func(place, route)) *story {
	s := &story{seen: seen}
	s.start(site())
	s.told.Reset()
	s.before = ""
	s.next(journey.ReaderChanged{Present: true, Approved: true})
	s.next(journey.LinkChanged{Up: true})
	return s
}

// start is a terminal that comes up.
func (s *story) start(rules journey.RuleSet) {
	s.state, s.rules, s.past, s.before = journey.Start(rules), rules, nil, ""
	s.tell("the terminal comes up")
}

func site() journey.RuleSet {
	return journey.RuleSet{
		Terminal: "Ward 7 corridor", Site: "Heath Hospital", Booth: "main entrance, left of the shop", Hours: "Monday to Friday, 8 to 6",
		Phone: "2222", Sender: "smartcards@heath.nhs.uk", Subjects: map[journey.Journey]string{
			journey.Registering: "Your code to register your smartcard", journey.Unlocking: "Your code to unlock your smartcard",
		},
		Domains: []string{"nhs.net", "nhs.uk", "gov.uk", "mod.uk"},
		Bank:    20, Choose: 4, PasscodeMin: 4, PasscodeMax: 8,
		PageTimeout: time.Minute, MoreTime: 20 * time.Second, WarnExpiry: 30, CodeMinutes: 15,
	}
}

// next lets one event happen, without a word about it.
func (s *story) next(ev journey.Event) []journey.Effect {
	var effects []journey.Effect
	s.state, effects = s.state.Next(ev)
	s.past = append(s.past, ev)
	s.follow(ev, effects)
	if s.watch != nil {
		s.watch(s.state)
	}
	if s.seen != nil {
		s.seen(place{s.state.Page, s.awaits}, route{s.rules, s.past})
	}
	return effects
}

// follow keeps track of the effect under way.
func (s *story) follow(ev journey.Event, effects []journey.Effect) {
	switch ev.(type) {
	case journey.Outcome, journey.CardOut, journey.CardIn:
		s.awaits = ""
	}
	for _, e := range awaited(effects) {
		s.awaits = effectName(e)
	}
}

// tell lets events happen and writes down what came of them.
func (s *story) tell(what string, events ...journey.Event) {
	var effects []journey.Effect
	for _, ev := range events {
		effects = append(effects, s.next(ev)...)
	}
	if s.skims {
		fmt.Fprintf(&s.told, "... %s: %s\n", what, s.state.Page)
		return
	}
	fmt.Fprintf(&s.told, "--> %s\n", what)
	for _, e := range effects {
		if _, step := e.(journey.Step); !step {
			fmt.Fprintf(&s.told, "    asks for %s\n", effectText(e))
		}
	}
	s.tellPage()
}

// skim tells in short what other stories tell at length.
func (s *story) skim(tell func()) {
	if s.skims || s.whole {
		tell()
		return
	}
	s.skims = true
	tell()
	s.skims = false
	s.tellPage()
}

func (s *story) tellPage() {
	page := text.Of(pages.View(s.state))
	if page == s.before {
		return
	}
	s.before = page
	s.told.WriteString("\n")
	for line := range strings.Lines(page) {
		if line == "\n" {
			s.told.WriteString("  |\n")
			continue
		}
		s.told.WriteString("  | " + line)
	}
	s.told.WriteString("\n")
}

func effectText(e journey.Effect) string {
	name := effectName(e)
	switch e := e.(type) {
	case journey.VerifyPasscode:
		return fmt.Sprintf("%s with %d characters", name, e.Passcode.Len())
	case journey.ChangePasscode:
		if e.AtPad {
			return name + " at the reader's keys"
		}
		return fmt.Sprintf("%s from %d characters to %d", name, e.Old.Len(), e.New.Len())
	case journey.MakeKeys:
		return fmt.Sprintf("%s of %s", name, answersText(e.Answers))
	case journey.Enrol:
		return name + addressText(e.NewAddress)
	case journey.TryAnswers:
		return fmt.Sprintf("%s to %s", name, answersText(e.Answers))
	case journey.CheckCode:
		return fmt.Sprintf("%s of case %s with %d digits", name, e.Case, e.Code.Len())
	case journey.TryAssist:
		return fmt.Sprintf("%s with %d digits", name, e.Code.Len())
	case journey.ResendCode:
		return name + " of case " + e.Case
	case journey.AskCase:
		return name + " of case " + e.Case
	case journey.Unlock:
		return fmt.Sprintf("%s of case %s with %d characters", name, e.Case, e.Passcode.Len())
	case journey.Report:
		return name + " " + e.What
	case journey.Remember:
		look := e.Preferences.Look
		return fmt.Sprintf("%s text %d%%, colours %q, language %q, low %v, unhurried %v",
			name, look.Scale(), look.Colours, look.Language, look.Low, e.Preferences.Unhurried)
	}
	return name
}

func answersText(answers []journey.Answer) string {
	var parts []string
	for _, a := range answers {
		parts = append(parts, fmt.Sprintf("question %d (%d characters)", a.Question, a.Text.Len()))
	}
	return strings.Join(parts, ", ")
}

func addressText(address string) string {
	if address == "" {
		return ""
	}
	return ", with a new address"
}

// The things that happen.

func (s *story) cardIn()  { s.tell("the card is put in", journey.CardIn{}) }
func (s *story) cardOut() { s.tell("the card is taken", journey.CardOut{}) }

func (s *story) press(keys ...string) {
	for _, key := range keys {
		s.tell("press "+key, pressed(key))
	}
}

func pressed(key string) journey.Event {
	return journey.Pressed{Input: display.Input{Key: key}}
}

// typing enters a text; secrets do not appear in a story.
func (s *story) typing(text string) {
	s.tell(fmt.Sprintf("type %d characters", len([]rune(text))), typed(text)...)
}

func typed(text string) []journey.Event {
	var events []journey.Event
	for _, r := range text {
		events = append(events, journey.Pressed{Input: display.Input{Rune: r}})
	}
	return events
}

// enter types a text and goes on.
func (s *story) enter(text string) {
	events := append(typed(text), pressed(display.Enter))
	s.tell(fmt.Sprintf("type %d characters and press Enter", len([]rune(text))), events...)
}

// got ends the effect under way.
func (s *story) got(what string, got journey.Got) {
	s.tell(what, journey.Outcome{Session: s.state.Session, Got: got})
}

// wait lets time go by in quarter seconds, as the loop does.
func (s *story) wait(d time.Duration) {
	var events []journey.Event
	for range d / (250 * time.Millisecond) {
		events = append(events, journey.Tick{Elapsed: 250 * time.Millisecond})
	}
	s.tell(fmt.Sprintf("%v go by", d), events...)
}

func (s *story) link(up bool) {
	what := "the link is lost"
	if up {
		what = "the link is back"
	}
	s.tell(what, journey.LinkChanged{Up: up})
}

// TestStories compares each story with its golden text.
func TestStories(t *testing.T) {
	for _, told := range stories() {
		t.Run(told.name, func(t *testing.T) {
			s := begin(nil)
			told.tell(s)
			goldentest.Text(t, filepath.Join("testdata", told.name+".txt"), s.told.String(), *update)
		})
	}
}
