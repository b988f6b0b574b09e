package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// content fills what band and status leave, and says how many parts the page
// has.
func (s *sheet) content() (parts int) {
	if s.apart {
		return s.series(s.pages(rest{}, 0), s.state.Part)
	}
	if s.state.Part > 0 && s.more {
		// What the first part has no room for is found by placing it.
		first := framed(s.page, s.screen, typing.State{Layer: s.state.Layer}, s.plan)
		return s.further(first.first(), first.spoilt)
	}
	left := s.first()
	if s.spoilt {
		return 1
	}
	further := len(s.pages(left, 1))
	if s.more && further == 0 {
		s.spoilt = true // there is no more
	}
	s.level()
	return 1 + further
}

// rest is what the first part has no room for.
type rest struct {
	choices, body int // the first choice and paragraph left
	lines         int // of that paragraph, that have been placed
}

// first places the first part.
func (s *sheet) first() rest {
	switch text, digits := typing.TakesText(s.page.Field), typing.TakesDigits(s.page.Field); {
	case s.packed():
		s.keysPacked()
	case s.low() && digits && !s.narrow() && s.holdsPad():
		s.padBelow()
	case s.low() && (text || digits):
		s.keysBelow()
	case text:
		s.keyboard()
	case digits:
		s.pad()
		s.actions()
	default:
		s.actions()
	}
	s.picture()
	s.title()
	return s.middle()
}

// title is the symbol of the tone and the title beside it.
func (s *sheet) title() {
	if s.short {
		return
	}
	room := s.free.Dx()
	symbol, has := symbols[s.page.Tone]
	size := theme.Title
	if s.pictured {
		has = has && s.page.Tone != display.Success // it is the picture
		size = theme.Hero
	}
	side := s.scale.Px(size) * 3 / 2
	if has {
		room -= side + s.scale.Space(3)
	}
	title := s.text(s.page.Title, size, theme.SemiBold, theme.Text, room)
	r := s.cutTop(max(title.height(), side*b2i(has)), s.gap())
	if has {
		s.symbol(image.Rect(r.Min.X, r.Min.Y, r.Min.X+side, r.Min.Y+side), symbol)
		r.Min.X += side + s.scale.Space(3)
	}
	r.Max.X = r.Min.X + room
	top := r.Min.Y + (r.Dy()-title.height())/2
	s.put(Box{Role: Title, Rect: r, Style: theme.Text, Lines: s.at(title, r.Min.X, top)})
}

// middle places what is between the title and the actions: the error and the
// field always, then paragraphs and choices as far as there is room.
func (s *sheet) middle() rest {
	placed, options := 0, s.page.Choices
	if s.low() && len(options) > 0 {
		placed, options = s.choicesBelow(), nil
	}
	form := s.form()
	room := s.free.Dy() - form.height
	if room < 0 {
		s.spoilt = true
	}
	if form.height > 0 && room < s.free.Dy() {
		room -= s.gap()
	}
	paragraphs, choices := s.share(room, options)
	if !s.more && (paragraphs < len(s.page.Body) || placed+choices < len(s.page.Choices)) {
		s.spoilt = true
	}
	if placed+choices > 0 && paragraphs == 0 && len(s.page.Body) > 0 {
		s.spoilt = true // nobody chooses before they have read what it is about
	}
	s.paragraphs(s.page.Body[:paragraphs])
	form.put(s)
	s.choices(options[:choices])
	left := rest{choices: placed + choices, body: paragraphs}
	if s.reads() && paragraphs == 0 {
		left.lines = s.begin(s.page.Body[0])
	}
	return left
}

// reads reports whether the page is there to be read.
func (s *sheet) reads() bool {
	return s.page.Field == nil && len(s.page.Choices) == 0 && len(s.page.Body) > 0
}

// begin places as much of a paragraph as there is room for, at least two
// lines.
func (s *sheet) begin(text string) int {
	p := s.paragraph(text)
	n := min(len(p.lines), p.fit(s.free.Dy()))
	if n < 2 || !s.few || s.pictured {
		s.spoilt = true // a page to read must say something
		return 0
	}
	s.putText(p.from(0, n))
	return n
}

// share says how many paragraphs and choices fit into a height. The first
// paragraph comes before the choices, the others after them.
func (s *sheet) share(left int, options []display.Choice) (paragraphs, choices int) {
	take := func(height int) bool {
		if height > left {
			return false
		}
		left -= height + s.gap()
		return true
	}
	body := s.page.Body
	if len(body) > 0 && take(s.paragraph(body[0]).height()) {
		paragraphs = 1
	}
	if len(options) > 0 {
		choices = s.choicesIn(left)
		if choices == 0 {
			s.spoilt = true
			return paragraphs, 0
		}
		take(s.choicesHeight(options[:choices]))
	}
	for paragraphs > 0 && paragraphs < len(body) && choices == len(options) && take(s.paragraph(body[paragraphs]).height()) {
		paragraphs++
	}
	return paragraphs, choices
}

func (s *sheet) paragraph(text string) block {
	return s.text(text, theme.Body, theme.Regular, theme.Text, s.free.Dx())
}

func (s *sheet) paragraphs(body []string) {
	for _, text := range body {
		s.putText(s.paragraph(text))
	}
}

func (s *sheet) putText(p block) {
	r := s.cutTop(p.height(), s.gap())
	s.put(Box{Role: Body, Rect: r, Style: theme.Text, Lines: s.at(p, r.Min.X, r.Min.Y)})
}
