package front

import (
	"image"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/typing"
)

// finger is the first finger on the panel.
type finger struct {
	down   bool
	target image.Rectangle // what it went down on
	inside bool            // it is still there
}

// box is which box to show as pressed, as Layout counts them.
func (f finger) box(l layout.Layout) int {
	if !f.down || !f.inside {
		return 0
	}
	for i, b := range l.Boxes {
		if b.Rect == f.target {
			return i + 1
		}
	}
	return 0
}

// acted is the last target that did something.
type acted struct {
	target layout.Target
	at     time.Time
}

// again reports whether a touch is the second of a double touch. Letters and
// Clear may come twice in quick succession; what leads on may not.
func (a acted) again(target layout.Target, now time.Time) bool {
	return target == a.target && target.Does == typing.Presses && target.Key != display.Clear && now.Sub(a.at) < settle
}

// touch follows the first finger: it acts when it goes up where it went down.
func (s *stage) touch(t display.Touch, now time.Time) error {
	if t.Finger != 0 {
		return nil
	}
	before := s.finger
	at := image.Pt(t.X, t.Y)
	switch t.Phase {
	case display.Down:
		s.finger = s.begin(at, now)
	case display.Move:
		s.finger.inside = s.finger.down && at.In(s.finger.target)
	case display.Up, display.Lost:
		s.finger = finger{}
	}
	if err := s.feedback(before); err != nil {
		return err
	}
	if t.Phase == display.Up && before.down && at.In(before.target) {
		return s.act(at, now)
	}
	return nil
}

// begin is a finger going down; too soon after another page it means nothing.
func (s *stage) begin(at image.Point, now time.Time) finger {
	if s.finger.down || now.Sub(s.since) < settle {
		return s.finger
	}
	i := s.layout.At(at.X, at.Y)
	if i < 0 || s.acted.again(s.layout.Boxes[i].Target, now) {
		return finger{}
	}
	return finger{down: true, inside: true, target: s.layout.Boxes[i].Rect}
}

// feedback shows the target under the finger as pressed.
func (s *stage) feedback(before finger) error {
	if before == s.finger {
		return nil
	}
	return s.draw()
}

// act does what the target under the finger does.
func (s *stage) act(at image.Point, now time.Time) error {
	target, ok := s.layout.Hit(at.X, at.Y)
	if !ok {
		return nil
	}
	s.acted = acted{target, now}
	return s.did(s.state.Touch(target, s.page.Field))
}
