package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
)

// toned is a symbol in the look of a tone.
type toned struct {
	symbol theme.Symbol
	style  theme.Style
}

// symbols are beside the titles of pages that are not plain.
var symbols = map[display.Tone]toned{
	display.Working: {theme.Hourglass, theme.SymbolWorking},
	display.Success: {theme.Tick, theme.SymbolSuccess},
	display.Warning: {theme.Exclaim, theme.SymbolWarning},
	display.Problem: {theme.Info, theme.SymbolProblem},
}

func (s *sheet) symbol(r image.Rectangle, t toned) {
	s.put(Box{Role: Symbol, Rect: r, Style: t.style, Marks: []Mark{{r.Inset(r.Dx() / 6), t.style, t.symbol}}})
}

// picture stands at the right of pages that only ask for a card or for
// patience, or that bring good news, where there is room to spare.
func (s *sheet) picture() {
	drawing, ok := s.drawing()
	if !ok || s.page.Field != nil || len(s.page.Choices) > 0 || s.air != roomy || s.letters() > 200 {
		return
	}
	if len(s.page.Actions) == 0 {
		// Actions come and go while a card is at work; the picture stays.
		s.cutBottom(s.scale.Target()+s.scale.MM(0.7), s.gap())
	}
	side := min(s.free.Dx()*2/5, s.free.Dy(), s.scale.MM(48))
	at := image.Rect(0, 0, side, side).Add(image.Pt(s.free.Max.X-side, s.free.Min.Y+(s.free.Dy()-side)/2))
	s.free.Max.X = at.Min.X - s.margin()
	if s.page.Tone == display.Success {
		at = at.Inset(side / 8)
	}
	s.put(Box{Role: Picture, Rect: at, Style: drawing.style, Marks: []Mark{{at.Inset(side / 8), drawing.style, drawing.symbol}}})
	s.pictured = true
}

// drawing is what a page of this tone may have a picture of.
func (s *sheet) drawing() (toned, bool) {
	card := toned{theme.CardIn, theme.Picture}
	switch s.page.Tone {
	case display.Plain:
		return card, s.page.Card && s.page.Step == ""
	case display.Working:
		return card, s.page.Card
	case display.Success:
		return symbols[display.Success], true
	}
	return card, s.page.Card && len(s.page.Actions) == 0 && s.page.Tone == display.Warning
}

// level moves the words beside a picture to its middle.
func (s *sheet) level() {
	if !s.pictured || s.spoilt {
		return
	}
	for i, b := range s.boxes {
		if b.Role == Title || b.Role == Body || b.Role == Symbol {
			s.boxes[i] = b.moved(0, s.free.Dy()*2/5)
		}
	}
}

// letters is how much there is to read.
func (s *sheet) letters() int {
	n := 0
	for _, text := range s.page.Body {
		n += len(text)
	}
	return n
}
