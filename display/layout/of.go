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
// goes to further parts, then keys take the whole width, and only then text
// gets smaller. On a narrow panel text gets smaller too before choices fall
// into many parts.
// Where a panel has no room for all that is touched in its lower half, it is
// where it is otherwise.
func Of(page display.Page, s Screen, state typing.State) Layout {
	if page.Saver > 0 {
		return saver(page, s)
	}
	l := best(page, s, state)
	if page.Look.Low && !l.Fits {
		page.Look.Low = false
		l = best(page, s, state)
	}
	return l
}

func best(page display.Page, s Screen, state typing.State) Layout {
	var l Layout
	for _, p := range plans(page) {
		if l = draft(page, s, state, p); l.Fits && !scattered(page, l) {
			return l
		}
	}
	return l
}

// scattered reports whether large text cost a narrow panel more than it is
// worth. What there is to read may take as many parts as it needs, but people
// compare choices: these may take twice as many as in normal text.
func scattered(page display.Page, l Layout) bool {
	if !l.Screen.narrow() || l.Text <= 100 || len(page.Choices) < 2 {
		return false
	}
	page.Look.TextScale = 100
	return l.Parts > 2*Of(page, l.Screen, typing.State{}).Parts
}

// plans are the ways to place a page, best first.
func plans(page display.Page) []plan {
	var all []plan
	for text := page.Look.Scale(); text >= 70; text = smaller(text) {
		all = append(all,
			plan{text: text},
			plan{text: text, air: close},
			plan{text: text, air: tight},
			plan{text: text, air: close, short: true},
			plan{text: text, air: tight, short: true},
			plan{text: text, air: close, short: true, more: true},
			plan{text: text, air: tight, short: true, more: true},
			plan{text: text, air: tight, more: true},
			plan{text: text, air: tight, short: true, more: true, few: true})
		for p := dense; p <= packings(page); p++ {
			all = append(all, plan{text: text, air: tight, short: true, more: true, pack: p})
		}
	}
	return all
}

// packings is the last way to pack a page: all, terse or none.
func packings(page display.Page) packing {
	switch types := typing.TakesText(page.Field) || typing.TakesDigits(page.Field); {
	case !types || page.Look.Low:
		return loose
	case page.Error == "":
		return terse
	}
	return bare
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
