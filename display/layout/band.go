package layout

import (
	"fmt"
	"image"
	"strings"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// bandStyles and symbolStyles are the looks of the tones.
var bandStyles = [...]theme.Style{theme.BandPlain, theme.BandWorking, theme.BandSuccess, theme.BandWarning, theme.BandProblem}

// band is the header: where the person is on the left, Settings and Help on
// the right. In short plans it has the title as well.
func (s *sheet) band() {
	style := bandStyles[s.page.Tone]
	pad := s.scale.Space(2)
	if s.air == tight {
		pad = s.scale.Space(1)
	}
	var menu []Box
	least := 0
	if !s.untouched() {
		menu, least = s.menu(style), s.scale.Target()
	}
	room := s.screen.Width - s.margin() - menuWidth(menu) - s.besideMenu() - s.gap()
	said := s.heading(style, room)
	height := max(least+2*pad*b2i(!s.short), blocksHeight(said)+pad)
	r := s.cutTop(height, 0)
	b := Box{Role: Band, Rect: r, Style: style}
	// Capitals weigh more than descenders: a little lower looks centred.
	y := r.Min.Y + (height-blocksHeight(said))/2 + s.scale.MM(0.3)
	for _, block := range said {
		b.Lines = append(b.Lines, s.at(block, s.margin(), y)...)
		y += block.height()
	}
	s.put(b)
	s.putMenu(menu, r)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func blocksHeight(blocks []block) int {
	sum := 0
	for _, b := range blocks {
		sum += b.height()
	}
	return sum
}

// heading is what the band says.
func (s *sheet) heading(style theme.Style, room int) []block {
	name := s.page.Status.Terminal
	if !s.short {
		if s.page.Step == "" {
			return []block{s.text(name, theme.Button, theme.SemiBold, style, room)}
		}
		return []block{s.text(name, theme.Small, theme.Regular, style, room), s.text(s.page.Step, theme.Button, theme.SemiBold, style, room)}
	}
	small, title := s.text(s.small(), theme.Small, theme.Regular, style, room), s.shortTitle(style, room)
	switch first := s.state.Part == 0; {
	case first && s.pack == terse:
		return []block{title}
	case first && s.pack == mute:
		return []block{small}
	case first && s.pack == bare:
		return []block{s.text(strings.Join(s.ill(), " · "), theme.Small, theme.Regular, style, room)}
	}
	return []block{small, title}
}

// shortTitle is as large as fits into one line of the band, or in as many
// lines of body text as it takes.
func (s *sheet) shortTitle(style theme.Style, room int) block {
	title := s.text(s.page.Title, theme.Body, theme.SemiBold, style, room)
	if len(title.lines) == 1 {
		f := theme.SemiBold.Font()
		for title.px < s.scale.Px(theme.Title)*4/5 && f.Width(s.page.Title, title.px+1) <= room {
			title.px++
		}
	}
	title.leading = title.px * 6 / 5
	if lines := s.titleLines(); lines > 0 {
		return title.begun(lines, room)
	}
	return title
}

// titleLines is how many lines of the title there may be at most, or 0 for all:
// where it takes much of a part, one part has all of it.
func (s *sheet) titleLines() int {
	switch {
	case !s.away() || s.state.Part == b2i(!s.apart):
		return 0
	case s.state.Part == 0:
		return s.lines
	}
	return 1
}

// small is the line above the title on a short band: all that has a line of
// its own elsewhere.
func (s *sheet) small() string {
	said := []string{s.page.Status.Terminal}
	if s.page.Step != "" {
		said[0] = s.page.Step
	}
	ill := s.ill()
	if f := s.page.Field; f != nil && f.Label != "" && f.Label != s.page.Title && len(ill) == 0 {
		said = append(said, f.Label)
	}
	if s.page.SecondsLeft > 0 {
		said = append(said, clock(s.page.SecondsLeft))
	}
	return strings.Join(append(said, ill...), " · ")
}

// ill is what does not work, where there is no status line to say so.
func (s *sheet) ill() []string {
	var said []string
	if !s.page.Status.Online {
		said = append(said, s.page.Words.Offline)
	}
	if !s.page.Status.Reader {
		said = append(said, s.page.Words.Absent)
	}
	return said
}

// menu is Settings and Help, sized but not placed.
func (s *sheet) menu(style theme.Style) []Box {
	return []Box{
		s.menuButton(style, display.Settings, s.page.Words.Settings, true),
		s.menuButton(style, display.Help, s.page.Words.Help, !typing.TakesText(s.page.Field)),
	}
}

// menuButton has its keycap beside its word, or above it on a short band. In
// a text field # changes the characters, so there Help has no keycap.
func (s *sheet) menuButton(style theme.Style, key, label string, cap bool) Box {
	word := s.label(label, style)
	inner := s.scale.Space(2)
	b := Box{Role: Menu, Style: style, Target: Target{Does: typing.Presses, Key: key}}
	side := word.px * 3 / 2
	width := word.width() + 2*inner
	if cap && !s.narrow() {
		width += side + inner
	}
	b.Rect = image.Rect(0, 0, max(width, s.scale.Target()), s.scale.Target())
	if !cap {
		b.Lines = word.centred(b.Rect)
		return b
	}
	s.menuCap(&b, key, word, side, inner)
	return b
}

func (s *sheet) menuCap(b *Box, key string, word block, side, inner int) {
	r := b.Rect
	var cap image.Rectangle
	if s.narrow() {
		both := side + word.leading
		cap = image.Rect(0, 0, side, side).Add(image.Pt((r.Dx()-side)/2, (r.Dy()-both)/2))
		r.Min.Y = cap.Max.Y
		r.Max.Y = r.Min.Y + word.leading
	} else {
		cap = image.Rect(0, 0, side, side).Add(image.Pt(inner, (r.Dy()-side)/2))
		r.Min.X = cap.Max.X
	}
	style := theme.BandKeycap
	if b.Style == theme.KeyQuiet {
		style = theme.Keycap // it is not on the band
	}
	b.Marks = []Mark{{Rect: cap, Style: style}}
	b.Lines = word.centred(r)
	if key == display.Settings {
		b.Marks = append(b.Marks, Mark{cap.Inset(side / 5), style, theme.Star})
		return
	}
	b.Lines = append(b.Lines, s.label(key, style).centred(cap)...)
}

// label is a word of the menu. On narrow panels it grows with the text as long as
// its keycap is above it within what is touched, and a title has room beside it.
func (s *sheet) label(text string, style theme.Style) block {
	word := s.word(text, theme.Label, theme.SemiBold, style)
	least := theme.NewScale(s.screen.Width, s.screen.PPMM, 100).Px(theme.Label)
	large := func() bool {
		return word.px*3/2+word.leading > s.scale.Target() || word.weight.Font().Width(s.page.Words.Settings, word.px) > s.screen.Width/4
	}
	for s.narrow() && word.px > least && large() {
		word.px--
		word.leading = s.scale.Leading(word.px)
	}
	return word
}

func menuWidth(menu []Box) int {
	sum := 0
	for _, b := range menu {
		sum += b.Rect.Dx()
	}
	return sum
}

// putMenu places the menu at the right end of the band.
func (s *sheet) putMenu(menu []Box, band image.Rectangle) {
	x := band.Max.X - menuWidth(menu) - s.besideMenu()
	for _, b := range menu {
		y := band.Min.Y + (band.Dy()-b.Rect.Dy())/2
		s.put(b.moved(x, y))
		x += b.Rect.Dx()
	}
}

// besideMenu is the air at its right.
func (s *sheet) besideMenu() int { return s.margin() / 2 * b2i(!s.short) }

// moved is the box somewhere else.
func (b Box) moved(dx, dy int) Box {
	by := image.Pt(dx, dy)
	b.Rect = b.Rect.Add(by)
	b.Marks = append([]Mark(nil), b.Marks...)
	for i := range b.Marks {
		b.Marks[i].Rect = b.Marks[i].Rect.Add(by)
	}
	b.Lines = append([]Line(nil), b.Lines...)
	for i := range b.Lines {
		b.Lines[i].X += dx
		b.Lines[i].Y += dy
	}
	return b
}

func clock(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }
