package layout

import "unlockpoint/display/typing"

// keysPacked is all that the first part of a page with a field has to touch,
// over the whole width, in as few rows as that takes. Digits or groups of
// letters are at the left in two rows of five, with what corrects and leads on
// beside and below them; a panel of four keys has all in reading order.
func (s *sheet) keysPacked() {
	const most, down = 5, 2
	l, others := s.lattice(1, s.floor), s.packedWays()
	switch {
	case l.columns < most-1:
		s.spoilt = true
	case l.columns >= most+3 && rows(others, l.columns-most) <= down:
		l = s.lowest(l, min(l.columns, 2*most), down)
		s.ways(l.first(most), s.typeWays(most))
		s.ways(l.from(most, 0), others)
	case l.columns > most:
		l = s.lowest(l, most+1, down+rows(others[down:], most+1))
		s.ways(l.first(most), s.typeWays(most))
		s.ways(l.from(most, 0), others[:down])
		s.ways(l.from(0, down), others[down:])
	default:
		all := append(s.typeWays(l.columns), others...)
		s.ways(s.lowest(l, l.columns, rows(all, l.columns)), all)
	}
}

// lowest is so many keys of a lattice at the lower edge, no higher than keys
// have to be.
func (s *sheet) lowest(l lattice, columns, rows int) lattice {
	l = l.as(columns, rows)
	l.r.Min.Y = l.r.Max.Y + l.gap - rows*(s.scale.Target()+l.gap)
	s.free.Max.Y = l.r.Min.Y - s.gap()
	return l
}

// packedWays is what there is beside the keys that type. The first two are one
// key wide.
func (s *sheet) packedWays() []way {
	all := s.clearWays()
	if s.page.Field.CanShow {
		all = append(all, s.showWay(1, false))
	}
	return append(all, s.actionWays()...)
}

// typeWays are the keys that type, for so many in a row.
func (s *sheet) typeWays(across int) []way {
	cells := s.digitCells()
	if typing.TakesText(s.page.Field) {
		cells = s.letterCells(across)
	}
	var all []way
	for _, draw := range cells {
		all = append(all, way{draw: draw, wide: 1})
	}
	return all
}
