package layout

import (
	"cmp"
	"image"
	"slices"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// lattice is the lower half as keys of one size: those that type at its left,
// and beside or below them the ways on.
type lattice struct {
	r                  image.Rectangle
	columns, rows, gap int
}

// at is a key so many keys wide.
func (l lattice) at(x, y, wide int) image.Rectangle {
	unit, height := (l.r.Dx()+l.gap)/l.columns, (l.r.Dy()+l.gap)/l.rows
	return image.Rect(0, 0, wide*unit-l.gap, height-l.gap).Add(l.r.Min).Add(image.Pt(x*unit, y*height))
}

// first is the first columns of the lattice.
func (l lattice) first(columns int) lattice {
	l.r.Max.X, l.columns = l.at(columns-1, 0, 1).Max.X, columns
	return l
}

// from is what is left of the lattice from a key on.
func (l lattice) from(x, y int) lattice {
	l.r = image.Rectangle{Min: l.at(x, y, 1).Min, Max: l.r.Max}
	l.columns, l.rows = l.columns-x, l.rows-y
	return l
}

// way is a key that leads on or away.
type way struct {
	draw  cell
	wide  int
	spare bool   // Settings have it as well: it may be left out
	label string // its word
	known bool   // by its place: Settings and Help
}

// keysBelow is all that a page with a field has to touch, in the lower half: a
// whole keyboard where there is room, else digits or groups of letters.
func (s *sheet) keysBelow() {
	s.free.Max.Y = s.half() - s.gap()/2
	if l := s.lattice(s.keyGap(), s.floor); typing.TakesText(s.page.Field) && l.columns >= 12 && l.rows >= 4 {
		l = l.as(12, 4)
		s.ways(l.from(10, 0), append(s.moreWays(), s.leading()...))
		s.keysIn(l)
		return
	}
	l, across := s.fewKeys(s.floor)
	ways := append(s.clearWays(), s.leading()...)
	if s.sparse() {
		ways = s.leadingOn(l.columns*l.rows-len(s.typeWays(across)), l.at(0, 0, 1).Dx())
	}
	if l.columns > across {
		s.ways(l.first(across), s.typeWays(across))
		s.ways(l.from(across, 0), ways)
		return
	}
	s.ways(l, append(s.typeWays(across), ways...))
}

// lattice is the lower half, as far as it has room for whole keys. They have
// the margins too: what is above needs the room more.
func (s *sheet) lattice(gap, floor int) lattice {
	r := image.Rect(0, s.half(), s.screen.Width, floor-s.scale.Space(1)/2)
	key := s.scale.Target() + gap
	return lattice{r, (r.Dx() + gap) / key, (r.Dy() + gap) / key, gap}
}

// as is the lattice with so many keys across and down, in the middle.
func (l lattice) as(columns, rows int) lattice {
	l.columns, l.rows = columns, rows
	l.r.Min.X += (l.r.Dx() + l.gap) % columns / 2
	return l
}

// clearWays are the key that deletes and, where there is more, the one that
// turns to it: neither becomes the other by typing.
func (s *sheet) clearWays() []way {
	return append([]way{{draw: s.clearKey, wide: 1}}, s.moreWays()...)
}

func (s *sheet) moreWays() []way {
	if !s.more {
		return nil
	}
	return []way{{draw: s.moreKey, wide: 1, label: s.page.Words.More}}
}

// leading is what leads on and away, in its order.
func (s *sheet) leading() []way {
	all, words, f := s.actionWays(), s.page.Words, s.page.Field
	all = append(all,
		s.wordWay(Menu, display.Help, words.Help, 1, true),
		s.wordWay(Menu, display.Settings, words.Settings, 2, false))
	if f.CanShow {
		all = append(all, s.showWay(2, true))
	}
	return all
}

// showWay has room for either of its words, as showButton.
func (s *sheet) showWay(wide int, spare bool) way {
	w := s.wordWay(Action, display.Show, s.showLabel(s.page.Field), wide, spare)
	w.label = s.page.Words.Show
	if f := theme.Regular.Font(); f.Width(s.page.Words.Hide, 100) > f.Width(w.label, 100) {
		w.label = s.page.Words.Hide
	}
	return w
}

// wordWay is a quiet key with a word.
func (s *sheet) wordWay(role Role, key, label string, wide int, spare bool) way {
	return way{s.wordKey(role, key, label, theme.KeyQuiet), wide, spare, label, role == Menu}
}

// actionWays is the page's actions.
func (s *sheet) actionWays() []way {
	var all []way
	for i, a := range s.page.Actions {
		w := s.wordWay(Action, a.Key, a.Label, 1, false)
		if a.Key == display.Enter {
			w.wide = 2
		}
		if i == 0 && !a.Aside {
			w.draw = s.wordKey(Action, a.Key, a.Label, theme.Primary)
		}
		all = append(all, w)
	}
	return all
}

// ways deals the ways into the rows of a lattice; those that can be spared
// only if there is room for all. What room is left goes to words that are too
// long for their keys.
func (s *sheet) ways(l lattice, all []way) {
	for rows(all, l.columns) > l.rows {
		i := slices.IndexFunc(all, func(w way) bool { return w.spare })
		if i < 0 {
			s.spoilt = true
			return
		}
		all = slices.Delete(slices.Clone(all), i, i+1)
	}
	all = s.widened(l, all)
	x, y := 0, 0
	for _, w := range all {
		if x+w.wide > l.columns {
			x, y = 0, y+1
		}
		if w.draw != nil {
			w.draw(l.at(x, y, w.wide))
		}
		x += w.wide
	}
}

// widened is the ways with wider keys for words that are too long, as long as
// there is room: the longest first, and those that are known by their place last.
func (s *sheet) widened(l lattice, all []way) []way {
	all = slices.Clone(all)
	over := func(i int) int {
		word := s.word(all[i].label, theme.Button, theme.Regular, theme.Key)
		return word.width() + s.scale.Space(1) - l.at(0, 0, all[i].wide).Dx()
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(b2i(all[i].known)-b2i(all[j].known), over(j)-over(i))
	})
	for _, i := range order {
		for over(i) > 0 && all[i].wide < l.columns {
			all[i].wide++
			if rows(all, l.columns) > l.rows {
				all[i].wide--
				break
			}
		}
	}
	return all
}

// rows is how many rows the ways take.
func rows(all []way, columns int) int {
	x, y := 0, 1
	for _, w := range all {
		if x+w.wide > columns {
			x, y = 0, y+1
		}
		x += w.wide
	}
	return y
}

// wordKey is a key with a word on it.
func (s *sheet) wordKey(role Role, key, label string, style theme.Style) cell {
	return func(r image.Rectangle) {
		face := r
		if style == theme.Primary {
			face.Max.Y -= s.scale.MM(0.7) // the lower edge, as the theme has it
		}
		s.put(Box{Role: role, Rect: r, Style: style, Target: Target{Does: typing.Presses, Key: key},
			Lines: s.fitted(label, theme.Button, face, style)})
	}
}

// clearKey deletes.
func (s *sheet) clearKey(r image.Rectangle) {
	s.symbolKey(r, theme.Backspace, theme.KeyQuiet, Target{Does: typing.Presses, Key: display.Clear})
}

// digitCells are the digits in two rows.
func (s *sheet) digitCells() []cell {
	var cells []cell
	for _, c := range "1234567890" {
		cells = append(cells, func(r image.Rectangle) { s.digitKey(c, r) })
	}
	return cells
}

// letterCells are two rows of four groups, or of the letters of the open one,
// and the next layer and space: at the ends of the rows, or in a third.
func (s *sheet) letterCells(across int) []cell {
	const each = 4
	cells := s.groupSlots()
	if across == each {
		return append(cells, s.nextLayerKey, s.spaceKey)
	}
	return append(slices.Insert(cells, each, cell(s.nextLayerKey)), s.spaceKey)
}

func (s *sheet) nextLayerKey(r image.Rectangle) {
	s.layerKey(r, s.state.Layer.Next(), theme.NoSymbol, theme.KeyQuiet)
}

// keysIn is a whole keyboard in the first ten columns of a lattice.
func (s *sheet) keysIn(l lattice) {
	free := s.free
	s.free = image.Rectangle{Min: l.r.Min, Max: l.at(9, 3, 1).Max}
	s.high = l.at(0, 0, 1).Dy()
	s.characters(nil)
	s.free = free
}
