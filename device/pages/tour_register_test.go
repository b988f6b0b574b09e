package pages_test

import (
	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// registerTour is a registration, with the slips that people make.
func registerTour(r *tour) {
	r.inserts(working(), stands(journey.NotEnrolled))
	r.presses("1")
	r.look("")
	r.presses(display.Enter)
	r.types("8317")
	r.look("")
	r.enters("40")
	r.look("busy")
	r.gets(journey.Verified{TriesLeft: 1})
	r.look("last-try")
	r.enters("831742")
	r.gets(journey.Verified{OK: true}, journey.RegistrationBegun{Address: "s…@wales.nhs.uk", Local: "s.wyn-jones"})
	r.look("")
	r.presses("4")
	r.types("Ty Gwyn, number 12")
	r.look("")
	r.presses(display.Show)
	r.look("shown")
	r.presses(display.Enter, "1")
	r.enters("x")
	r.look("too-short")
	r.enters(" Snowdon")
	r.presses("1")
	r.enters("Bara brith")
	r.presses("2")
	r.enters("Postman Pat")
	r.look("busy")
	r.gets(journey.KeysMade{})
	r.look("")
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Case: mailed("queued")})
	r.types("2048")
	r.look("")
	r.enters("16")
	r.gets(journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
	r.look("")
}

// keysTour is the way to a registration in a reader with keys of its own.
func keysTour(r *tour) {
	c := working()
	c.PadVerifies = true
	r.inserts(c, stands(journey.NotEnrolled))
	r.presses("1", display.Enter)
	r.look("pad")
	r.presses(display.Help)
	r.look("pad")
	r.presses(display.Help)
	r.presses(display.Enter)
	r.look("pad-asks")
	r.gets(journey.Verified{Problem: journey.PadUntyped})
	r.look("pad-untyped")
	r.presses(display.Enter)
	r.gets(journey.Verified{TriesLeft: 1})
	r.look("pad-last")
	r.presses(display.Enter)
	r.gets(journey.Verified{Problem: journey.PadUseless})
	r.look("pad-fails")
}

// withoutQuestionsTour begins a registration where a code by email is enough.
func withoutQuestionsTour(r *tour) {
	r.inserts(working(), withoutQuestions())
	r.presses("1")
	r.look("code-only")
}

// addressTour is a registration with another address than the one on file.
func addressTour(r *tour) {
	r.inserts(working(), registered())
	r.presses("1", display.Enter)
	r.enters("831742")
	r.gets(journey.Verified{OK: true}, journey.RegistrationBegun{Problem: journey.NoAddress})
	r.look("")
	r.inserts(working(), registered())
	r.presses("1", display.Enter)
	r.enters("831742")
	r.gets(journey.Verified{OK: true}, journey.RegistrationBegun{Address: "s…@wales.nhs.uk", Local: "s.wyn-jones"})
	for _, answer := range []string{"Snowdon", "Mr Bun", "Bara brith", "Ty Gwyn"} {
		r.presses("1")
		r.enters(answer)
	}
	r.gets(journey.KeysMade{})
	r.presses("1")
	r.types("sioned.wyn-jones@")
	r.look("")
	r.enters("gmail.com")
	r.look("not-work")
	for range len("gmail.com") {
		r.presses(display.Clear)
	}
	r.enters("nhs.net")
	r.look("new")
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Case: mailed("queued")})
	r.enters("204816")
	r.gets(journey.CodeChecked{Verdict: journey.Expired})
	r.look("registering")
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Problem: journey.NoCase}, journey.RegistrationBegun{Address: "s…@wales.nhs.uk", Local: "s.wyn-jones"})
	r.look("too-long")
	r.happens(journey.CardOut{})
	r.look("registering")
}
