package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// button is an action, sized but not placed.
type button struct {
	label  block
	cap    string // the key it shows, or none
	apart  int    // between the label and the keycap
	style  theme.Style
	target Target
	size   image.Point
}

// button makes a button no wider than a width. It shows its key unless it
// says just that.
func (s *sheet) button(label, key string, style theme.Style, target Target, width int) button {
	pad := s.scale.Space(3)
	if s.air == tight {
		pad = s.scale.Space(2)
	}
	b := button{style: style, target: target, apart: pad * 2 / 3}
	if key != label {
		b.cap = key
	}
	cap := s.capSize(b.cap)
	b.label = s.text(label, theme.Button, theme.SemiBold, style, width-2*pad-cap.X-pad*b2i(cap.X > 0))
	if b.label.broken {
		s.spoilt = true
	}
	b.size.X = max(s.scale.Target(), b.label.width()+2*pad)
	if cap.X > 0 {
		b.size.X += cap.X + b.apart
	}
	b.size.Y = max(s.scale.Target(), b.label.height()+s.scale.Space(1)) + s.scale.MM(0.7)
	return b
}

// bare is the button without its key.
func (s *sheet) bare(b button) button {
	if b.cap != "" {
		b.size.X = max(s.scale.Target(), b.size.X-s.capSize(b.cap).X-b.apart)
		b.cap = ""
	}
	return b
}

// capSize is the room a keycap takes.
func (s *sheet) capSize(key string) image.Point {
	if key == "" {
		return image.Point{}
	}
	word := s.word(key, theme.Small, theme.SemiBold, theme.Keycap)
	height := word.px * 3 / 2
	return image.Pt(max(height, word.width()+word.px*2/3), height)
}

// put places the button; it may be made wider and taller.
func (s *sheet) putButton(b button, r image.Rectangle, role Role) {
	box := Box{Role: role, Rect: r, Style: b.style, Target: b.target}
	face := r
	face.Max.Y -= s.scale.MM(0.7) // the lower edge, as the theme has it
	if b.cap == "" {
		box.Lines = b.label.centred(face)
		s.put(box)
		return
	}
	cap := s.capSize(b.cap)
	left := face.Min.X + (face.Dx()-b.label.width()-cap.X-b.apart)/2
	text := image.Rect(left, face.Min.Y, left+b.label.width(), face.Max.Y)
	box.Lines = b.label.centred(text)
	s.keycap(&box, b.cap, image.Pt(text.Max.X+b.apart, face.Min.Y+(face.Dy()-cap.Y)/2), capStyle(b.style))
	s.put(box)
}

func capStyle(button theme.Style) theme.Style {
	if button == theme.Primary {
		return theme.PrimaryKeycap
	}
	return theme.Keycap
}

// keycap draws a key's name in a small box, as it is on the pad.
func (s *sheet) keycap(b *Box, key string, at image.Point, style theme.Style) {
	r := image.Rectangle{Max: s.capSize(key)}.Add(at)
	b.Marks = append(b.Marks, Mark{Rect: r, Style: style})
	b.Lines = append(b.Lines, s.word(key, theme.Small, theme.SemiBold, style).centred(r)...)
}

// buttons are the page's actions, and More where there is more.
func (s *sheet) buttons(width int, keep func(key string) bool) []button {
	var all []button
	for i, a := range s.page.Actions {
		if !keep(a.Key) {
			continue
		}
		style := theme.Secondary
		if i == 0 && a.Key != display.Cancel && !a.Aside {
			style = theme.Primary
		}
		all = append(all, s.button(a.Label, a.Key, style, Target{Does: typing.Presses, Key: a.Key}, width))
	}
	return all
}

// turn is the button to the next part, or back to the first. Its key is
// Clear, which deletes first what is typed, and is shown all the same: nothing
// on a page changes by typing.
func (s *sheet) turn(label string, part, width int) button {
	return s.button(label, display.Clear, theme.Secondary, Target{Does: typing.Turns, Part: part}, width)
}

// actions places all buttons at the bottom, in rows from the left.
func (s *sheet) actions() {
	all := s.buttons(s.free.Dx(), func(key string) bool { return !s.onPad(key) })
	if s.more {
		all = append(all, s.turn(s.page.Words.More, 1, s.free.Dx()))
	}
	if f := s.page.Field; s.low() && f != nil && f.CanShow {
		all = append(all, s.showButton(f))
	}
	s.bottom(all)
}

// rows places buttons from the bottom up, the first ones in the top row.
func (s *sheet) rows(all []button) {
	gap := s.scale.Space(2)
	rows := s.deal(all, gap)
	for i := len(rows) - 1; i >= 0; i-- {
		between := gap
		if i == 0 {
			between = s.gap()
		}
		s.buttonRow(rows[i], gap, between)
	}
}

// deal puts each button into the first row with room for it.
func (s *sheet) deal(all []button, gap int) [][]button {
	var rows [][]button
	var used []int
	for _, b := range all {
		i := 0
		for i < len(rows) && used[i]+b.size.X > s.free.Dx() {
			i++
		}
		if i == len(rows) {
			rows, used = append(rows, nil), append(used, 0)
		}
		rows[i] = append(rows[i], b)
		used[i] += b.size.X + gap
	}
	return rows
}

func highest(row []button) int {
	height := 0
	for _, b := range row {
		height = max(height, b.size.Y)
	}
	return height
}

func (s *sheet) buttonRow(row []button, gap, below int) {
	r := s.cutBottom(highest(row), below)
	x := r.Min.X
	for _, b := range row {
		s.putButton(b, image.Rect(x, r.Min.Y, x+b.size.X, r.Max.Y), Action)
		if x+b.size.X > r.Max.X {
			s.spoilt = true
		}
		x += b.size.X + gap
	}
}
