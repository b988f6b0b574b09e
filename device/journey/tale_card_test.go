package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func cardStories() []tale {
	return []tale{
		{"card-check", func(s *story) {
			s.whole = true
			l := registered()
			l.LastUnlock = time.Date(2026, 9, 3, 9, 0, 0, 0, time.UTC)
			s.insert(working(), l)
			s.press("4", display.Enter, display.Cancel)
			s.cardOut()
		}},
		{"card-check-runs-out-soon", func(s *story) {
			c := working()
			c.DaysLeft = 12
			s.insert(c, standing(journey.NotEnrolled))
			s.press("4")
			s.cardOut()
		}},
		{"card-check-run-out", func(s *story) {
			c := working()
			c.DaysLeft, c.Tries = -3, -1
			s.insert(c, standing(journey.StandsLocked))
			s.press("4", display.Enter, "3", display.Enter)
		}},
		{"card-not-registered", func(s *story) {
			s.insert(blocked(), standing(journey.NotEnrolled))
			s.press(display.Enter)
			s.cardOut()
		}},
		{"card-forgotten-and-not-registered", func(s *story) {
			s.insert(working(), standing(journey.NotEnrolled))
			s.press("3", display.Enter)
		}},
		{"card-locked-out", func(s *story) {
			s.insert(blocked(), standing(journey.StandsLocked))
			s.press(display.Enter)
		}},
		{"card-frozen", func(s *story) {
			s.insert(blocked(), standing(journey.StandsFrozen))
			s.cardOut()
			s.insert(working(), standing(journey.StandsFrozen))
			s.press("3", display.Enter)
		}},
		{"card-unknown", func(s *story) {
			s.cardIn()
			s.got("no profile fits the card", journey.CardRead{Problem: journey.CardUnknown})
			s.press(display.Enter)
			s.cardOut()
			s.insert(working(), standing(journey.Unknown))
		}},
		{"card-not-served", func(s *story) {
			s.cardIn()
			s.got("the card is of an old generation", journey.CardRead{Problem: journey.CardUnserved})
			s.press(display.Enter)
		}},
		{"card-unreadable", func(s *story) {
			s.cardIn()
			s.got("the card does not answer", journey.CardRead{Problem: journey.CardMute})
			s.cardOut()
			s.cardIn()
			s.got("another program has it", journey.CardRead{Problem: journey.CardInUse})
			s.cardOut()
			s.cardIn()
			s.got("it makes no sense", journey.CardRead{Problem: journey.CardFault})
			s.press(display.Enter)
		}},
		{"card-blocked-for-good", func(s *story) {
			c := blocked()
			c.PUKTries = 0
			s.insert(c, registered())
			s.press(display.Enter)
		}},
		{"card-run-out-and-blocked", func(s *story) {
			c := blocked()
			c.DaysLeft, c.NotAfter = -3, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
			s.insert(c, registered())
			s.press(display.Enter)
		}},
		{"card-known-by-another-application", func(s *story) {
			other, l := working(), registered()
			other.Profile, other.Rule = "gids", journey.Rule{Min: 4, Max: 8}
			l.Card = other
			s.insert(blocked(), l)
			s.press("4")
			s.cardOut()
		}},
		{"card-with-a-factory-key", func(s *story) {
			c := working()
			c.FactoryKey = true
			s.insert(c, registered())
			s.cardOut()
		}},
	}
}
