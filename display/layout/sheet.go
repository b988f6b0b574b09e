package layout

import (
	"image"
	"slices"
	"strings"

	"unlockpoint/display"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// plan is one way to place a page.
type plan struct {
	text  int // text size in per cent
	air   air
	short bool // the title goes into the band, and the status line goes
	more  bool // what does not fit goes to further parts
	few   bool // buttons do not show their keys, where that saves a row, and a paragraph may go on in the next part
	apart bool // what there is to read comes first, what is chosen after it, and what is pressed last, on parts of their own
	told  bool // with that, the words of choices are read above, and their keys are beside More
	lines int  // where keys need the room, title or error are cut to so many lines: the next part has all of them
	pack  packing
}

// packing is where a page with a field has what is touched.
type packing int

const (
	loose packing = iota // digits at the right, letters and actions below, Settings and Help in the band
	dense                // all over the whole width below; Settings and Help are on the next part
	terse                // as dense, with only the title in the band
	mute                 // as dense, with the error in the place of the title
	bare                 // as mute, with nothing in the band but what does not work
)

// air is how much room there is between things.
type air int

const (
	roomy air = iota
	close
	tight
)

// sheet is a page being placed. Things are cut off the edges of what is free,
// so nothing overlaps; a thing that finds no room spoils the sheet.
type sheet struct {
	plan
	page     display.Page
	screen   Screen
	state    typing.State
	scale    theme.Scale
	free     image.Rectangle
	boxes    []Box
	above    []button // actions that have a row of their own above the keyboard
	floor    int      // where the status line begins, or the panel ends
	high     int      // of the keys of a keyboard, where it is not the usual
	spoilt   bool
	columns  int  // of choices
	pictured bool // there is a picture beside the words
}

func newSheet(page display.Page, screen Screen, state typing.State, p plan) *sheet {
	if page.Doing != "" {
		page.Title = page.Doing
	}
	return &sheet{
		plan: p, page: page, screen: screen, state: state,
		scale: theme.NewScale(screen.Width, screen.PPMM, p.text),
		free:  screen.Bounds(),
	}
}

// framed is a sheet with all around the content placed.
func framed(page display.Page, screen Screen, state typing.State, p plan) *sheet {
	s := newSheet(page, screen, state, p)
	s.band()
	s.status()
	s.inset()
	return s
}

// packed reports whether the keys take all that is touched, and the whole
// width with it: on the first part, since others have none.
func (s *sheet) packed() bool { return s.pack != loose && s.state.Part == 0 && !s.low() }

// away reports whether Settings and Help are buttons on the last part.
func (s *sheet) away() bool { return s.apart || s.lines > 0 || s.sparse() }

// untouched reports whether the band has nothing to touch on this part.
func (s *sheet) untouched() bool { return s.low() || s.packed() || s.away() }

func (s *sheet) put(b Box) { s.boxes = append(s.boxes, b) }

// gap is the air between things, margin that at the edges.
func (s *sheet) gap() int {
	return [...]int{s.scale.Space(3), s.scale.Space(2), s.scale.Space(1) + s.scale.MM(0.2)}[s.air]
}

func (s *sheet) margin() int {
	if s.narrow() {
		return [...]int{s.scale.Space(4), s.scale.Space(3), s.scale.Space(2)}[s.air]
	}
	return [...]int{s.scale.Space(4), s.scale.Space(4), s.scale.Space(3)}[s.air]
}

// inset leaves the margins free. Those above and below give way first, so that
// words begin at the same place from page to page.
func (s *sheet) inset() {
	s.floor = s.free.Max.Y
	x, y := s.margin(), s.margin()
	if s.air == close {
		y = min(y, s.scale.Space(3))
	}
	if s.short {
		y -= y / 2
	}
	s.free.Min.X, s.free.Max.X = s.free.Min.X+x, s.free.Max.X-x
	s.free.Min.Y, s.free.Max.Y = s.free.Min.Y+y, s.free.Max.Y-y
}

// cutTop takes a strip off the top of what is free, and a gap with it.
func (s *sheet) cutTop(height, gap int) image.Rectangle {
	r := s.free
	r.Max.Y = r.Min.Y + height
	if height > s.free.Dy() {
		s.spoilt = true
	}
	s.free.Min.Y = min(s.free.Max.Y, r.Max.Y+gap)
	return r
}

// cutBottom takes a strip off the bottom.
func (s *sheet) cutBottom(height, gap int) image.Rectangle {
	r := s.free
	r.Min.Y = r.Max.Y - height
	if height > s.free.Dy() {
		s.spoilt = true
	}
	s.free.Max.Y = max(s.free.Min.Y, r.Min.Y-gap)
	return r
}

// block is text broken into lines, not yet placed.
type block struct {
	lines   []string
	px      int
	leading int
	weight  theme.Weight
	ink     theme.Style
	broken  bool // a word goes on in the next line, and it is not an address
}

func (b block) height() int { return len(b.lines) * b.leading }

func (b block) width() int {
	widest := 0
	for _, l := range b.lines {
		widest = max(widest, b.weight.Font().Width(l, b.px))
	}
	return widest
}

// fit is how many lines a height has room for.
func (b block) fit(height int) int {
	if len(b.lines) == 0 {
		return 0
	}
	return max(0, height) / b.leading
}

// from is some of the lines.
func (b block) from(first, end int) block {
	b.lines = b.lines[first:end]
	return b
}

// begun is the first lines, with a sign that there are more.
func (b block) begun(lines, width int) block {
	if len(b.lines) <= lines {
		return b
	}
	last := strings.Fields(b.lines[lines-1])
	for len(last) > 1 && b.weight.Font().Width(strings.Join(last, " ")+"…", b.px) > width {
		last = last[:len(last)-1]
	}
	b.lines = append(slices.Clone(b.lines[:lines-1]), strings.Join(last, " ")+"…")
	return b
}

// at places the lines below one another from a corner. The ink, from the top
// of capitals to the end of descenders, is in the middle of each line.
func (s *sheet) at(b block, x, y int) []Line {
	s.spoilt = s.spoilt || b.broken
	f := b.weight.Font()
	down := (b.leading-f.CapHeight(b.px)-f.Descent(b.px))/2 + f.CapHeight(b.px)
	var lines []Line
	for i, text := range b.lines {
		lines = append(lines, Line{text, x, y + i*b.leading + down, b.px, b.weight, b.ink})
	}
	return lines
}

// centred places the lines in the middle of a rectangle, capitals in the
// middle of their line.
func (b block) centred(r image.Rectangle) []Line {
	f := b.weight.Font()
	top := r.Min.Y + (r.Dy()-b.height())/2
	var lines []Line
	for i, text := range b.lines {
		x := r.Min.X + (r.Dx()-f.Width(text, b.px))/2
		y := min(top+i*b.leading+(b.leading+f.CapHeight(b.px))/2, r.Max.Y-f.Descent(b.px))
		lines = append(lines, Line{text, x, y, b.px, b.weight, b.ink})
	}
	return lines
}

// text breaks text of a type into a block.
func (s *sheet) text(text string, t theme.Type, w theme.Weight, ink theme.Style, width int) block {
	px := s.scale.Px(t)
	breakUp := unwidowed
	if t == theme.Title || t == theme.Hero {
		breakUp = balance
	}
	lines := breakUp(text, w.Font(), px, width)
	return block{lines, px, s.scale.Leading(px), w, ink, broken(text, lines)}
}

// word is one line of a type.
func (s *sheet) word(text string, t theme.Type, w theme.Weight, ink theme.Style) block {
	px := s.scale.Px(t)
	return block{[]string{text}, px, s.scale.Leading(px), w, ink, false}
}
