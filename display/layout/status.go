package layout

import (
	"image"

	"unlockpoint/display/theme"
)

// status is the quiet line at the bottom: the link and the reader, and time
// that runs out. Short plans have none: there the band says what does not
// work.
func (s *sheet) status() {
	if s.short {
		return
	}
	word := s.word("", theme.Small, theme.Regular, theme.Status)
	r := s.cutBottom(word.leading+s.scale.Space(1), 0)
	r.Min.X += s.margin()
	r.Max.X -= s.margin()
	r = s.countdown(r)
	x := r.Min.X
	b := Box{Role: Status, Rect: r, Style: theme.Status}
	st := s.page.Status
	x = s.light(&b, x, st.Online, s.page.Words.Online, s.page.Words.Offline)
	x = s.light(&b, x, st.Reader, s.page.Words.Ready, s.page.Words.Absent)
	if x > r.Max.X {
		s.spoilt = true
	}
	s.put(b)
}

// light is a dot or a cross and a word for what works and what does not.
func (s *sheet) light(b *Box, x int, good bool, yes, no string) int {
	style, symbol, said := theme.Good, theme.Disc, yes
	if !good {
		style, symbol, said = theme.Bad, theme.Cross, no
	}
	word := s.word(said, theme.Small, theme.Regular, theme.Status)
	dot := word.px * 9 / 10
	mark := image.Rect(x, 0, x+dot, dot).Add(image.Pt(0, b.Rect.Min.Y+(b.Rect.Dy()-dot)/2))
	b.Marks = append(b.Marks, Mark{mark, style, symbol})
	x += dot + s.scale.Space(1)
	b.Lines = append(b.Lines, word.centred(image.Rect(x, b.Rect.Min.Y, x+word.width(), b.Rect.Max.Y))...)
	return x + word.width() + s.scale.Space(4)
}

// countdown takes the right end of the status line.
func (s *sheet) countdown(r image.Rectangle) image.Rectangle {
	if s.page.SecondsLeft <= 0 {
		return r
	}
	word := s.word(clock(s.page.SecondsLeft), theme.Small, theme.SemiBold, theme.Status)
	// Room for the widest time, so that the line does not move every second.
	room := theme.SemiBold.Font().Width("00:00", word.px)
	side := word.px * 5 / 4
	at := image.Rect(r.Max.X-room-side-s.scale.Space(1), r.Min.Y, r.Max.X, r.Max.Y)
	mark := image.Rect(0, 0, side, side).Add(image.Pt(at.Min.X, at.Min.Y+(at.Dy()-side)/2))
	text := at
	text.Min.X = mark.Max.X + s.scale.Space(1)
	s.put(Box{Role: Countdown, Rect: at, Style: theme.Status,
		Marks: []Mark{{mark, theme.Status, theme.Clock}}, Lines: word.centred(text)})
	r.Max.X = at.Min.X - s.scale.Space(2)
	return r
}
