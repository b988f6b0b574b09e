package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// groups is the keyboard of a narrow panel: touch a group, then the letter.
// The primary action is beside the field (see form).
func (s *sheet) groups() {
	edge, gap := s.scale.Space(1), s.keyGap()
	free := s.free
	s.free.Min.X, s.free.Max.X = edge, s.screen.Width-edge
	others := s.buttons(s.free.Dx(), func(key string) bool {
		return !s.onPad(key) && key != display.Enter && key != display.Cancel
	})
	s.rows(others)
	columns := (s.free.Dx() + gap) / (s.scale.Target() + gap)
	unit := (s.free.Dx() - (columns-1)*gap) / columns
	cells := s.groupCells(columns)
	rows := (len(cells) + columns - 1) / columns
	for y := rows - 1; y >= 0; y-- {
		between := gap
		if y == 0 {
			between = s.gap()
		}
		s.groupRow(cells[y*columns:min(len(cells), (y+1)*columns)], s.cutBottom(s.scale.Target(), between), unit)
	}
	s.free.Min.X, s.free.Max.X = free.Min.X, free.Max.X
}

// cell is a key of a grouped keyboard: how to draw it in its rectangle.
type cell func(r image.Rectangle)

// groupCells is all keys in reading order: the groups, or the letters of the
// open one, then those that change and delete.
func (s *sheet) groupCells(columns int) []cell {
	cells := append(s.groupSlots(), s.shiftKey, s.setKey, s.spaceKey)
	cells = append(cells, s.clearKey)
	cells = append(cells, s.cancelKey()...)
	if s.more {
		cells = append(cells, s.moreKey)
	}
	return cells
}

// moreKey turns to the next part.
func (s *sheet) moreKey(r image.Rectangle) {
	s.put(Box{Role: Action, Rect: r, Style: theme.KeyQuiet, Target: Target{Does: typing.Turns, Part: 1},
		Lines: s.fitted(s.page.Words.More, theme.Button, r, theme.KeyQuiet)})
}

// groupSlots is the groups, or the letters of the open one. The keys do not
// move from layer to layer.
func (s *sheet) groupSlots() []cell {
	groups := s.state.Layer.Groups()
	var cells []cell
	if s.state.Group > 0 && s.state.Group <= len(groups) {
		cells = s.openGroup(groups[s.state.Group-1])
	} else {
		for i, g := range groups {
			cells = append(cells, s.groupKey(g, i+1))
		}
	}
	for len(cells) < len(typing.Letters.Groups()) {
		cells = append(cells, nil)
	}
	return cells
}

func (s *sheet) openGroup(chars string) []cell {
	cells := []cell{func(r image.Rectangle) {
		s.symbolKey(r, theme.Back, theme.KeyQuiet, Target{Does: typing.Opens})
	}}
	for _, c := range chars {
		cells = append(cells, func(r image.Rectangle) { s.charKey(c, r) })
	}
	return cells
}

func (s *sheet) groupKey(chars string, number int) cell {
	return func(r image.Rectangle) {
		s.put(Box{Role: Key, Rect: r, Style: theme.Key, Target: Target{Does: typing.Opens, Group: number},
			Lines: s.fitted(chars, theme.Button, r, theme.Key)})
	}
}

// fitted is a word as large as a key allows, up to what a type says.
func (s *sheet) fitted(text string, t theme.Type, r image.Rectangle, style theme.Style) []Line {
	word := s.word(text, t, theme.Regular, style)
	for word.width() > r.Dx()-s.scale.Space(1) && word.px > s.leastPx() {
		word.px--
	}
	if word.width() > r.Dx() {
		s.spoilt = true
	}
	return word.centred(r)
}

// leastPx is how small the words on keys may be, in any size of text.
func (s *sheet) leastPx() int {
	return theme.NewScale(s.screen.Width, s.screen.PPMM, 100).Px(theme.Small) * 4 / 5
}

// fits reports whether a key has room for a word.
func (s *sheet) fits(text string, width int) bool {
	return theme.Regular.Font().Width(text, s.leastPx()) <= width
}

// cancelKey is the page's Cancel as a key.
func (s *sheet) cancelKey() []cell {
	for _, a := range s.page.Actions {
		if a.Key == display.Cancel {
			return []cell{func(r image.Rectangle) {
				s.put(Box{Role: Action, Rect: r, Style: theme.KeyQuiet, Target: Target{Does: typing.Presses, Key: a.Key},
					Lines: s.fitted(a.Label, theme.Button, r, theme.KeyQuiet)})
			}}
		}
	}
	return nil
}

func (s *sheet) groupRow(cells []cell, r image.Rectangle, unit int) {
	x := r.Min.X
	for _, draw := range cells {
		if draw != nil {
			draw(image.Rect(x, r.Min.Y, x+unit, r.Max.Y))
		}
		x += unit + s.keyGap()
	}
}
