package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// piece is a row of choices or some lines of a paragraph on a further part.
type piece struct {
	choices []display.Choice
	text    block
	height  int
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
	s.bottom([]button{s.turn(label, next, s.free.Dx())})
	s.title()
	if s.low() && len(pages[i]) > 0 && len(pages[i][0].choices) > 0 {
		s.free.Min.Y = max(s.free.Min.Y, s.half())
	}
	for _, p := range pages[i] {
		s.putPiece(p)
	}
	return 1 + len(pages)
}

func (s *sheet) putPiece(p piece) {
	if len(p.choices) > 0 {
		s.columns = len(p.choices)
		s.choiceRow(p.choices, s.cutTop(p.height, s.gap()))
		return
	}
	s.putText(p.text)
}

// pages deals what is left into further parts.
func (s *sheet) pages(left rest) [][]piece {
	if !s.more {
		return nil
	}
	full := s.furtherRoom()
	var pages [][]piece
	room := 0
	var before piece
	for _, p := range s.pieces(left, full) {
		turns := s.low() && len(before.choices) > 0 && len(p.choices) == 0
		if before = p; p.height > room || turns {
			pages = append(pages, nil)
			room = full.Dy()
			if s.low() && len(p.choices) > 0 {
				room = min(room, full.Max.Y-s.half())
			}
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], p)
		room -= p.height + s.gap()
	}
	if len(pages) == 0 && s.pack != loose {
		pages = append(pages, nil) // Settings and Help
	}
	return pages
}

// furtherRoom is what a further part has for its pieces.
func (s *sheet) furtherRoom() image.Rectangle {
	trial := framed(s.page, s.screen, typing.State{Part: 1}, s.plan)
	trial.bottom([]button{trial.turn(trial.page.Words.Back, 0, trial.free.Dx())})
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
	for choices := s.page.Choices[left.choices:]; len(choices) > 0; {
		row := trial.row(choices)
		all = append(all, piece{choices: row, height: trial.choicesHeight(row)})
		choices = choices[len(row):]
	}
	for i := left.body; i < len(s.page.Body); i++ {
		p := trial.paragraph(s.page.Body[i])
		if i == left.body {
			p.lines = p.lines[left.lines:]
		}
		all = append(all, cut(p, full.Dy())...)
	}
	return all
}

// row is the choices of one row. Where the lower half has room for few rows,
// two share one if they can.
func (s *sheet) row(left []display.Choice) []display.Choice {
	s.columns = 2
	if s.low() && len(left) > 1 && s.choicesHeight(left[:2]) <= s.free.Max.Y-s.half() {
		return left[:2]
	}
	s.columns = 1
	return left[:1]
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
