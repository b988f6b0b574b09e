package journey

import (
	"slices"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// Preferences are how a person likes pages to be: what the terminal remembers
// of a card, and gives its holder before the first page.
type Preferences struct {
	Look      display.Look
	Unhurried bool
}

func textSizes() []int { return []int{100, 135, 170} }

// sound leaves out what this terminal cannot give, or no longer: what it
// remembers may be a year old.
func (p Preferences) sound() Preferences {
	if !slices.Contains(textSizes(), p.Look.Scale()) {
		p.Look.TextScale = 0
	}
	if !slices.Contains(display.AllColours(), p.Look.Colours) {
		p.Look.Colours = display.Usual
	}
	if words.In(p.Look.Language).Code != p.Look.Language {
		p.Look.Language = ""
	}
	return p
}

func (s State) preferences() Preferences { return Preferences{s.Look, s.Unhurried} }

// recall gives the person whose card was read what they like. What was chosen
// just before the card was put in counts more.
func (t *turn) recall(p Preferences) {
	now := t.preferences()
	p = p.sound()
	for _, o := range t.wished {
		switch o {
		case OptionText:
			p.Look.TextScale = now.Look.TextScale
		case OptionColours:
			p.Look.Colours = now.Look.Colours
		case OptionLanguage:
			p.Look.Language = now.Look.Language
		case OptionTime:
			p.Unhurried = now.Unhurried
		case OptionReach:
			p.Look.Low = now.Look.Low
		}
	}
	t.Look, t.Unhurried = p.Look, p.Unhurried
}

// chose notes what a person likes, for the card that is in or the one that
// is put in next.
func (t *turn) chose(o Option) {
	t.wished = append(slices.Clone(t.wished), o)
	t.remember()
}

// remember keeps what was chosen, once it is known whose card is in.
func (t *turn) remember() {
	ours := t.Standing.Standing != "" && !(t.Standing.Online && t.Standing.Standing == Unknown)
	if len(t.wished) == 0 || !t.cardIn || !ours {
		return
	}
	t.wished = nil
	t.do(Remember{t.preferences()})
}

// forgetLook gives the next person the usual page.
func (t *turn) forgetLook() {
	t.Look, t.Unhurried, t.wished = display.Look{}, false, nil
	t.hush()
}
