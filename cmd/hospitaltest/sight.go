package hospitaltest

import (
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/text"
	"unlockpoint/display/typing"
)

// Place is where a page has a target on the screen. A person sees where it is;
// a test works it out from what the page says.
func Place(s text.Page, screen layout.Screen, what typing.Target) (layout.Box, bool) {
	for _, b := range layout.Of(asPage(s), screen, typing.State{}).Boxes {
		if b.Target == what {
			return b, true
		}
	}
	return layout.Box{}, false
}

// Title is where a page has its title.
func Title(s text.Page, screen layout.Screen) (layout.Box, bool) {
	for _, b := range layout.Of(asPage(s), screen, typing.State{}).Boxes {
		if b.Role == layout.Title {
			return b, true
		}
	}
	return layout.Box{}, false
}

// asPage is the page as far as it decides where targets are.
func asPage(s text.Page) display.Page {
	p := display.Page{ID: s.ID, Title: s.Title, Step: s.Step, Body: s.Body, Error: s.Error,
		Status: display.Status{Terminal: "Ward 7, door 1", Online: true, Reader: true},
		Words: display.Words{Settings: "Settings", Help: "Help", More: "More", Back: "Back", Show: "Show", Hide: "Hide",
			Space: "space", Online: "Online", Offline: "Offline", Ready: "Reader ready", Absent: "No reader"}}
	for _, c := range s.Choices {
		p.Choices = append(p.Choices, display.Choice{Key: c.Key, Label: c.Label})
	}
	for _, c := range s.Actions {
		p.Actions = append(p.Actions, display.Action{Key: c.Key, Label: c.Label})
	}
	if s.Field != nil {
		secret := s.Field.Kind == display.PasscodeField
		p.Field = &display.Field{Kind: s.Field.Kind, Label: s.Field.Label, Max: s.Field.Max,
			Masked: s.Field.Masked, Digits: secret, CanShow: secret}
	}
	return p
}
