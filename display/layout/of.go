package layout

import (
	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// Of places a page on a screen. State says which layer of the keyboard, which
// group of letters and which part of the page is in sight.
//
// Text is as large as the person asked for, if that is possible at all: first
// air is given up, then the title moves into the band, then what matters less
// goes to further parts, then keys take the whole width, and Settings and Help
// the last part. Only then text gets smaller.
func Of(page display.Page, s Screen, state typing.State) Layout {
	if page.Saver > 0 {
		return saver(page, s)
	}
	part := state.Part
	state.Part = 0
	first, p := best(page, s, state)
	if part == 0 {
		return first
	}
	state.Part = part
	return draft(page, s, state, p)
}

// All is every part of a page.
func All(page display.Page, s Screen) []Layout {
	first, p := best(page, s, typing.State{})
	all := []Layout{first}
	for part := 1; part < first.Parts; part++ {
		all = append(all, draft(page, s, typing.State{Part: part}, p))
	}
	return all
}

// best is the first part, as the first plan has it that it fits.
func best(page display.Page, s Screen, state typing.State) (l Layout, p plan) {
	for _, p = range plans(page) {
		if l = draft(page, s, state, p); l.Fits {
			break
		}
	}
	return l, p
}

// plans are the ways to place a page, best first.
func plans(page display.Page) []plan {
	var all []plan
	for text := page.Look.Scale(); text >= 70; text = smaller(text) {
		more := plan{text: text, air: tight, short: true, more: true}
		few := more
		few.few = true
		all = append(all,
			plan{text: text},
			plan{text: text, air: close},
			plan{text: text, air: tight},
			plan{text: text, air: close, short: true},
			plan{text: text, air: tight, short: true},
			plan{text: text, air: close, short: true, more: true},
			more,
			plan{text: text, air: tight, more: true},
			few)
		if types(page) {
			all = append(all, packed(more, page.Error != "")...)
		} else {
			all = append(all, apart(few, page.Look.Low)...)
		}
	}
	return all
}

// packed are the ways to leave the keys of a page with a field more and more
// room.
func packed(p plan, error bool) []plan {
	last := terse
	if error {
		last = bare
	}
	var all []plan
	for p.pack = dense; p.pack < last; p.pack++ {
		all = append(all, p)
	}
	for _, p.lines = range []int{0, 3, 2, 1} {
		all = append(all, p)
	}
	return all
}

// apart are the ways to give each thing on a page without a field its part.
func apart(p plan, low bool) []plan {
	p.apart = true
	all := []plan{p}
	if p.told = low; low {
		all = append(all, p)
	}
	return all
}

// types reports whether there is something to type on a page.
func types(page display.Page) bool {
	return typing.TakesText(page.Field) || typing.TakesDigits(page.Field)
}

// smaller steps down without skipping 100: what fits in the normal size
// must not become smaller than that.
func smaller(text int) int {
	if text > 100 {
		return max(100, text-12)
	}
	return text - 10
}

// draft tries a plan.
func draft(page display.Page, screen Screen, state typing.State, p plan) Layout {
	s := framed(page, screen, state, p)
	parts := s.content()
	if s.low() && !s.reachable() {
		s.spoilt = true
	}
	return Layout{
		Screen: screen, Look: page.Look, Boxes: s.boxes, Field: page.Field,
		Part: min(state.Part, parts-1), Parts: parts, Text: p.text, Fits: !s.spoilt,
	}
}
