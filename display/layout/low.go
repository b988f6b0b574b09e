package layout

import (
	"slices"

	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// low reports whether all that is touched is to be in the lower half of the
// panel: for people who reach no further, or have one hand for it. What is
// read may be anywhere.
func (s *sheet) low() bool { return s.page.Look.Low }

// half is where the lower half begins.
func (s *sheet) half() int { return (s.screen.Height + 1) / 2 }

// reachable reports whether nothing that is touched is above the lower half.
func (s *sheet) reachable() bool {
	for _, b := range s.boxes {
		if b.Target.Does != typing.Nothing && b.Rect.Min.Y < s.half() {
			return false
		}
	}
	return true
}

// bottom places buttons in rows at the lower edge. The menu, which is in the
// band otherwise, is at their right where it is to be low.
func (s *sheet) bottom(all []button) {
	if s.few {
		all = s.inFewRows(all)
	}
	if !s.low() || s.away() {
		s.rows(all)
		return
	}
	menu, gap := s.menu(theme.KeyQuiet), s.scale.Space(1)
	edge, height := s.free.Max, s.scale.Target()+s.scale.MM(0.7)
	x := edge.X - menuWidth(menu) - gap
	if len(all) == 0 {
		s.cutBottom(height, s.gap())
	} else {
		s.free.Max.X = x - s.scale.Space(2)
		s.rows(s.inFewRows(all))
		s.free.Max.X = edge.X
	}
	for _, b := range menu {
		s.put(b.moved(x, edge.Y-height))
		x += b.Rect.Dx() + gap
	}
}

// inFewRows leaves the keys out that buttons show, if that saves a row: who
// wants buttons low touches them.
func (s *sheet) inFewRows(all []button) []button {
	bare, gap := slices.Clone(all), s.scale.Space(2)
	for i := range bare {
		bare[i] = s.bare(bare[i])
	}
	if len(s.deal(bare, gap)) < len(s.deal(all, gap)) {
		return bare
	}
	return all
}

// holdsPad reports whether the lower half has room for the number pad and the
// least margin that there is.
func (s *sheet) holdsPad() bool {
	margin := s.scale.Space(3) - s.scale.Space(3)/2 // as inset leaves it
	return s.floor-margin-s.half() >= 4*s.scale.Target()+3*s.scale.Space(1)
}

// padBelow is the number pad in the lower half, with the actions beside it.
func (s *sheet) padBelow() {
	full := s.free
	s.free.Min.Y = max(s.free.Min.Y, s.half())
	s.pad()
	top := s.free.Max.Y
	for _, b := range s.boxes {
		if b.Role == Key {
			top = min(top, b.Rect.Min.Y)
		}
	}
	s.actions()
	full.Max.Y = min(s.free.Max.Y, top-s.gap())
	s.free = full
}

// choicesBelow places choices in the lower half, just above the actions, and
// says for how many there is room.
func (s *sheet) choicesBelow() int {
	above := s.free
	n := s.choicesIn(s.free.Max.Y - max(s.half(), s.free.Min.Y))
	if n == 0 {
		s.spoilt = true
		return 0
	}
	s.free.Min.Y = s.free.Max.Y - s.choicesHeight(s.page.Choices[:n])
	above.Max.Y = s.free.Min.Y - s.gap()
	s.choices(s.page.Choices[:n])
	s.free = above
	return n
}
