package journey

import "unlockpoint/display"

// Option is one of the settings a person may change.
type Option string

// The options.
const (
	OptionShow     Option = "show"
	OptionText100  Option = "text-100"
	OptionText135  Option = "text-135"
	OptionText170  Option = "text-170"
	OptionContrast Option = "contrast"
	OptionHelp     Option = "help"
)

// Options are the settings in their order: the first has key "1".
func (s State) Options() []Option {
	options := []Option{OptionText100, OptionText135, OptionText170, OptionContrast, OptionHelp}
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
	options := t.Options()
	if n := number(key); n >= 1 && n <= len(options) {
		t.choose(options[n-1])
	}
}

func (t *turn) choose(o Option) {
	switch o {
	case OptionShow:
		t.flipped = !t.flipped
		t.lift()
	case OptionText100:
		t.Look.TextScale = 100
	case OptionText135:
		t.Look.TextScale = 135
	case OptionText170:
		t.Look.TextScale = 170
	case OptionContrast:
		t.Look.HighContrast = !t.Look.HighContrast
	case OptionHelp:
		t.openHelp()
	}
}

// number is the choice that a key stands for, -1 for none.
func number(key string) int {
	if !isDigit(key) {
		return -1
	}
	return int(key[0] - '0')
}
