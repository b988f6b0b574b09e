package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
)

// piece is a choice or some lines of a paragraph on a further part.
type piece struct {
	choice *display.Choice
	text   block
	height int
}

// further places one of the parts after the first.
func (s *sheet) further(left rest, spoilt bool) (parts int) {
	s.spoilt = spoilt
	pages := s.pages(left)
	if len(pages) == 0 {
		s.spoilt = true
		return 1
	}
	i := min(s.state.Part, len(pages)) - 1
	label, next := s.page.Words.Back, 0
	if i+1 < len(pages) {
		label, next = s.page.Words.More, i+2
	}
	s.rows([]button{s.turn(label, next, s.free.Dx())})
	s.title()
	for _, p := range pages[i] {
		s.putPiece(p)
	}
	return 1 + len(pages)
}

func (s *sheet) putPiece(p piece) {
	if p.choice != nil {
		s.choice(*p.choice, s.cutTop(p.height, s.gap()))
		return
	}
	r := s.cutTop(p.height, s.gap())
	s.put(Box{Role: Body, Rect: r, Style: theme.Text, Lines: p.text.at(r.Min.X, r.Min.Y)})
}

// pages deals what is left into further parts.
func (s *sheet) pages(left rest) [][]piece {
	if !s.more {
		return nil
	}
	full := s.furtherRoom()
	var pages [][]piece
	room := 0
	for _, p := range s.pieces(left, full) {
		if p.height > room {
			pages = append(pages, nil)
			room = full.Dy()
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], p)
		room -= p.height + s.gap()
	}
	return pages
}

// furtherRoom is what a further part has for its pieces.
func (s *sheet) furtherRoom() image.Rectangle {
	trial := newSheet(s.page, s.screen, s.state, s.plan)
	trial.band()
	trial.status()
	trial.inset()
	trial.rows([]button{trial.turn(trial.page.Words.Back, 0, trial.free.Dx())})
	trial.title()
	if trial.spoilt {
		s.spoilt = true
	}
	return trial.free
}

// pieces is what is left, the choices first. A paragraph that is longer than
// a part is cut between lines.
func (s *sheet) pieces(left rest, full image.Rectangle) []piece {
	trial := newSheet(s.page, s.screen, s.state, s.plan)
	trial.free = full
	var all []piece
	for i := left.choices; i < len(s.page.Choices); i++ {
		c := s.page.Choices[i]
		all = append(all, piece{choice: &c, height: trial.choiceHeight(c, full.Dx())})
	}
	for i := left.body; i < len(s.page.Body); i++ {
		all = append(all, cut(trial.paragraph(s.page.Body[i]), full.Dy())...)
	}
	return all
}

func cut(b block, height int) []piece {
	most := max(1, height/b.leading)
	var all []piece
	for len(b.lines) > 0 {
		n := min(most, len(b.lines))
		part := b
		part.lines = b.lines[:n]
		b.lines = b.lines[n:]
		all = append(all, piece{text: part, height: part.height()})
	}
	return all
}
