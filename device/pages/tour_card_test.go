package pages_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// cardTour is what a card that is put in may have before it.
func cardTour(r *tour) {
	r.inserts(working(), registered())
	r.look("")
	r.inserts(working(), stands(journey.NotEnrolled))
	r.look("unregistered")
	r.inserts(blocked(), registered())
	r.look("")
	r.inserts(blocked(), resumed())
	r.look("resume")
	r.inserts(blocked(), withoutQuestions())
	r.look("code-only")
	cut := working()
	cut.Unfinished = true
	r.inserts(cut, resumed())
	r.look("unfinished")
	r.happens(journey.LinkChanged{})
	r.inserts(blocked(), journey.LookedUp{Standing: journey.Registered})
	r.look("")
}

// detailsTour is "Check my card".
func detailsTour(r *tour) {
	r.inserts(working(), registered())
	r.presses("4")
	r.look("")
	soon := working()
	soon.NotAfter, soon.DaysLeft = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), 7
	r.inserts(soon, stands(journey.NotEnrolled))
	r.presses("4")
	r.look("soon")
}

// deadEndTour is where only the IT booth can help.
func deadEndTour(r *tour) {
	r.inserts(blocked(), stands(journey.NotEnrolled))
	r.look("")
	r.inserts(blocked(), stands(journey.StandsLocked))
	r.look("")
	r.inserts(blocked(), stands(journey.StandsFrozen))
	r.look("")
	r.inserts(working(), stands(journey.Unknown))
	r.look("")
	for _, p := range []journey.Problem{journey.CardUnserved, journey.CardMute} {
		r.inserts(journey.CardRead{Problem: p}, journey.LookedUp{})
		r.look("")
	}
	gone := blocked()
	gone.PUKTries = 0
	r.inserts(gone, registered())
	r.look("")
	past := blocked()
	past.NotAfter, past.DaysLeft = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), -3
	r.inserts(past, registered())
	r.look("")
	r.inserts(blocked(), resumed())
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Problem: journey.HeldElsewhere})
	r.look("held-elsewhere")
}
