package pages

import (
	"maps"
	"strconv"

	"unlockpoint/device/journey"
	"unlockpoint/display"
)

// waiting reports whether the page asks for nothing: it goes by itself.
func waiting(p journey.PageID) bool {
	switch p {
	case journey.Starting, journey.OutOfService, journey.Updating, journey.Idle, journey.Reading,
		journey.ReaderMissing, journey.ReaderUnapproved, journey.TakeCard, journey.UnlockWorking:
		return true
	}
	return false
}

// actions are what keys do here, the primary one first. Settings and help are
// on every page by themselves: the display puts them in its band.
func (v view) actions() []display.Action {
	if v.Busy() {
		return v.busyActions()
	}
	if v.Page == journey.Idle {
		return v.languages()
	}
	var actions []display.Action
	if primary := v.primary(); primary != "" {
		actions = append(actions, display.Action{Key: display.Enter, Label: primary})
	}
	if stop := v.stopLabel(); stop != "" {
		actions = append(actions, display.Action{Key: display.Cancel, Label: stop})
	}
	return actions
}

// languages are the others that the page could be in, by their own names.
func (v view) languages() []display.Action {
	var actions []display.Action
	for i, l := range v.AtHand() {
		actions = append(actions, display.Action{Key: strconv.Itoa(i + 1), Label: l.Name, Language: l.Code, Aside: true})
	}
	if v.CanListen() {
		actions = append(actions, display.Action{Key: journey.AloudKey, Label: v.aloud(), Aside: true})
	}
	return actions
}

func (v view) busyActions() []display.Action {
	if !v.CanStop() {
		return nil
	}
	return []display.Action{{Key: display.Cancel, Label: v.words.Label["stop"]}}
}

func (v view) primary() string {
	if v.BackToMenu() {
		return v.words.Label["back"]
	}
	return v.say(v.text.Primary)
}

// stopLabel is what Cancel does. Pages that can only be left one way do not
// offer it twice.
func (v view) stopLabel() string {
	switch v.Page {
	case journey.SettingsPage, journey.HelpPage, journey.RemovedEarly, journey.CardDetails,
		journey.RegisterDone, journey.UnlockDone, journey.ChangeDone:
		return ""
	}
	if waiting(v.Page) || v.text.Primary == v.words.Label["finish"] {
		return ""
	}
	if v.text.Stop == "" {
		return v.words.Label["stop"]
	}
	return v.text.Stop
}

func (v view) choices() []display.Choice {
	switch {
	case v.Busy():
		return nil
	case v.Page == journey.RegisterQuestion:
		return v.questions()
	case v.Page == journey.SettingsPage:
		return v.options()
	case v.Page == journey.CodeWhere:
		return numbered(v.helps())
	}
	return numbered(v.text.Choice)
}

// helps are what may be done about a code that does not come.
func (v view) helps() map[string]string {
	some := maps.Clone(v.text.Choice)
	if !v.CanResend() {
		delete(some, "1")
	}
	if v.Journey == journey.Registering {
		delete(some, "2")
	}
	return some
}

// numbered puts the choices of a text in the order of their keys.
func numbered(labels map[string]string) []display.Choice {
	var choices []display.Choice
	for n := 1; n <= 6; n++ {
		if label := labels[strconv.Itoa(n)]; label != "" {
			choices = append(choices, display.Choice{Key: strconv.Itoa(n), Label: label})
		}
	}
	return choices
}

func (v view) questions() []display.Choice {
	var choices []display.Choice
	for i, q := range v.Choices() {
		choices = append(choices, display.Choice{Key: strconv.Itoa(i + 1), Label: v.words.Question(q)})
	}
	if v.More() {
		choices = append(choices, display.Choice{Key: "0", Label: v.words.Label["more"]})
	}
	return choices
}

func (v view) options() []display.Choice {
	var choices []display.Choice
	for i, o := range v.Options() {
		c := display.Choice{Key: strconv.Itoa(i + 1), Label: v.option(o)}
		if o == journey.OptionLanguage {
			c.Language = v.OtherLanguages()[0].Code
		}
		choices = append(choices, c)
	}
	if v.Aloud.On {
		choices = append(choices, display.Choice{Key: journey.VolumeKey, Label: v.say(v.words.Label["volume"])})
	}
	if v.CanListen() {
		choices = append(choices, display.Choice{Key: journey.AloudKey, Label: v.aloud()})
	}
	return choices
}

// aloud says what journey.AloudKey brings.
func (v view) aloud() string { return v.either(v.Aloud.On, "silent", "aloud") }

// option says what choosing it brings.
func (v view) option(o journey.Option) string {
	switch o {
	case journey.OptionText:
		return v.words.Label["text-"+strconv.Itoa(v.NextText())]
	case journey.OptionColours:
		return v.words.Label["colours-"+either(string(v.NextColours()), "usual")]
	case journey.OptionLanguage:
		return v.OtherLanguages()[0].Name
	case journey.OptionTime:
		return v.either(v.Unhurried, "time-usual", "time-more")
	case journey.OptionReach:
		return v.either(v.Look.Low, "reach-usual", "reach-low")
	}
	return v.words.Label[string(o)]
}

func (v view) either(yes bool, a, b string) string {
	if yes {
		return v.words.Label[a]
	}
	return v.words.Label[b]
}
