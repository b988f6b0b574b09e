package journey_test

import (
	"testing"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// listening is a terminal with this for people who listen.
func listening(l journey.Listening) *story {
	s := begin(nil)
	s.next(journey.ListeningChanged{Listening: l})
	return s
}

func (s *story) expectAloud(t *testing.T, when string, on bool, volume int) {
	t.Helper()
	if got := s.state.Aloud; got.On != on || got.Level() != volume {
		t.Errorf("%s: on %s it is read %v at volume %d, want %v at %d", when, s.state.Page, got.On, got.Level(), on, volume)
	}
}

func TestATerminalIsSilentByItself(t *testing.T) {
	for _, l := range []journey.Listening{{}, {Asked: true}} {
		s := listening(l)
		s.insert(working(), registered())
		s.expectAloud(t, "nobody asked", false, 3)
	}
}

func TestAHeadsetIsHeardAtOnceAndPulledOutNoMore(t *testing.T) {
	s := listening(journey.Listening{})
	s.insert(working(), registered())
	s.next(journey.ListeningChanged{Listening: journey.Listening{Headset: true}})
	s.expectAloud(t, "plugged in", true, 3)
	s.next(pressed(display.Settings))
	s.next(pressed(journey.VolumeKey))
	s.expectAloud(t, "made louder", true, 4)
	s.next(journey.ListeningChanged{})
	s.expectAloud(t, "pulled out", false, 3)
	s.next(pressed(journey.AloudKey))
	s.expectAloud(t, "asked for without one", false, 3)
}

func TestVolumesGoRound(t *testing.T) {
	s := listening(journey.Listening{Headset: true})
	s.next(pressed(display.Settings))
	for _, want := range []int{4, 5, 1, 2, 3} {
		s.next(pressed(journey.VolumeKey))
		s.expectAloud(t, "once more", true, want)
	}
}

// TestSpeechEndsWithThePersonWhoAskedForIt, however they leave; who took a
// card out too early is still told so.
func TestSpeechEndsWithThePersonWhoAskedForIt(t *testing.T) {
	for name, leave := range map[string]func(*story){
		"the card is taken":       func(s *story) { s.next(journey.CardOut{}) },
		"another is put in":       func(s *story) { s.next(journey.CardIn{}) },
		"they walk away":          func(s *story) { s.next(pressed(display.Cancel)); s.next(journey.CardOut{}) },
		"the reader is unplugged": func(s *story) { s.next(journey.ReaderChanged{}); s.next(journey.Tick{Elapsed: time.Minute}) },
		"the terminal has a fault": func(s *story) {
			s.next(journey.Fault{Why: journey.OtherFault})
			s.next(journey.Tick{Elapsed: time.Minute})
		},
		"the card was pulled": func(s *story) {
			s.next(pressed("2"))
			s.next(journey.CardOut{})
			s.expectAloud(t, "pulled early", true, 4)
			s.next(journey.Tick{Elapsed: time.Minute})
		},
		"somebody else puts a card in": func(s *story) {
			s.next(pressed("2"))
			s.next(journey.CardOut{})
			s.expectAloud(t, "pulled early", true, 4)
			s.next(journey.CardIn{})
			s.expectAloud(t, "another card is read", false, 3)
			s.got("the card is read", card("gwen"))
		},
		"the card was pulled and they know it": func(s *story) {
			s.next(pressed("2"))
			s.next(journey.CardOut{})
			s.next(pressed(display.Enter))
		},
	} {
		s := listening(journey.Listening{Asked: true})
		s.next(pressed(journey.AloudKey))
		s.insert(card("amina"), registered())
		s.next(pressed(display.Settings))
		s.next(pressed(journey.VolumeKey))
		s.next(pressed(display.Enter))
		s.expectAloud(t, "asked for before the card", true, 4)
		leave(s)
		s.expectAloud(t, name, false, 3)
	}
}

// TestWhoPutsTheirCardBackHearsPagesAsBefore: they did as the page said.
func TestWhoPutsTheirCardBackHearsPagesAsBefore(t *testing.T) {
	s := listening(journey.Listening{Asked: true})
	s.next(pressed(journey.AloudKey))
	s.insert(card("amina"), registered())
	s.next(pressed(display.Settings))
	s.next(pressed(journey.VolumeKey))
	s.next(pressed(display.Enter))
	s.next(pressed("2"))
	s.next(journey.CardOut{})
	s.insert(card("amina"), registered())
	s.expectAloud(t, "put back", true, 4)
}

// card is a working one, by its hash.
func card(hash string) journey.CardRead {
	c := working()
	c.Hash = hash
	return c
}

func TestSpeechThatIsAskedForAndNotUsedEnds(t *testing.T) {
	s := listening(journey.Listening{Asked: true})
	s.next(pressed(journey.AloudKey))
	s.next(journey.Tick{Elapsed: time.Minute})
	s.expectAloud(t, "after a minute", false, 3)
}

func TestTheNextHeadsetBeginsAtTheUsualVolume(t *testing.T) {
	s := listening(journey.Listening{Headset: true})
	s.insert(working(), registered())
	s.next(pressed(display.Settings))
	s.next(pressed(journey.VolumeKey))
	s.next(journey.CardOut{})
	s.expectAloud(t, "the headset stays in", true, 3)
}

// TestWhoListensHasTimeToHearAPageOut, without asking for more.
func TestWhoListensHasTimeToHearAPageOut(t *testing.T) {
	s := listening(journey.Listening{Headset: true})
	s.insert(working(), registered())
	s.next(journey.Tick{Elapsed: 4 * time.Minute})
	if s.state.Page != journey.CardMenu {
		t.Errorf("after 4 minutes it is on %s", s.state.Page)
	}
	s.next(journey.Tick{Elapsed: time.Minute})
	if s.state.Page != journey.MoreTime {
		t.Errorf("after 5 minutes it is on %s", s.state.Page)
	}
}
