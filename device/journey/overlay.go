package journey

import (
	"slices"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// Option is one of the settings a person may change.
type Option string

// The options.
const (
	OptionShow     Option = "show"
	OptionText     Option = "text"
	OptionColours  Option = "colours"
	OptionLanguage Option = "language"
	OptionTime     Option = "time"
	OptionReach    Option = "reach"
	OptionHelp     Option = "help"
)

// Options are the settings in their order: the first has key "1".
func (s State) Options() []Option {
	options := []Option{OptionText, OptionColours, OptionLanguage, OptionTime, OptionReach, OptionHelp}
	if s.Page == SettingsPage && s.CanShow() {
		return append([]Option{OptionShow}, options...)
	}
	return options
}

// openSettings lays the settings over the page; the same key takes them away.
func (t *turn) openSettings() {
	if t.Page == SettingsPage {
		t.lift()
		return
	}
	if t.Page == HelpPage || t.Page == MoreTime {
		t.lift()
	}
	t.lay(SettingsPage)
}

// openHelp lays the help over the page; the same key takes it away.
func (t *turn) openHelp() {
	if t.Page == HelpPage {
		t.lift()
		return
	}
	if t.Page == SettingsPage || t.Page == MoreTime {
		t.lift()
	}
	t.lay(HelpPage)
}

func (t *turn) pressHelp(key string) {
	if key == display.Enter || key == display.Cancel {
		t.lift()
	}
}

func (t *turn) pressSettings(key string) {
	if key == display.Enter || key == display.Cancel {
		t.lift()
		return
	}
	if t.pressAloud(key) {
		return
	}
	options := t.Options()
	if n := number(key); n >= 1 && n <= len(options) {
		t.choose(options[n-1])
	}
}

func (t *turn) choose(o Option) {
	switch o {
	case OptionShow:
		t.lift()
		t.revealed = true
	case OptionText:
		t.Look.TextScale = t.NextText()
	case OptionColours:
		t.Look.Colours = t.NextColours()
	case OptionLanguage:
		t.Look.Language = t.OtherLanguages()[0].Code
	case OptionTime:
		t.Unhurried = !t.Unhurried
	case OptionReach:
		t.Look.Low = !t.Look.Low
	case OptionHelp:
		t.openHelp()
	}
	if o != OptionShow && o != OptionHelp {
		t.chose(o)
	}
}

// NextText is the text size that OptionText brings, in per cent.
func (s State) NextText() int { return after(textSizes(), s.Look.Scale()) }

// NextColours are what OptionColours brings.
func (s State) NextColours() display.Colours { return after(display.AllColours(), s.Look.Colours) }

// OtherLanguages are those that are not spoken now: OptionLanguage brings the
// first of them.
func (s State) OtherLanguages() []words.Tongue {
	all := words.Tongues()
	now := max(0, slices.IndexFunc(all, func(t words.Tongue) bool { return t.Code == s.Look.Language }))
	return append(all[now+1:], all[:now]...)
}

// AtHand are those of them that have a key on the page Idle, from "1": as many as
// there are keys before those of speech. Settings have them all.
func (s State) AtHand() []words.Tongue { return atHand(s.OtherLanguages()) }

func atHand(all []words.Tongue) []words.Tongue { return all[:min(len(all), number(VolumeKey)-1)] }

func (t *turn) pressIdle(key string) {
	if t.pressAloud(key) {
		return
	}
	others := t.AtHand()
	if n := number(key); n >= 1 && n <= len(others) {
		t.Look.Language = others[n-1].Code
		t.chose(OptionLanguage)
	}
}

// after is what follows v in a round.
func after[T comparable](round []T, v T) T {
	return round[(slices.Index(round, v)+1)%len(round)]
}

// number is the choice that a key stands for, -1 for none.
func number(key string) int {
	if !isDigit(key) {
		return -1
	}
	return int(key[0] - '0')
}
