package front

import (
	"image"
	"slices"
	"strings"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/typing"
)

// together is how far apart the fingers of one hand land that leans on the
// glass. Two thumbs that type take longer.
const together = 80 * time.Millisecond

// linger is how long a trembling hand may take to come again. What ends a
// journey waits for that, where something else was touched before.
const linger = time.Second

// thing is something on the page to touch: what it does, where, and what it
// says that it does.
type thing struct {
	target layout.Target
	rect   image.Rectangle
	words  string
}

func thingOf(b layout.Box) thing {
	words := make([]string, len(b.Lines))
	for i, l := range b.Lines {
		words[i] = l.Text
	}
	return thing{b.Target, b.Rect, strings.Join(words, " ")}
}

// things are all there are to touch.
func things(l layout.Layout) []thing {
	var all []thing
	for _, b := range l.Boxes {
		if b.Target.Does != typing.Nothing {
			all = append(all, thingOf(b))
		}
	}
	return all
}

// finger is the first finger on the panel.
type finger struct {
	down   bool
	on     thing // what it went down on
	inside bool  // it is still there
	since  time.Time
}

// box is which box the finger went down on, as Layout counts them; 0 if it is
// there no more.
func (f finger) box(l layout.Layout) int {
	if !f.down {
		return 0
	}
	return 1 + slices.IndexFunc(l.Boxes, func(b layout.Box) bool { return thingOf(b) == f.on })
}

// acted is the last thing that did something.
type acted struct {
	on thing
	at time.Time
}

// again reports whether a touch is the second of a double touch. Letters and
// Clear may come twice in quick succession; what leads on may not.
func (a acted) again(next thing, at image.Point, now time.Time) bool {
	since := now.Sub(a.at)
	if next.target == a.on.target {
		return next.target.Does == typing.Presses && next.target.Key != display.Clear && since < settle
	}
	return next.target.Key == display.Cancel && at.In(a.on.rect) && since < linger
}

// touch follows the first finger: it acts when it goes up where it went down.
func (s *stage) touch(t display.Touch, now time.Time) error {
	before := s.finger
	at := image.Pt(t.X, t.Y)
	switch {
	case t.Finger != 0:
		if t.Phase == display.Down && now.Sub(s.finger.since) < together {
			s.finger = finger{}
		}
	case t.Phase == display.Down:
		s.finger = s.begin(at, now)
	case t.Phase == display.Move:
		s.finger.inside = s.finger.down && at.In(s.finger.on.rect)
	default:
		s.finger = finger{}
	}
	if err := s.feedback(before); err != nil {
		return err
	}
	if t.Finger == 0 && t.Phase == display.Up && before.down && at.In(before.on.rect) {
		return s.act(before.on, now)
	}
	return nil
}

// begin is a finger going down.
func (s *stage) begin(at image.Point, now time.Time) finger {
	if s.finger.down {
		return s.finger
	}
	i := s.layout.At(at.X, at.Y)
	if i < 0 || s.fresh.has(at, now) {
		return finger{}
	}
	on := thingOf(s.layout.Boxes[i])
	if s.acted.again(on, at, now) {
		return finger{}
	}
	return finger{down: true, inside: true, on: on, since: now}
}

// feedback shows the target under the finger as pressed.
func (s *stage) feedback(before finger) error {
	if before == s.finger {
		return nil
	}
	return s.draw()
}

// act does what the thing does. What that brings up in its place is not for the
// same finger, but for the next set of characters.
func (s *stage) act(on thing, now time.Time) error {
	there := s.layout
	s.acted = acted{on, now}
	err := s.did(s.state.Touch(on.target, s.page.Field))
	if on.target.Does != typing.Changes && slices.ContainsFunc(news(there, s.layout), on.rect.Overlaps) {
		s.fresh = s.fresh.add(now, on.rect)
	}
	return err
}
