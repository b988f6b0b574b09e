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
		{"terminal-starts-without-a-reader", func(s *story) {
			s.start(site())
			s.wait(5 * time.Second)
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
			s.tell("the terminal finds a fault", journey.Fault{Why: "Its memory is full. IT has been told."})
			s.tell("the fault is mended, the card is still in", journey.Fault{})
			s.cardOut()
			s.tell("a fault with nobody there", journey.Fault{Why: "Its clock is wrong. IT has been told."})
			s.tell("it is mended", journey.Fault{})
		}},
		{"terminal-settings-and-help", settingsAndHelp},
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

func settingsAndHelp(s *story) {
	s.press(display.Help, display.Enter, display.Settings, "2", "4", "4", display.Enter)
	s.toPasscode()
	s.typing("4029")
	s.press(display.Settings, "1", display.Show, display.Help, display.Enter, display.Settings, "6", display.Cancel)
	s.typing("37")
	s.press(display.Clear)
	s.tell("the card is taken", journey.CardOut{})
	s.press(display.Enter)
	s.wait(time.Minute)
	s.press(display.Settings)
	s.wait(time.Minute)
}
