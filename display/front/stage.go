package front

import (
	"image"
	"reflect"
	"time"

	panel "periph.io/x/conn/v3/display"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/paint"
	"unlockpoint/display/typing"
)

// stage is what Run's goroutine owns.
type stage struct {
	panel   panel.Drawer
	painter *paint.Painter
	screen  layout.Screen
	speaker Speaker

	page   display.Page
	shown  bool
	veil   cloth
	fresh  fresh
	start  time.Time // the moment multi-tap counts from
	state  typing.State
	layout layout.Layout
	finger finger
	acted  acted

	frame, last *image.RGBA // what is being painted, what the panel shows
	damage      []image.Rectangle
	pending     []display.Input // never more than there was room for from the start, so that none are left behind
	calls       []chan time.Time
	alone       *time.Timer // until nobody has touched the page for too long
	nobody      chan bool   // see Front.Alone
}

func newStage(drawer panel.Drawer, screen layout.Screen, wait Patience, speaker Speaker) *stage {
	now := time.Now()
	return &stage{
		veil: cloth{Patience: wait}, alone: time.NewTimer(time.Hour),
		pending: make([]display.Input, 0, backlog),
		panel:   drawer, painter: paint.New(), screen: screen, speaker: speaker, start: now,
		frame: image.NewRGBA(screen.Bounds()), last: image.NewRGBA(screen.Bounds()),
	}
}

// show puts a page on the panel, unless it is there: a terminal that waits is
// told the same page again and again.
func (s *stage) show(page display.Page, now time.Time) error {
	if s.shown && reflect.DeepEqual(page, s.page) {
		wipe(page)
		return nil
	}
	before, there := s.page, s.layout
	s.page = page
	other := !s.shown || another(before, page)
	if other {
		s.state, s.finger, there = typing.State{}, finger{}, layout.Layout{}
		s.lift(now)
	}
	err := s.draw()
	s.fresh = s.fresh.add(now, news(there, s.layout)...)
	s.speaker.Show(page, s.state.Layer)
	wipe(before)
	switch {
	case other && before.Private:
		s.overpaint()
	case before.Private:
		copy(s.frame.Pix, s.last.Pix) // what was shown of the field a moment ago
	}
	return err
}

// another reports whether a page asks something else than the one before, and
// does not just look different: the next question has the same id.
func another(before, page display.Page) bool {
	return before.ID != page.ID || before.Title != page.Title || before.Step != page.Step || before.Session != page.Session
}

// draw places and paints the page and sends what changed. A finger means
// nothing any more if what it lies on went away.
func (s *stage) draw() error {
	s.layout = layout.Of(s.veil.over(s.page), s.screen, s.state)
	under := s.finger.box(s.layout)
	if under == 0 {
		s.finger = finger{}
	}
	if s.finger.inside {
		s.layout.Touch = under
	}
	s.painter.Paint(s.layout, s.frame)
	if !s.shown {
		s.damage = append(s.damage[:0], s.screen.Bounds())
	} else {
		s.damage = paint.AppendDamage(s.damage[:0], s.last, s.frame)
	}
	for _, r := range s.damage {
		if err := s.panel.Draw(r, s.frame, r.Min); err != nil {
			return err
		}
	}
	s.shown = true
	s.frame, s.last = s.last, s.frame
	return nil
}

// overpaint leaves no trace of a private page: in the other buffer, in what the
// painter keeps, in what was touched last.
func (s *stage) overpaint() {
	copy(s.frame.Pix, s.last.Pix)
	s.painter.Forget()
	if s.acted.on.target.Does != typing.Presses {
		s.acted = acted{}
	}
}

// leave forgets everything that was shown.
func (s *stage) leave() {
	wipe(s.page)
	clear(s.last.Pix)
	s.overpaint()
	clear(s.pending[:cap(s.pending)])
}

// happen works out what an event means.
func (s *stage) happen(e display.Event, now time.Time) error {
	if !s.shown {
		return nil
	}
	if does(e) {
		s.speaker.Hush()
	}
	if s.lift(now) {
		err := s.draw()
		s.fresh = s.fresh.add(now, s.screen.Bounds())
		if err != nil || !types(e, s.page.Field) && !s.hears(e) {
			return err
		}
	}
	switch {
	case e.Touch != nil:
		return s.touch(*e.Touch, now)
	case e.Key != "":
		return s.press(e.Key, now)
	case e.Rune != 0:
		state, inputs := s.state.Type(e.Rune, s.page.Field)
		return s.did(state, inputs)
	}
	return nil
}

// press reads a key of the pad. Where there is nothing to clear, Clear turns
// the page, and says it once more.
func (s *stage) press(key string, now time.Time) error {
	idle := key == display.Clear && s.page.Field.Count() == 0
	if idle {
		s.speaker.Again()
	}
	if idle && s.layout.Parts > 1 {
		return s.did(s.state.Touch(s.layout.Next(), s.page.Field))
	}
	return s.did(s.state.Press(key, s.page.Field, now.Sub(s.start)))
}

// did takes note of what came out, and draws again if it looks different.
func (s *stage) did(state typing.State, inputs []display.Input) error {
	for _, in := range inputs {
		if in.Rune != 0 || in.Key == display.Clear {
			state.Part = 0 // the field is there: who types or deletes sees it
		}
		if len(s.pending) < backlog {
			s.pending = append(s.pending, in)
		}
	}
	if state.Layer != s.state.Layer {
		s.speaker.Show(s.page, state.Layer)
	}
	looks := state.Layer != s.state.Layer || state.Group != s.state.Group || state.Part != s.state.Part
	s.state = state
	if !looks {
		return nil
	}
	return s.draw()
}
