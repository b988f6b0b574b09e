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

// picture is a card and a reader at the right of pages that only ask for a
// card or for patience, where there is room to spare.
func (s *sheet) picture() {
	p := s.page
	calm := p.Tone == display.Plain && p.Step == "" || p.Tone == display.Working
	if !calm || p.Field != nil || len(p.Choices) > 0 || s.air != roomy || s.letters() > 200 {
		return
	}
	side := min(s.free.Dx()*2/5, s.free.Dy(), s.scale.MM(48))
	at := image.Rect(0, 0, side, side).Add(image.Pt(s.free.Max.X-side, s.free.Min.Y+(s.free.Dy()-side)/2))
	s.put(Box{Role: Picture, Rect: at, Style: theme.Picture, Marks: []Mark{{at.Inset(side / 8), theme.Picture, theme.CardIn}}})
	s.free.Max.X = at.Min.X - s.margin()
	s.pictured = true
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
