package pages_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// terminalTour is a terminal that comes up and waits for people.
func terminalTour(r *tour) {
	served, unmet := r.state, heath()
	unmet.Site = ""
	r.state = journey.Start(unmet)
	r.look("")
	r.state = served
	r.look("")
	r.happens(journey.CardIn{})
	r.look("")
	r.gets(working(), registered())
	r.waits(time.Minute)
	r.waits(3 * time.Second)
	r.look("")
	r.presses(display.Cancel)
	r.look("")
	r.state.Page = journey.Updating // updates have their own stories
	r.look("")
}

// troubleTour is a terminal that cannot serve.
func troubleTour(r *tour) {
	r.happens(journey.LinkChanged{})
	r.state.Look.Colours = display.HighContrast
	r.look("offline-high-contrast")
	r.state.Look.Colours = display.Usual
	r.happens(journey.ReaderChanged{})
	r.look("")
	r.happens(journey.ReaderChanged{Present: true})
	r.look("")
	r.happens(journey.Fault{Why: journey.StoreFull})
	r.look("")
	r.happens(journey.Fault{Why: journey.NotSetUp})
	r.look("not-set-up")
}

// settingsTour opens what lies over every page.
func settingsTour(r *tour) {
	r.presses(display.Help)
	r.look("")
	r.presses(display.Help, display.Settings)
	r.look("")
	r.presses(display.Settings)
	r.inserts(working(), registered())
	r.presses("2")
	r.types("8317")
	r.presses(display.Settings)
	r.look("passcode")
	r.presses(display.Help)
	r.look("passcode")
}

// aloudTour is for somebody who listens.
func aloudTour(r *tour) {
	r.happens(journey.ListeningChanged{Listening: journey.Listening{Asked: true}})
	r.look("aloud")
	r.inserts(working(), registered())
	r.presses("2", display.Settings, journey.AloudKey)
	r.look("aloud")
}
