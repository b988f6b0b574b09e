package journey_test

import (
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

func terminalStories() []tale {
	return []tale{
		{"terminal-starts", func(s *story) {
			s.start(journey.RuleSet{})
			s.tell("a reader is found", journey.ReaderChanged{Present: true, Approved: true})
			s.tell("central sends the rules", journey.Rules{Rules: site()})
			s.link(true)
			s.link(false)
		}},
		{"terminal-starts-without-central", func(s *story) {
			s.start(journey.RuleSet{})
			s.tell("a reader is found", journey.ReaderChanged{Present: true, Approved: true})
			s.wait(time.Minute)
			s.tell("central sends the rules", journey.Rules{Rules: site()})
		}},
		{"terminal-starts-without-a-reader", func(s *story) {
			s.start(site())
			s.wait(9 * time.Second)
			s.wait(time.Second)
			s.tell("a strange reader is plugged in", journey.ReaderChanged{Present: true})
			s.tell("the right one is plugged in", journey.ReaderChanged{Present: true, Approved: true})
		}},
		{"terminal-reader-unplugged", func(s *story) {
			s.toWarning()
			s.tell("the reader is unplugged", journey.ReaderChanged{})
			s.tell("the card is gone with it", journey.CardOut{})
			s.tell("the reader is back", journey.ReaderChanged{Present: true, Approved: true})
		}},
		{"terminal-out-of-service", func(s *story) {
			s.toWarning()
			s.tell("the terminal finds a fault", journey.Fault{Why: journey.StoreFull})
			s.tell("the fault is mended, the card is still in", journey.Fault{})
			s.cardOut()
			s.tell("a fault with nobody there", journey.Fault{Why: journey.OtherFault})
			s.tell("it is mended", journey.Fault{})
		}},
		{"terminal-settings-and-help", settingsAndHelp},
		{"terminal-shown-for-a-while", shownForAWhile},
		{"terminal-preferences", preferences},
		{"terminal-unhurried", func(s *story) {
			s.insert(working(), registered())
			s.press("2", display.Settings, "5", display.Enter)
			s.wait(4 * time.Minute)
			s.wait(time.Minute)
			s.wait(90 * time.Second)
			s.wait(20 * time.Second)
		}},
		{"terminal-read-aloud", func(s *story) {
			s.tell("pages are read to who asks", journey.ListeningChanged{Listening: journey.Listening{Asked: true}})
			s.press("9", display.Settings, "8", "9", display.Enter)
		}},
		{"terminal-more-time", func(s *story) {
			s.toWarning()
			s.press(display.Enter)
			s.typing("Mr B")
			s.wait(time.Minute)
			s.press(display.Enter)
			s.wait(time.Minute)
			s.wait(5 * time.Second)
			s.wait(15 * time.Second)
			s.cardOut()
		}},
		{"terminal-no-more-time", func(s *story) {
			s.insert(working(), registered())
			s.wait(time.Minute)
			s.press(display.Cancel)
			s.cardOut()
		}},
		{"terminal-card-left", func(s *story) {
			s.toConfirm()
			s.got("the card is unlocked", journey.Unlocked{})
			s.wait(10 * time.Second)
			s.wait(50 * time.Second)
			s.wait(time.Minute)
			s.cardOut()
		}},
	}
}

// preferences are two people whose cards the terminal remembers, and one whose
// card it does not know.
func preferences(s *story) {
	gwen, amina := working(), working()
	gwen.Preferences = journey.Preferences{Look: display.Look{TextScale: 135, Language: "cy"}, Unhurried: true}
	s.cardIn()
	s.got("Gwen's card is read, which is remembered", gwen)
	s.got("central knows the card", registered())
	s.press(display.Settings, "2", display.Enter)
	s.cardOut()
	s.cardIn()
	s.got("Amina's card is read, which is not", amina)
	s.got("central knows the card", registered())
	s.cardOut()
	s.press("1")
	s.cardIn()
	s.got("a bank card is read", working())
	s.got("nobody knows it", standing(journey.Unknown))
	s.cardOut()
	s.cardIn()
	s.got("Amina's card is read", amina)
	s.got("central knows the card", registered())
}

// shownForAWhile is somebody who looks at what they type, and at who is
// behind them.
func shownForAWhile(s *story) {
	s.toPasscode()
	s.typing("402")
	s.press(display.Show)
	s.wait(4 * time.Second)
	s.typing("9")
	s.wait(4 * time.Second)
	s.press(display.Clear)
	s.wait(4 * time.Second)
	s.wait(time.Second)
	s.press(display.Show, display.Show, display.Show, display.Help, display.Show, display.Enter)
	s.press(display.Settings, "1")
	s.wait(4 * time.Second)
	s.wait(time.Second)
	s.press(display.Show, display.Enter)
}

func settingsAndHelp(s *story) {
	s.press(display.Help, display.Enter, display.Settings, "1", "2", "2", "2", "3", "4", "4", "5", "5", display.Enter, "1")
	s.toPasscode()
	s.typing("4029")
	s.press(display.Settings, "1", display.Show, display.Help, display.Enter, display.Settings, "7", display.Cancel)
	s.typing("37")
	s.press(display.Clear)
	s.tell("the card is taken", journey.CardOut{})
	s.press(display.Enter)
	s.wait(time.Minute)
	s.press(display.Settings)
	s.wait(time.Minute)
}
