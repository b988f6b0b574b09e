package pages_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
)

// picture is what a person sees at one point of a tour.
type picture struct {
	name string // of its golden: the page, and what is special about it
	page display.Page
}

// tour leads one terminal through what people do with it, and stops for
// pictures.
type tour struct {
	state    journey.State
	language string
	pictures []picture
	steps    []step
	typed    []step
}

// step is one key or character of a tour, and what it brings.
type step struct {
	before display.Page
	key    string
	after  display.Page
}

// tours show every page of the product.
func tours() []picture { return toursIn("en") }

func toursIn(language string) []picture {
	var all []picture
	for _, r := range led(language) {
		all = append(all, r.pictures...)
	}
	return all
}

func led(language string) []*tour {
	var all []*tour
	for _, lead := range []func(*tour){
		terminalTour, troubleTour, settingsTour, aloudTour, cardTour, detailsTour, deadEndTour,
		registerTour, withoutQuestionsTour, keysTour, addressTour, unlockTour, codeTour, assistTour, failureTour, changeTour, changeAtKeysTour,
	} {
		r := &tour{state: journey.Start(heath()), language: language}
		r.happens(journey.ReaderChanged{Present: true, Approved: true}, journey.LinkChanged{Up: true})
		lead(r)
		all = append(all, r)
	}
	return all
}

// heath is a site with texts of ordinary length.
func heath() journey.RuleSet {
	return journey.RuleSet{
		Terminal: "Ward 7 corridor", Site: "Heath Hospital", Booth: "main entrance, left of the shop", Hours: "Monday to Friday, 8 to 6",
		Phone: "029 2074 2222", Sender: "smartcards@heath.nhs.uk", Subjects: map[journey.Journey]string{
			journey.Registering: "Your code to register your smartcard", journey.Unlocking: "Your code to unlock your smartcard",
		},
		Domains: []string{"nhs.net", "nhs.uk", "gov.uk", "mod.uk"},
		Bank:    20, Choose: 4, PasscodeMin: 4, PasscodeMax: 8,
		PageTimeout: time.Minute, MoreTime: 20 * time.Second, WarnExpiry: 30, CodeMinutes: 15,
	}
}

// look takes a picture; the variant says what is special about it.
func (r *tour) look(variant string) {
	page := r.page()
	name := page.ID
	if variant != "" {
		name += "-" + variant
	}
	r.pictures = append(r.pictures, picture{name, page})
}

func (r *tour) page() display.Page {
	s := r.state
	s.Look.Language = r.language
	page := pages.View(s)
	if page.Field.Count() > 0 {
		page.Field.Value = page.Field.Value.Clone() // it is wiped as the tour goes on
	}
	return page
}

func (r *tour) happens(events ...journey.Event) {
	for _, ev := range events {
		r.state, _ = r.state.Next(ev)
	}
}

// gets ends the effects under way, one after the other.
func (r *tour) gets(gots ...journey.Got) {
	for _, got := range gots {
		r.happens(journey.Outcome{Session: r.state.Session, Got: got})
	}
}

func (r *tour) presses(keys ...string) {
	for _, key := range keys {
		before := r.page()
		r.happens(journey.Pressed{Input: display.Input{Key: key}})
		r.steps = append(r.steps, step{before, key, r.page()})
	}
}

func (r *tour) types(text string) {
	for _, c := range text {
		before := r.page()
		r.happens(journey.Pressed{Input: display.Input{Rune: c}})
		r.typed = append(r.typed, step{before, string(c), r.page()})
	}
}

func (r *tour) enters(text string) {
	r.types(text)
	r.presses(display.Enter)
}

// waits lets time go by in quarter seconds, as the terminal does.
func (r *tour) waits(d time.Duration) {
	for range d / (250 * time.Millisecond) {
		r.happens(journey.Tick{Elapsed: 250 * time.Millisecond})
	}
}

// inserts puts in a card, instead of the one that is in.
func (r *tour) inserts(c journey.CardRead, l journey.LookedUp) {
	r.happens(journey.CardOut{}, journey.CardIn{})
	r.gets(c, l)
}

// What cards and central say on the tours.

func working() journey.CardRead {
	return journey.CardRead{
		Profile: "piv", Rule: journey.Rule{Min: 6, Max: 8, Digits: true}, Tries: 3, PUKTries: 3,
		Certificate: true, NotAfter: time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC), DaysLeft: 460,
	}
}

func blocked() journey.CardRead {
	c := working()
	c.Tries = 0
	return c
}

func registered() journey.LookedUp {
	return journey.LookedUp{
		Online: true, Standing: journey.Registered, Asked: []int{2, 9, 14}, AttemptsLeft: 3,
		LastUnlock: time.Date(2026, 9, 3, 9, 0, 0, 0, time.UTC),
	}
}

func withoutQuestions() journey.LookedUp {
	l := registered()
	l.CodeOnly, l.Asked = true, nil
	return l
}

func stands(s journey.Standing) journey.LookedUp {
	return journey.LookedUp{Online: true, Standing: s, AttemptsLeft: 3}
}

func mailed(mail string) journey.Case {
	return journey.Case{ID: "c1", Address: "s…@wales.nhs.uk", SecondsLeft: 812, TriesLeft: 5, SendsLeft: 2, ResendIn: 60, Mail: mail}
}

func accepted() journey.Case {
	c := mailed("taken")
	c.Accepted = true
	return c
}

func resumed() journey.LookedUp {
	l := registered()
	l.Case, l.SecondsLeft = "c1", 540
	return l
}
