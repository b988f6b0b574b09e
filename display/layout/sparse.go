package layout

import (
	"image"
	"slices"
)

// fewKeys is the lower half down to a floor as keys, and how many of those that type are in a
// row: five, with what leads on beside or below them, or four.
func (s *sheet) fewKeys(floor int) (l lattice, across int) {
	const most, down = 5, 2
	switch l = s.lattice(1, floor); {
	case l.columns > most:
		return l.as(min(l.columns, 2*most), min(l.rows, down)), most
	case l.columns == most:
		return l.as(most, l.rows), most
	}
	return l.as(max(1, min(l.columns, most-1)), l.rows), most - 1
}

// sparse reports whether the lower half has no room for all ways on, not even
// without a status line: then all but Enter are on the last part.
func (s *sheet) sparse() bool {
	if !s.low() || !types(s.page) || !s.narrow() {
		return false
	}
	l, across := s.fewKeys(s.screen.Height)
	ways := append(s.clearWays(), slices.DeleteFunc(s.leading(), func(w way) bool { return w.spare })...)
	if l.columns > across {
		return rows(ways, l.columns-across) > l.rows
	}
	return rows(append(s.typeWays(across), ways...), l.columns) > l.rows
}

// clearOrMoreKey is where a panel of 2.8 inches has no room for a 13th key: there
// one turns to the next part until something is typed, and then deletes it.
func (s *sheet) clearOrMoreKey(r image.Rectangle) {
	if s.page.Field.Count() == 0 {
		s.moreKey(r)
		return
	}
	s.clearKey(r)
}

// leadingOn is what corrects and leads on, and what else so many keys of a
// width have room for. Where the word is too long for the way on, it has the name
// of its key.
func (s *sheet) leadingOn(keys, width int) []way {
	if !s.more {
		s.spoilt = true
	}
	all := s.clearWays()
	if len(all) >= keys {
		all = []way{{draw: s.clearOrMoreKey, wide: 1}}
	}
	for i, w := range s.leading() {
		if i > 0 || keys < 5 {
			w.wide = 1
		}
		fits := s.fits(w.label, w.wide*width)
		if i == 0 && !fits {
			w = s.wordWay(Action, s.page.Actions[0].Key, s.page.Actions[0].Key, w.wide, false)
		}
		if len(all)+w.wide <= keys && (fits || i == 0) {
			all, keys = append(all, w), keys-w.wide+1
		}
	}
	return all
}
