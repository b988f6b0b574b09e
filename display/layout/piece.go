package layout

import (
	"image"
	"slices"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// piece is a row of choices or of buttons, or a text, on a part of a page that
// is dealt into parts.
type piece struct {
	choices []display.Choice
	buttons []button
	text    block
	told    string // the key of the choice whose words the text is
	height  int
}

// touched reports whether the piece is there to be touched.
func (p piece) touched() bool { return len(p.choices) > 0 || len(p.buttons) > 0 }

// split is the first lines of a text, and those after them.
func (p piece) split(lines int) (first, rest piece) {
	whole := p.text
	return worded(whole.from(0, lines)), worded(whole.from(lines, len(whole.lines)))
}

func worded(b block) piece { return piece{text: b, height: b.height()} }

// pieces is what is left, the choices first; or on a page whose things are
// apart, in the order of the page.
func (s *sheet) pieces(left rest, full image.Rectangle) []piece {
	trial := newSheet(s.page, s.screen, s.state, s.plan)
	trial.free = full
	choices, texts := trial.choicePieces(left), trial.textPieces(left)
	switch {
	case s.apart:
		choices, texts = append(trial.errorPieces(), texts...), choices
	case s.lines > 0:
		choices = trial.errorPieces() // there are none beside a field
	}
	all := append(append(choices, texts...), trial.buttonPieces()...)
	s.spoilt = s.spoilt || trial.spoilt || slices.ContainsFunc(all, func(p piece) bool { return p.text.broken })
	return all
}

func (s *sheet) choicePieces(left rest) []piece {
	if s.told {
		return s.toldPieces()
	}
	var all []piece
	for choices := s.page.Choices[left.choices:]; len(choices) > 0; {
		row := s.row(choices)
		s.spoilt = s.spoilt || !s.whole(row)
		all = append(all, piece{choices: row, height: s.choicesHeight(row)})
		choices = choices[len(row):]
	}
	return all
}

// toldPieces are the words of the choices.
func (s *sheet) toldPieces() []piece {
	var all []piece
	for _, c := range s.page.Choices {
		words := s.choiceText(c, s.free.Dx())
		all = append(all, piece{text: words, told: c.Key, height: max(s.choiceCap(), words.height())})
	}
	return all
}

func (s *sheet) textPieces(left rest) []piece {
	var all []piece
	for i := left.body; i < len(s.page.Body); i++ {
		p := s.paragraph(s.page.Body[i])
		if i == left.body {
			p = p.from(left.lines, len(p.lines))
		}
		all = append(all, worded(p))
	}
	return all
}

func (s *sheet) errorPieces() []piece {
	if s.page.Error == "" {
		return nil
	}
	return []piece{worded(s.error())}
}

// buttonPieces are the actions that other parts have no room for, and the menu
// where the band has none.
func (s *sheet) buttonPieces() []piece {
	if !s.away() {
		return nil
	}
	var pieces []piece
	for _, row := range s.deal(s.inFewRows(s.spared()), s.scale.Space(2)) {
		pieces = append(pieces, piece{buttons: row, height: highest(row)})
	}
	return pieces
}

// spared is what is left to press for the last parts.
func (s *sheet) spared() []button {
	width := s.free.Dx()
	_, everywhere := s.primary()
	all := s.buttons(width, func(key string) bool {
		if s.apart {
			return !everywhere || key != s.page.Actions[0].Key
		}
		return s.sparse() && key != display.Enter && key != display.Clear
	})
	if f := s.page.Field; f != nil && f.CanShow && s.sparse() {
		all = append(all, s.showButton(f))
	}
	words := s.page.Words
	return append(all,
		s.button(words.Settings, display.Settings, theme.Secondary, Target{Does: typing.Presses, Key: display.Settings}, width),
		s.button(words.Help, display.Help, theme.Secondary, Target{Does: typing.Presses, Key: display.Help}, width))
}

// row is the choices of one row. Where the lower half has room for few rows,
// two share one if they can.
func (s *sheet) row(left []display.Choice) []display.Choice {
	s.columns = 2
	if s.low() && len(left) > 1 && s.whole(left[:2]) && s.choicesHeight(left[:2]) <= s.free.Max.Y-s.half() {
		return left[:2]
	}
	s.columns = 1
	return left[:1]
}
