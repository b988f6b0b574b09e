package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// pad is a number pad at the right of a page that takes digits.
func (s *sheet) pad() {
	gap := s.scale.Space(1)
	target := s.scale.Target()
	height := min((s.free.Dy()-3*gap)/4, target*3/2)
	width := min(max(target, s.free.Dx()*13/100), target*8/5)
	if height < target {
		s.spoilt = true
		return
	}
	all := image.Rect(s.free.Max.X-3*width-2*gap, s.free.Min.Y, s.free.Max.X, s.free.Min.Y+4*height+3*gap)
	all = all.Add(image.Pt(0, (s.free.Dy()-all.Dy())/2))
	for i, key := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", display.Clear} {
		x, y := all.Min.X+i%3*(width+gap), all.Min.Y+i/3*(height+gap)
		s.padKey(key, image.Rect(x, y, x+width, y+height))
	}
	s.free.Max.X = all.Min.X - max(s.margin(), s.scale.Space(3))
}

func (s *sheet) padKey(key string, r image.Rectangle) {
	switch key {
	case "":
		if cancel := s.cancelKey(); s.narrow() && len(cancel) > 0 {
			cancel[0](r)
		}
	case display.Clear:
		s.symbolKey(r, theme.Backspace, theme.KeyQuiet, Target{Does: typing.Presses, Key: key})
	default:
		s.digitKey(rune(key[0]), r)
	}
}

func (s *sheet) digitKey(c rune, r image.Rectangle) {
	s.put(Box{Role: Key, Rect: r, Style: theme.Key, Target: Target{Does: typing.Types, Rune: c},
		Lines: s.word(string(c), theme.Digits, theme.SemiBold, theme.Key).centred(r)})
}

// onPad reports whether the pad or keyboard has the key already, so that the
// action needs no button.
func (s *sheet) onPad(key string) bool {
	digits, text := typing.TakesDigits(s.page.Field), typing.TakesText(s.page.Field)
	return key == display.Clear && (digits || text) || key == display.Cancel && digits && s.narrow()
}

// symbolKey is a key with a drawing on it.
func (s *sheet) symbolKey(r image.Rectangle, symbol theme.Symbol, style theme.Style, target Target) {
	side := min(r.Dx(), r.Dy()) * 11 / 20
	at := image.Rect(0, 0, side, side).Add(image.Pt(r.Min.X+(r.Dx()-side)/2, r.Min.Y+(r.Dy()-side)/2))
	s.put(Box{Role: Key, Rect: r, Style: style, Target: target, Marks: []Mark{{at, style, symbol}}})
}
