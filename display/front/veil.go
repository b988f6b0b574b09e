package front

import (
	"time"

	"unlockpoint/display"
)

// cloth covers a private page that nobody has touched for a while.
type cloth struct {
	after   time.Duration // 0: never
	touched time.Time
	down    bool
}

// lift takes it off, if it is down: somebody is there.
func (c *cloth) lift(now time.Time) (was bool) {
	was = c.down
	c.down, c.touched = false, now
	return was
}

// over is the page as people see it now.
func (c *cloth) over(p display.Page) display.Page {
	if !c.down {
		return p
	}
	return Covered(p)
}

// Covered is what people see in the place of a page that is covered.
func Covered(p display.Page) display.Page {
	return display.Page{ID: p.ID, Title: p.Words.Covered, Body: []string{p.Words.Why},
		Session: p.Session, Status: p.Status, Look: p.Look, Words: p.Words}
}

// watch sets the time until the page is covered.
func (s *stage) watch(now time.Time) {
	s.alone.Stop()
	if s.page.Private && !s.veil.down && s.veil.after > 0 {
		s.alone.Reset(s.veil.after - now.Sub(s.veil.touched))
	}
}

// cover hides the page, in both buffers. A finger that lies on the glass is
// forgotten.
func (s *stage) cover() error {
	s.veil.down, s.finger = true, finger{}
	err := s.draw()
	s.overpaint()
	return err
}

// types reports whether an event is a character for the field. One that lifts
// the veil is typed as well: nothing is done with it that the person does not
// see. Anything else only lifts it.
func types(e display.Event, f *display.Field) bool {
	if f == nil || f.Kind == display.ChoiceField {
		return false
	}
	return e.Rune != 0 || len(e.Key) == 1 && e.Key[0] >= '0' && e.Key[0] <= '9'
}
