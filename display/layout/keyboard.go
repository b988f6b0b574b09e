package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// grouped reports whether letters come in groups: the panel is too narrow.
func (s *sheet) grouped() bool { return typing.TakesText(s.page.Field) && s.narrow() }

func (s *sheet) narrow() bool { return s.screen.narrow() }

func (s Screen) narrow() bool { return float64(s.Width)/s.PPMM < theme.Narrow }

// keyboard places the keyboard at the bottom, over the whole width.
func (s *sheet) keyboard() {
	if s.grouped() {
		s.groups()
		return
	}
	free := s.free
	edge := s.scale.Space(2)
	s.free.Min.X, s.free.Max.X = edge, s.screen.Width-edge
	s.keys()
	s.rows(s.above)
	s.free.Min.X, s.free.Max.X = free.Min.X, free.Max.X
}

func (s *sheet) keyGap() int { return s.scale.Space(1) }

func (s *sheet) keyHeight() int {
	if s.high > 0 {
		return s.high
	}
	if s.air == tight {
		return s.scale.Target()
	}
	return s.scale.Target() + s.scale.MM(0.6)
}

// keys is a whole keyboard: three rows of characters and the row below.
func (s *sheet) keys() {
	actions := s.buttons(s.free.Dx()*2/5, func(key string) bool { return !s.onPad(key) })
	if s.more {
		actions = append(actions, s.turn(s.page.Words.More, 1, s.free.Dx()/2))
	}
	s.characters(actions)
}

// characters is a whole keyboard with actions in its bottom row.
func (s *sheet) characters(actions []button) {
	s.bottomRow(actions)
	rows := s.state.Layer.Rows()
	unit := (s.free.Dx() - 9*s.keyGap()) / 10
	for i := len(rows) - 1; i >= 0; i-- {
		gap := s.keyGap()
		if i == 0 {
			gap = s.gap()
		}
		s.keyRow(rows[i], s.cutBottom(s.keyHeight(), gap), unit, i == len(rows)-1)
	}
}

// keyRow is a row of characters in the middle; the last one has the layer
// key and backspace at its ends.
func (s *sheet) keyRow(chars string, r image.Rectangle, unit int, last bool) {
	gap := s.keyGap()
	width := len(chars)*(unit+gap) - gap
	x := r.Min.X + (r.Dx()-width)/2
	if last {
		side := min(x-gap-r.Min.X, 3*unit)
		s.shiftKey(image.Rect(r.Min.X, r.Min.Y, r.Min.X+side, r.Max.Y))
		s.clearKey(image.Rect(r.Max.X-side, r.Min.Y, r.Max.X, r.Max.Y))
	}
	for _, c := range chars {
		s.charKey(c, image.Rect(x, r.Min.Y, x+unit, r.Max.Y))
		x += unit + gap
	}
}

// charKey types a character.
func (s *sheet) charKey(c rune, r image.Rectangle) {
	b := Box{Role: Key, Rect: r, Style: theme.Key, Target: Target{Does: typing.Types, Rune: c}}
	b.Lines = s.word(string(c), theme.Digits, theme.Regular, b.Style).centred(r)
	s.put(b)
}

// shiftKey changes between small letters and capitals, or between digits and
// symbols.
func (s *sheet) shiftKey(r image.Rectangle) {
	switch s.state.Layer {
	case typing.Letters:
		s.layerKey(r, typing.Capitals, theme.Shift, theme.KeyQuiet)
	case typing.Capitals:
		s.layerKey(r, typing.Letters, theme.Shift, theme.KeyOn)
	case typing.Digits:
		s.layerKey(r, typing.Symbols, theme.NoSymbol, theme.KeyQuiet)
	default:
		s.layerKey(r, typing.Digits, theme.NoSymbol, theme.KeyQuiet)
	}
}

// setKey changes between letters and all else.
func (s *sheet) setKey(r image.Rectangle) {
	if s.state.Layer == typing.Letters || s.state.Layer == typing.Capitals {
		s.layerKey(r, typing.Digits, theme.NoSymbol, theme.KeyQuiet)
		return
	}
	s.layerKey(r, typing.Letters, theme.NoSymbol, theme.KeyQuiet)
}

// layerKey changes the layer. The one that # of the pad would go to says so.
func (s *sheet) layerKey(r image.Rectangle, to typing.Layer, symbol theme.Symbol, style theme.Style) {
	target, cap := Target{Does: typing.Changes, Layer: to}, s.capSize(display.Help)
	capped := s.state.Layer.Next() == to && r.Dx() >= s.scale.Target()+cap.X
	if symbol != theme.NoSymbol {
		s.symbolKey(r, symbol, style, target)
	} else {
		face := r
		face.Max.X -= cap.X * b2i(capped)
		s.put(Box{Role: Key, Rect: r, Style: style, Target: target, Lines: s.fitted(to.Name(), theme.Button, face, style)})
	}
	if capped {
		b := &s.boxes[len(s.boxes)-1]
		s.keycap(b, display.Help, image.Pt(r.Max.X-cap.X-s.scale.Space(1), r.Min.Y+s.scale.Space(1)), theme.Keycap)
	}
}

// bottomRow has the set key, space, and the actions; these have a row of
// their own above the keyboard where they would leave no room for space.
func (s *sheet) bottomRow(actions []button) {
	gap := s.keyGap()
	height, width := s.keyHeight(), 0
	for _, a := range actions {
		height = max(height, a.size.Y)
		width += a.size.X + gap
	}
	set := s.scale.Target() * 3 / 2
	if s.free.Dx()-width-set-gap < 2*s.scale.Target() {
		s.above, actions, height = actions, nil, s.keyHeight()
	}
	r := s.cutBottom(height, gap)
	for _, a := range actions {
		s.putButton(a, image.Rect(r.Max.X-a.size.X, r.Min.Y, r.Max.X, r.Max.Y), Action)
		r.Max.X -= a.size.X + gap
	}
	s.setKey(image.Rect(r.Min.X, r.Min.Y, r.Min.X+set, r.Max.Y))
	s.spaceKey(image.Rect(r.Min.X+set+gap, r.Min.Y, r.Max.X, r.Max.Y))
}

func (s *sheet) spaceKey(r image.Rectangle) {
	if r.Dx() < s.scale.Target() {
		s.spoilt = true
	}
	b := Box{Role: Key, Rect: r, Style: theme.Key, Target: Target{Does: typing.Types, Rune: ' '}}
	b.Lines = s.fitted(s.page.Words.Space, theme.Button, r, b.Style)
	s.put(b)
}
