package pages_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// unlockTour is an unlock, with the slips that people make.
func unlockTour(r *tour) {
	r.inserts(blocked(), registered())
	r.presses(display.Enter)
	r.look("")
	r.presses(display.Enter)
	r.types("Mr Bun")
	r.look("")
	r.presses(display.Enter)
	r.enters("Barry Island")
	r.enters("Tenby")
	r.look("busy")
	r.gets(journey.AnswersTried{AttemptsLeft: 2})
	r.look("")
	r.presses(display.Enter)
	r.answersAll()
	r.gets(journey.AnswersTried{AttemptsLeft: 1})
	r.look("last")
	r.presses(display.Enter)
	r.look("last")
	r.answersAll()
	r.gets(journey.AnswersTried{Right: true, AttemptsLeft: 1, Case: mailed("queued")})
	r.look("empty")
	r.toPasscode()
	r.types("4029")
	r.look("")
	r.enters("37")
	r.look("")
	r.enters("402938")
	r.look("not-the-same")
	r.enters("402937")
	r.enters("402937")
	r.look("")
	r.gets(journey.Unlocked{})
	r.look("")
}

func (r *tour) answersAll() {
	for _, answer := range []string{"Mr Bun", "Barry Island", "Tenby"} {
		r.enters(answer)
	}
}

func (r *tour) toPasscode() {
	r.enters("204816")
	r.gets(journey.CodeChecked{Verdict: journey.Right, Case: accepted()})
}

// codeTour is what may become of a code.
func codeTour(r *tour) {
	r.inserts(blocked(), resumed())
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Case: mailed("taken")})
	r.types("2048")
	r.look("")
	r.enters("61")
	wrong := mailed("taken")
	wrong.TriesLeft = 4
	r.gets(journey.CodeChecked{Verdict: journey.Wrong, Case: wrong})
	r.look("wrong")
	r.presses(display.Enter)
	for _, mail := range []string{"taken", "deferred", "refused"} {
		again := mailed(mail)
		again.ResendIn = 0
		r.waits(4 * time.Second)
		r.gets(journey.CaseShown{Case: again})
		r.look(mail)
	}
	r.presses(display.Enter)
	r.enters("204861")
	r.gets(journey.CodeChecked{Verdict: journey.UsedUp, Case: wrong})
	r.look("")
	r.inserts(blocked(), resumed())
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Problem: journey.NoCase})
	r.look("")
}

// assistTour is a person whom the IT booth has given a code.
func assistTour(r *tour) {
	r.inserts(blocked(), stands(journey.StandsLocked))
	r.presses("1")
	r.types("2048")
	r.look("")
	r.enters("1637")
	r.gets(journey.CodeChecked{Verdict: journey.Wrong})
	r.look("wrong")
	r.enters("20481673")
	r.gets(journey.CodeChecked{Verdict: journey.Right, Case: journey.Case{ID: "c2", SecondsLeft: 812, Accepted: true, Assist: true}})
	r.enters("402937")
	r.enters("402937")
	r.gets(journey.Unlocked{Problem: journey.NoCase})
	r.look("assist")
}

// failureTour is an unlock that ends another way.
func failureTour(r *tour) {
	r.inserts(blocked(), resumed())
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Case: mailed("taken")})
	r.toPasscode()
	r.enters("402937")
	r.enters("402937")
	r.gets(journey.Unlocked{Problem: journey.CardFault})
	r.look("")
	r.inserts(blocked(), resumed())
	r.presses(display.Enter)
	r.gets(journey.CaseShown{Case: mailed("taken")})
	r.happens(journey.CardOut{})
	r.look("")
}

// changeTour is a person who knows the passcode and wants another.
func changeTour(r *tour) {
	r.inserts(working(), registered())
	r.presses("2")
	r.types("8317")
	r.look("")
	r.enters("40")
	r.gets(journey.Verified{TriesLeft: 2})
	r.look("wrong")
	r.enters("831742")
	r.gets(journey.Verified{OK: true})
	r.enters("111111")
	r.look("")
	r.enters("402937")
	r.types("4029")
	r.look("")
	r.enters("37")
	r.look("busy")
	r.gets(journey.PasscodeChanged{OK: true})
	r.look("")
}

// changeAtKeysTour is the same in a reader with keys of its own.
func changeAtKeysTour(r *tour) {
	c := working()
	c.PadChanges = true
	r.inserts(c, registered())
	r.presses("2")
	r.look("pad")
	r.presses(display.Enter)
	r.look("pad-asks")
	r.gets(journey.PasscodeChanged{TriesLeft: 1})
	r.look("pad-last")
}
