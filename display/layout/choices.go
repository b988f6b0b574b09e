package layout

import (
	"image"
	"slices"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// choices places numbered rows: one column where they fit, else two.
func (s *sheet) choices(all []display.Choice) {
	if len(all) == 0 {
		return
	}
	for _, row := range s.choiceRows(all) {
		s.choiceRow(row, s.cutTop(s.choicesHeight(row), s.choiceGap()))
	}
}

// choiceRows deals choices into rows: they are read column by column.
func (s *sheet) choiceRows(all []display.Choice) [][]display.Choice {
	rows := make([][]display.Choice, (len(all)+s.columns-1)/s.columns)
	for i, c := range all {
		rows[i%len(rows)] = append(rows[i%len(rows)], c)
	}
	return rows
}

func (s *sheet) choiceRow(row []display.Choice, r image.Rectangle) {
	width := s.choiceWidth(s.columns)
	for i, c := range row {
		x := r.Min.X + i*(width+s.choiceGap())
		s.choice(c, image.Rect(x, r.Min.Y, x+width, r.Max.Y))
	}
}

func (s *sheet) choiceGap() int { return max(s.scale.Space(1), s.gap()/2) }

func (s *sheet) choiceWidth(columns int) int {
	return (s.free.Dx() - (columns-1)*s.choiceGap()) / columns
}

// choiceText is a choice's words as broken inside a row of a width.
func (s *sheet) choiceText(c display.Choice, width int) block {
	side, pad := s.choiceCap(), s.scale.Space(2)
	return s.text(c.Label, theme.Body, theme.Regular, theme.Choice, width-side-4*pad)
}

func (s *sheet) choiceCap() int { return s.scale.Px(theme.Button) * 3 / 2 }

func (s *sheet) choiceHeight(c display.Choice, width int) int {
	least := s.scale.Target()
	if s.air == roomy {
		least += s.scale.Space(2)
	}
	return max(least, s.choiceText(c, width).height()+s.scale.Space(2))
}

// choice is one row: its key in a cap, then its words.
func (s *sheet) choice(c display.Choice, r image.Rectangle) {
	b := s.choiceBox(c.Key, s.choiceText(c, r.Dx()), r)
	b.Style, b.Target = theme.Choice, Target{Does: typing.Presses, Key: c.Key}
	s.put(b)
}

// choiceBox is a row that is not there to be touched.
func (s *sheet) choiceBox(key string, words block, r image.Rectangle) Box {
	side, pad := s.choiceCap(), s.scale.Space(2)
	cap := image.Rect(0, 0, side, side).Add(image.Pt(r.Min.X+pad, r.Min.Y+(r.Dy()-side)/2))
	// As low as the key beside it, which has no descenders.
	top := r.Min.Y + (r.Dy()-words.height()+words.weight.Font().Descent(words.px))/2
	return Box{Role: Choice, Rect: r, Style: theme.Text,
		Marks: []Mark{{Rect: cap, Style: theme.Keycap}},
		Lines: append(s.at(words, cap.Max.X+2*pad, top), s.word(key, theme.Button, theme.SemiBold, theme.Keycap).centred(cap)...)}
}

// choicesIn says how many choices fit into a height, and settles the number
// of columns.
func (s *sheet) choicesIn(height int) int {
	all := s.page.Choices
	for columns := range s.mostColumns() {
		s.columns = columns + 1
		if s.choicesHeight(all) <= height && s.whole(all) {
			return len(all)
		}
	}
	if !s.more {
		return 0
	}
	return s.mostChoices(height)
}

// whole reports whether the columns settled break no word.
func (s *sheet) whole(all []display.Choice) bool {
	return !slices.ContainsFunc(all, func(c display.Choice) bool {
		return s.choiceText(c, s.choiceWidth(s.columns)).broken
	})
}

// mostColumns is how many columns of choices there may be: two only where
// room is short, since one is easier to read.
func (s *sheet) mostColumns() int {
	if s.air != roomy || s.short {
		return 2
	}
	return 1
}

// mostChoices tries fewer and fewer, in one column and in two.
func (s *sheet) mostChoices(height int) int {
	for n := len(s.page.Choices) - 1; n > 0; n-- {
		for columns := range 2 {
			s.columns = columns + 1
			if s.choicesHeight(s.page.Choices[:n]) <= height && s.whole(s.page.Choices[:n]) {
				return n
			}
		}
	}
	return 0
}

// choicesHeight is what rows of choices need in the columns settled.
func (s *sheet) choicesHeight(all []display.Choice) int {
	width := s.choiceWidth(s.columns)
	rows := s.choiceRows(all)
	sum := (len(rows) - 1) * s.choiceGap()
	for _, row := range rows {
		height := 0
		for _, c := range row {
			height = max(height, s.choiceHeight(c, width))
		}
		sum += height
	}
	return sum
}
