package pages_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// at is a working terminal that shows the page.
func at(page journey.PageID) journey.State {
	s := journey.Start(journey.RuleSet{
		Terminal: "Ward 7 corridor", Site: "Heath Hospital", Booth: "main entrance", Hours: "8 to 6", Phone: "2222",
		Sender:   "smartcards@heath.nhs.uk",
		Subjects: map[journey.Journey]string{journey.Registering: "Your code", journey.Unlocking: "Your code"},
		Domains:  []string{"nhs.net"}, Bank: 20, Choose: 4, WarnExpiry: 30,
	})
	s, _ = s.Next(journey.ReaderChanged{Present: true, Approved: true})
	s.Page = page
	s.Question = 1
	s.Card.Rule = journey.Rule{Min: 6, Max: 8, Digits: true}
	return s
}

func TestEveryPageHasWords(t *testing.T) {
	for _, id := range journey.Pages() {
		page := pages.View(at(id))
		if page.ID != string(id) || page.Title == "" {
			t.Errorf("%s shows %q with the title %q", id, page.ID, page.Title)
		}
		if page.Field != nil && page.Field.Label == "" {
			t.Errorf("%s has a field without a label", id)
		}
	}
	for _, c := range journey.Complaints() {
		s := at(journey.RegisterAnswer)
		s.Complaint = c
		if pages.View(s).Error == "" {
			t.Errorf("nothing is said of %s", c)
		}
	}
}

// TestEveryVariantIsOfAPage finds words that nobody will ever read.
func TestEveryVariantIsOfAPage(t *testing.T) {
	known := map[string]bool{}
	for _, id := range journey.Pages() {
		known[string(id)] = true
	}
	variant := regexp.MustCompile(`^([a-z.-]+?)(/[a-z-]+)?$`)
	for id := range words.English().Pages() {
		if part := variant.FindStringSubmatch(id); part == nil || !known[part[1]] {
			t.Errorf("there is no page for the words of %s", id)
		}
	}
	for id := range words.English().Busy {
		if !known[id] {
			t.Errorf("there is no page %s that could wait", id)
		}
	}
}

// TestWhatTheSiteHasNotSet leaves a sentence out rather than half of it.
func TestWhatTheSiteHasNotSet(t *testing.T) {
	s := at(journey.HelpPage)
	s.Rules.Phone = ""
	if body := pages.View(s).Body; len(body) != 1 || body[0] != "IT booth: main entrance. 8 to 6." {
		t.Errorf("without a phone, help says %q", body)
	}
}

func TestPagesWithSecretsArePrivate(t *testing.T) {
	for _, id := range journey.Pages() {
		page := pages.View(at(id))
		secret := page.Field != nil
		if secret && !page.Private {
			t.Errorf("a picture of %s could leave the terminal", id)
		}
	}
}

func TestLastTryIsSaidBeforeItIsUsed(t *testing.T) {
	for _, id := range []journey.PageID{journey.RegisterPasscode, journey.ChangeOld} {
		s := at(id)
		s.Card.Tries = 1
		page := pages.View(s)
		if page.Title != "This is your last try" || page.Tone != display.Warning {
			t.Errorf("%s with one try left: %q", id, page.Title)
		}
	}
}

func TestMinutes(t *testing.T) {
	s := at(journey.RemovedEarly)
	s.Removed = journey.Removed{What: journey.CodeUnderWay, Seconds: 61}
	want := "Your code is good for another 2 minutes. Put your card back in, here or at another terminal, to go on."
	if got := pages.View(s).Body[0]; got != want {
		t.Errorf("61 seconds are %q", got)
	}
}

func TestNothingIsSaidOfNoQuestions(t *testing.T) {
	for _, text := range pages.View(at(journey.UnlockWarning)).Body {
		if regexp.MustCompile(`\b0\b`).MatchString(text) {
			t.Errorf("the warning says %q", text)
		}
	}
}

// TestWhereACodeIsEnough speaks of no questions and answers, which nobody there
// ever gave.
func TestWhereACodeIsEnough(t *testing.T) {
	asks := regexp.MustCompile(`question|answer`)
	for name, change := range map[string]func(*journey.State){
		"blocked":         func(s *journey.State) { s.Page = journey.CardLocked },
		"cut short":       func(s *journey.State) { s.Page, s.Card.Unfinished = journey.CardLocked, true },
		"registering":     func(s *journey.State) { s.Page = journey.RegisterStart },
		"the warning":     func(s *journey.State) { s.Page = journey.UnlockWarning },
		"a code is over":  func(s *journey.State) { s.Page = journey.CodeExpired },
		"codes used up":   func(s *journey.State) { s.Page = journey.CodeUsedUp },
		"take the card":   func(s *journey.State) { s.Page, s.Removed.What = journey.TakeCard, journey.CodeUnderWay },
		"the card is out": func(s *journey.State) { s.Page, s.Removed.What = journey.RemovedEarly, journey.CodeUnderWay },
	} {
		s := at(journey.Idle)
		s.Standing.Standing, s.Standing.CodeOnly = journey.Registered, true
		change(&s)
		page := pages.View(s)
		if text := strings.Join(page.Body, " "); text == "" || asks.MatchString(text) {
			t.Errorf("%s: it says %q", name, text)
		}
	}
}

// TestTheMenuKnowsWhoIsRegistered also after too many failed attempts, and says
// nothing of it where it is not known.
func TestTheMenuKnowsWhoIsRegistered(t *testing.T) {
	for standing, want := range map[journey.Standing]string{
		journey.NotEnrolled: "Register this card", journey.Registered: "Change my registration", journey.StandsLocked: "Change my registration",
	} {
		s := at(journey.CardMenu)
		s.Standing.Standing = standing
		if got := pages.View(s).Choices[0].Label; got != want {
			t.Errorf("%s: %q", standing, got)
		}
		s.Card.Unfinished = true
		if got := pages.View(s).Choices[0].Label; got != "My registration" {
			t.Errorf("%s, after an unlock that was cut short: %q", standing, got)
		}
	}
}

func TestNoPictureInvitesACardTooEarly(t *testing.T) {
	for id, card := range map[journey.PageID]bool{
		journey.Starting: false, journey.Updating: false, journey.OutOfService: false, journey.ReaderMissing: false, journey.ReaderUnapproved: false,
		journey.Idle: true, journey.Reading: true,
	} {
		if pages.View(at(id)).Card != card {
			t.Errorf("%s shows a card, or should: %v", id, card)
		}
	}
}

// TestACardLeftOvernight is called after for some minutes; then the page may
// rest until it is taken.
func TestACardLeftOvernight(t *testing.T) {
	s := at(journey.Idle)
	s, _ = s.Next(journey.CardIn{})
	s, _ = s.Next(journey.Outcome{Session: s.Session, Got: working()})
	s, _ = s.Next(journey.Outcome{Session: s.Session, Got: registered()})
	beeps, reports, last := 0, 0, 0
	for second := range 8 * 3600 {
		var effects []journey.Effect
		s, effects = s.Next(journey.Tick{Elapsed: time.Second})
		for _, e := range effects {
			switch e.(type) {
			case journey.Beep:
				beeps, last = beeps+1, second
			case journey.Report:
				reports++
			}
		}
	}
	if p := pages.View(s); p.ID != "take-card" || !p.Stands {
		t.Errorf("%s shows, stands %v", p.ID, p.Stands)
	}
	if beeps < 15 || last > 10*60 || reports != 1 {
		t.Errorf("%d beeps, the last after %d s; %d reports", beeps, last, reports)
	}
	if s, _ = s.Next(journey.CardOut{}); s.Page != journey.Idle {
		t.Errorf("taken, %s shows", s.Page)
	}
}
