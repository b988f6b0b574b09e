package layout

import (
	"image"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// form is the error, the label and the field, sized but not placed.
type form struct {
	error, label block
	field        int // height of the field, 0 for none
	beside       []button
	height       int
}

// form sizes what there is to fill in.
func (s *sheet) form() form {
	var f form
	if s.page.Error != "" {
		f.error = s.error()
		if s.lines > 0 {
			f.error = f.error.begun(s.lines, s.free.Dx()-s.errorBar())
		}
		if s.pack == bare {
			f.error.leading = f.error.px * 6 / 5
		}
		f.height += f.error.height() + s.gap()
	}
	field := s.page.Field
	if field != nil && field.Kind != display.ChoiceField {
		f.size(s, field)
	}
	f.height = max(0, f.height-s.gap())
	return f
}

func (s *sheet) error() block {
	return s.text(s.page.Error, theme.Body, theme.SemiBold, theme.Error, s.free.Dx()-s.errorBar())
}

func (f *form) size(s *sheet, field *display.Field) {
	if field.Label != "" && field.Label != s.page.Title && !s.short {
		f.label = s.text(field.Label, theme.Button, theme.Regular, theme.Text, s.free.Dx())
		f.height += f.label.height()
	}
	if field.CanShow && !s.untouched() {
		f.beside = append(f.beside, s.showButton(field))
	}
	if s.grouped() && !s.untouched() {
		f.beside = append(f.beside, s.buttons(s.free.Dx()/2, func(key string) bool { return key == display.Enter })...)
	}
	f.field = s.scale.Target()
	if s.untouched() {
		f.field = s.scale.Px(theme.Digits) * 8 / 5 // nobody touches it
	}
	if s.pack == bare {
		f.field = s.scale.Px(theme.Digits) * 6 / 5
	}
	for _, b := range f.beside {
		f.field = max(f.field, b.size.Y)
	}
	f.height += f.field + s.gap()
}

// showButton has room for either of its words: nothing moves as what is typed is
// shown.
func (s *sheet) showButton(field *display.Field) button {
	sized := func(label string) button {
		return s.button(label, label, theme.Secondary, Target{Does: typing.Presses, Key: display.Show}, s.free.Dx()/2)
	}
	b, show, hide := sized(s.showLabel(field)), sized(s.page.Words.Show), sized(s.page.Words.Hide)
	b.size = image.Pt(max(show.size.X, hide.size.X), max(show.size.Y, hide.size.Y))
	return b
}

func (s *sheet) showLabel(field *display.Field) string {
	if field.Masked {
		return s.page.Words.Show
	}
	return s.page.Words.Hide
}

// errorBar is the red bar beside an error and the air next to it.
func (s *sheet) errorBar() int { return s.scale.Space(2) + s.scale.MM(0.8) }

// put places the form.
func (f form) put(s *sheet) {
	if len(f.error.lines) > 0 {
		s.putError(f.error)
	}
	if f.field == 0 {
		return
	}
	if len(f.label.lines) > 0 {
		r := s.cutTop(f.label.height(), 0)
		s.put(Box{Role: Field, Rect: r, Style: theme.Text, Lines: s.at(f.label, r.Min.X, r.Min.Y)})
	}
	f.putField(s)
}

func (s *sheet) putError(error block) {
	r := s.cutTop(error.height(), s.gap())
	bar := image.Rect(r.Min.X, r.Min.Y, r.Min.X+s.scale.MM(0.8), r.Max.Y)
	s.put(Box{Role: Error, Rect: r, Style: theme.Text, Marks: []Mark{{Rect: bar, Style: theme.ErrorBar}},
		Lines: s.at(error, r.Min.X+s.errorBar(), r.Min.Y)})
}

// putField places the field and the buttons beside it.
func (f form) putField(s *sheet) {
	r := s.cutTop(f.field, s.gap())
	cells := s.page.Field.Kind == display.CodeField && s.page.Field.Max <= 8
	for _, b := range f.beside {
		r.Max.X -= b.size.X + s.scale.Space(2)
	}
	if !cells {
		r.Max.X = min(r.Max.X, r.Min.X+s.inputWidth())
	}
	x := r.Max.X
	for _, b := range f.beside {
		x += s.scale.Space(2)
		s.putButton(b, image.Rect(x, r.Min.Y, x+b.size.X, r.Max.Y), Action)
		x += b.size.X
	}
	if r.Dx() < 2*s.scale.Target() {
		s.spoilt = true
	}
	if cells {
		s.cells(r)
		return
	}
	s.input(r)
}

// input is a field whose characters stand in a row.
func (s *sheet) input(r image.Rectangle) {
	s.put(Box{Role: Field, Rect: r, Style: s.inputStyle(), Value: &Value{
		Rect: r.Inset(s.scale.Space(2)), Px: s.scale.Px(theme.Digits), Masked: s.page.Field.Masked,
	}})
}

// inputWidth shows how much is wanted, as far as that is known.
func (s *sheet) inputWidth() int {
	wanted := max(8, s.page.Field.Max) + 2
	return max(3*s.scale.Target(), wanted*s.scale.Px(theme.Digits)*2/3)
}

// cells is a field with a box a character.
func (s *sheet) cells(r image.Rectangle) {
	n := max(1, s.page.Field.Max)
	gap := s.scale.Space(1)
	side := min((r.Dx()-(n-1)*gap)/n, r.Dy())
	if side < s.scale.Px(theme.Digits) {
		s.spoilt = true
	}
	b := Box{Role: Field, Rect: r, Style: theme.Text, Value: &Value{
		Px: s.scale.Px(theme.Digits), Masked: s.page.Field.Masked, Rect: r,
	}}
	for i := range n {
		x := r.Min.X + i*(side+gap)
		cell := image.Rect(x, r.Min.Y, x+side, r.Max.Y)
		b.Marks = append(b.Marks, Mark{Rect: cell, Style: s.inputStyle()})
		b.Value.Cells = append(b.Value.Cells, cell)
	}
	b.Rect.Max.X = b.Value.Cells[n-1].Max.X
	s.put(b)
}

func (s *sheet) inputStyle() theme.Style {
	if s.page.Error != "" {
		return theme.InputError
	}
	return theme.Input
}
