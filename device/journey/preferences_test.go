package journey_test

import (
	"slices"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

func likes(scale int, colours display.Colours, language string, unhurried bool) journey.Preferences {
	return journey.Preferences{Look: display.Look{TextScale: scale, Colours: colours, Language: language}, Unhurried: unhurried}
}

// reaching is the same with what is touched in the lower half.
func reaching(p journey.Preferences) journey.Preferences {
	p.Look.Low = true
	return p
}

// now is what the person has.
func (s *story) now() journey.Preferences {
	return journey.Preferences{Look: s.state.Look, Unhurried: s.state.Unhurried}
}

// remembered is what the last of the effects keeps for the card.
func remembered(effects []journey.Effect) []journey.Preferences {
	var all []journey.Preferences
	for _, e := range effects {
		if r, ok := e.(journey.Remember); ok {
			all = append(all, r.Preferences)
		}
	}
	return all
}

func (s *story) outcome(got journey.Got) []journey.Effect {
	return s.next(journey.Outcome{Session: s.state.Session, Got: got})
}

func read(p journey.Preferences) journey.CardRead {
	c := working()
	c.Preferences = p
	return c
}

// TestWhatIsRememberedCountsBeforeTheFirstPage, and what was chosen on the
// page that waits for a card counts more.
func TestWhatIsRememberedCountsBeforeTheFirstPage(t *testing.T) {
	dark := reaching(likes(170, display.Dark, "cy", true))
	next, round := words.Tongues()[1].Code, slices.Repeat([]string{"1"}, len(words.Tongues())) // through all languages
	for name, c := range map[string]struct {
		keys []string // before the card
		had  journey.Preferences
		want journey.Preferences
		kept bool
	}{
		"nothing is known":       {nil, journey.Preferences{}, journey.Preferences{}, false},
		"all is remembered":      {nil, dark, dark, false},
		"a language is chosen":   {[]string{"1"}, likes(135, display.Dark, "", false), likes(135, display.Dark, next, false), true},
		"it is taken back":       {round, dark, reaching(likes(170, display.Dark, "en", true)), true},
		"text is chosen":         {[]string{display.Settings, "1"}, dark, reaching(likes(135, display.Dark, "cy", true)), true},
		"colours are chosen":     {[]string{display.Settings, "2"}, dark, reaching(likes(170, display.HighContrast, "cy", true)), true},
		"time is chosen":         {[]string{display.Settings, "4"}, likes(170, "", "", false), likes(170, "", "", true), true},
		"the reach is chosen":    {[]string{display.Settings, "5"}, likes(135, "", "cy", false), reaching(likes(135, "", "cy", false)), true},
		"all is chosen":          {[]string{display.Settings, "1", "2", "3", "4", "5"}, dark, reaching(likes(135, display.HighContrast, next, true)), true},
		"help was only read":     {[]string{display.Settings, "6"}, dark, dark, false},
		"it is not of this time": {nil, likes(400, "sepia", "kw", true), likes(0, "", "", true), false},
	} {
		s := begin(nil)
		for _, key := range c.keys {
			s.next(pressed(key))
		}
		s.next(journey.CardIn{})
		s.outcome(read(c.had))
		if s.state.Page != journey.Reading || s.now() != c.want {
			t.Errorf("%s: on %s it is %+v, want %+v", name, s.state.Page, s.now(), c.want)
		}
		kept := remembered(s.outcome(registered()))
		if (len(kept) == 1 && kept[0] == c.want) != c.kept || len(kept) > 1 {
			t.Errorf("%s: remembered is %+v", name, kept)
		}
	}
}

// TestEverySettingIsRememberedForTheCardThatIsIn, at once and as a whole.
func TestEverySettingIsRememberedForTheCardThatIsIn(t *testing.T) {
	s := begin(nil)
	s.insert(read(likes(135, "", "", false)), registered())
	s.next(pressed(display.Settings))
	var got []journey.Preferences
	for _, key := range []string{"1", "2", "3", "4", "5", "6"} {
		got = append(got, remembered(s.next(pressed(key)))...)
	}
	next := words.Tongues()[1].Code
	want := []journey.Preferences{
		likes(170, "", "", false), likes(170, display.HighContrast, "", false),
		likes(170, display.HighContrast, next, false), likes(170, display.HighContrast, next, true),
		reaching(likes(170, display.HighContrast, next, true)),
	}
	if !slices.Equal(got, want) {
		t.Errorf("remembered is\n%+v, want\n%+v", got, want)
	}
}

// TestNobodyInheritsPreferences: not from the card before, and not from a
// person who chose something and went away.
func TestNobodyInheritsPreferences(t *testing.T) {
	s := begin(nil)
	s.insert(read(likes(170, display.Dark, "cy", true)), registered())
	s.next(journey.CardOut{})
	s.next(journey.CardIn{})
	s.outcome(working())
	if s.now() != (journey.Preferences{}) {
		t.Errorf("the next card has %+v", s.now())
	}
	s.next(journey.CardOut{})
	s.next(pressed("1"))
	s.next(journey.Tick{Elapsed: time.Minute})
	s.next(journey.CardIn{})
	s.outcome(read(likes(135, "", "", false)))
	if kept := remembered(s.outcome(registered())); s.now() != likes(135, "", "", false) || len(kept) > 0 {
		t.Errorf("after a minute the next card has %+v, remembered is %+v", s.now(), kept)
	}
}

// TestACardWithSeveralApplicationsIsRememberedAsTheOneThatCentralKnows.
func TestACardWithSeveralApplicationsIsRememberedAsTheOneThatCentralKnows(t *testing.T) {
	s := begin(nil)
	s.next(pressed("1"))
	s.next(journey.CardIn{})
	s.outcome(working())
	l := registered()
	l.Card = read(likes(135, display.Dark, "", false))
	kept := remembered(s.outcome(l))
	if want := likes(135, display.Dark, words.Tongues()[1].Code, false); s.now() != want || !slices.Equal(kept, []journey.Preferences{want}) {
		t.Errorf("it is %+v, remembered is %+v", s.now(), kept)
	}
}
