package layout

import (
	"image"
	"slices"

	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// further places one of the parts after the first.
func (s *sheet) further(left rest, spoilt bool) (parts int) {
	s.spoilt = spoilt
	return 1 + s.series(s.pages(left, 1), s.state.Part-1)
}

// series places one of a series of parts, and says how many these are.
func (s *sheet) series(pages [][]piece, i int) int {
	if len(pages) == 0 {
		s.spoilt = true
		return 0
	}
	i = min(i, len(pages)-1)
	label, next := s.page.Words.Back, 0
	if i+1 < len(pages) {
		label, next = s.page.Words.More, s.state.Part+1
	}
	s.bottom(append(s.toldKeys(pages[i]), s.ends(label, next)...))
	s.title()
	for _, p := range pages[i] {
		if s.low() && p.touched() {
			s.free.Min.Y = max(s.free.Min.Y, s.half())
		}
		s.putPiece(p)
	}
	return len(pages)
}

// ends are the buttons at the lower edge of each part: the way to the next
// one, and beside it, where things are apart, the primary action.
func (s *sheet) ends(label string, part int) []button {
	turn := s.turn(label, part, s.free.Dx())
	if first, ok := s.primary(); ok {
		return []button{first, turn}
	}
	return []button{turn}
}

// primary is the one thing to do, if it is on every part.
func (s *sheet) primary() (button, bool) {
	if !s.apart || s.told || len(s.page.Actions) == 0 {
		return button{}, false
	}
	first := s.bare(s.buttons(s.free.Dx(), func(string) bool { return true })[0])
	turn := max(s.turn(s.page.Words.More, 1, s.free.Dx()).size.X, s.turn(s.page.Words.Back, 0, s.free.Dx()).size.X)
	return first, first.style == theme.Primary && first.size.X+s.scale.Space(2)+turn <= s.free.Dx()
}

// toldKeys are the keys of the choices that a part tells of.
func (s *sheet) toldKeys(part []piece) []button {
	var all []button
	for _, p := range part {
		if p.told != "" {
			all = append(all, s.button(p.told, p.told, theme.Secondary, Target{Does: typing.Presses, Key: p.told}, s.free.Dx()))
		}
	}
	return all
}

func (s *sheet) putPiece(p piece) {
	switch {
	case p.told != "":
		s.put(s.choiceBox(p.told, p.text, s.cutTop(p.height, s.gap())))
	case len(p.choices) > 0:
		s.columns = len(p.choices)
		s.choiceRow(p.choices, s.cutTop(p.height, s.gap()))
	case len(p.buttons) > 0:
		r := s.cutTop(p.height, s.gap())
		for _, b := range p.buttons {
			s.putButton(b, image.Rect(r.Min.X, r.Min.Y, r.Min.X+b.size.X, r.Max.Y), Action)
			r.Min.X += b.size.X + s.scale.Space(2)
		}
	case p.text.ink == theme.Error:
		s.putError(p.text)
	default:
		s.putText(p.text)
	}
}

// pages deals what is left into parts, from one of them on.
func (s *sheet) pages(left rest, part int) [][]piece {
	if !s.more {
		return nil
	}
	var pages [][]piece
	var before piece
	room, full := 0, s.room(part+1)
	for todo := s.pieces(left, full); len(todo) > 0; {
		p := todo[0]
		turns := s.low() && before.touched() && !p.touched()
		if s.low() && p.touched() {
			room = min(room, full.Max.Y-s.half())
		}
		if turns || p.height > room && (p.height <= full.Dy() || p.text.fit(room) < 2) || s.crowded(pages, p) {
			room = s.roomFor(p, part+len(pages))
			pages = append(pages, nil)
		}
		todo = todo[1:]
		if n := p.text.fit(room); p.height > room && n > 0 && p.told == "" {
			first, after := p.split(n)
			p, todo = first, append([]piece{after}, todo...)
		}
		s.spoilt = s.spoilt || p.height > room
		pages[len(pages)-1] = append(pages[len(pages)-1], p)
		room -= p.height + s.gap()
		before = p
	}
	if len(pages) == 0 && s.pack != loose {
		pages = append(pages, nil) // Settings and Help
	}
	return pages
}

// crowded reports whether there is no room for one more key beside More.
func (s *sheet) crowded(pages [][]piece, p piece) bool {
	if p.told == "" || len(pages) == 0 {
		return false
	}
	row := s.toldKeys(append(slices.Clone(pages[len(pages)-1]), p))
	return len(s.deal(append(row, s.ends(s.page.Words.More, 1)...), s.scale.Space(2))) > 1
}

// roomFor is how high a part may be that begins with a piece.
func (s *sheet) roomFor(p piece, part int) int {
	free := s.room(part)
	if s.low() && p.touched() {
		return min(free.Dy(), free.Max.Y-s.half())
	}
	return free.Dy()
}

// room is what a part has for its pieces.
func (s *sheet) room(part int) image.Rectangle {
	trial := framed(s.page, s.screen, typing.State{Part: part}, s.plan)
	trial.bottom(trial.ends(trial.page.Words.Back, 0))
	trial.title()
	if trial.spoilt {
		s.spoilt = true
	}
	return trial.free
}
