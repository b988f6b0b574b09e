package journey_test

import (
	"slices"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// TestSteps follows a person to the menu and away again: each page that was
// left is told once, with its seconds. What was laid over it is no step, and
// who walks off from there has left the page below.
func TestSteps(t *testing.T) {
	s := begin(nil)
	events := []journey.Event{
		journey.Tick{Elapsed: 90 * time.Second},
		journey.CardIn{},
		journey.Outcome{Session: 1, Got: working()},
		journey.Tick{Elapsed: 1500 * time.Millisecond},
		journey.Outcome{Session: 1, Got: registered()},
		journey.Tick{Elapsed: 7 * time.Second},
		pressed("4"),
		journey.Tick{Elapsed: 2 * time.Second},
		pressed(display.Help),
		journey.Tick{Elapsed: 3 * time.Second},
		pressed(display.Help),
		pressed(display.Settings),
		journey.CardOut{},
	}
	var got []journey.Step
	for _, ev := range events {
		for _, e := range s.next(ev) {
			if step, ok := e.(journey.Step); ok {
				got = append(got, step)
			}
		}
	}
	want := []journey.Step{
		{Page: journey.Idle, Seconds: 90, Next: journey.Reading},
		{Page: journey.Reading, Seconds: 1, Next: journey.CardMenu},
		{Page: journey.CardMenu, Seconds: 7, Next: journey.CardDetails},
		{Page: journey.CardDetails, Seconds: 5, Next: journey.Idle},
	}
	if !slices.Equal(got, want) {
		t.Errorf("the steps are\n%v, want\n%v", got, want)
	}
}

// TestOutcomeOfAnotherCard never lands on this one.
func TestOutcomeOfAnotherCard(t *testing.T) {
	s := begin(nil)
	s.next(journey.CardIn{})
	s.next(journey.CardOut{})
	s.next(journey.CardIn{})
	s.next(journey.Outcome{Session: 1, Got: blocked()})
	if s.state.Page != journey.Reading || s.state.Session != 2 {
		t.Errorf("the first card's outcome led to %s in session %d", s.state.Page, s.state.Session)
	}
	if effects := s.next(journey.Outcome{Session: 2, Got: working()}); len(awaited(effects)) != 1 {
		t.Errorf("the second card's own outcome led to %v", effects)
	}
}

// TestTimesOfTheSite follows the rules of the site, not ours.
func TestTimesOfTheSite(t *testing.T) {
	s := begin(nil)
	rules := site()
	rules.PageTimeout, rules.MoreTime = 2*time.Minute, 5*time.Second
	s.next(journey.Rules{Rules: rules})
	s.insert(working(), registered())
	s.next(journey.Tick{Elapsed: 119 * time.Second})
	if s.state.Page != journey.CardMenu {
		t.Errorf("after 119 seconds of 120 the page is %s", s.state.Page)
	}
	s.next(journey.Tick{Elapsed: time.Second})
	s.next(journey.Tick{Elapsed: time.Second})
	if s.state.Page != journey.MoreTime || s.state.SecondsLeft() != 4 {
		t.Errorf("after 121 seconds: %s with %d seconds left", s.state.Page, s.state.SecondsLeft())
	}
	s.next(journey.Tick{Elapsed: 4 * time.Second})
	if s.state.Page != journey.TakeCard {
		t.Errorf("at the end of more time: %s", s.state.Page)
	}
}
