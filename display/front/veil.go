package front

import (
	"time"

	"unlockpoint/display"
)

// Patience is how long a page stands untouched before it is covered; 0 is for
// ever.
type Patience struct {
	Veil  time.Duration // one that others should not read
	Saver time.Duration // one that waits for whoever comes, and would burn in
}

// Patient is how terminals are: people look over shoulders, and walk away.
func Patient() Patience { return Patience{Veil: 10 * time.Second, Saver: 5 * time.Minute} }

// wander is how long the words of the saver stay where they are.
const wander = time.Minute

// cloth covers a page that nobody has touched for a while.
type cloth struct {
	Patience
	touched time.Time
	laid    int // how often since then; the saver is laid again and again
	place   int // where the saver's words are
}

// lift takes it off, if it is down: somebody is there.
func (c *cloth) lift(now time.Time) (was bool) {
	was = c.laid > 0
	c.laid, c.touched = 0, now
	return was
}

func (c *cloth) lay() {
	c.laid++
	c.place++
}

// due is when the page is to be covered, or its words moved.
func (c *cloth) due(p display.Page) (time.Time, bool) {
	switch {
	case p.Private && c.Veil > 0:
		return c.touched.Add(c.Veil), c.laid == 0
	case p.Stands && c.Saver > 0:
		return c.touched.Add(c.Saver + time.Duration(c.laid)*wander), true
	}
	return time.Time{}, false
}

// over is the page as people see it now.
func (c *cloth) over(p display.Page) display.Page {
	switch {
	case c.laid == 0:
		return p
	case p.Private:
		return Covered(p)
	}
	return Saved(p, c.place)
}

// Covered is what people see in the place of a page that is covered.
func Covered(p display.Page) display.Page {
	return display.Page{ID: p.ID, Title: p.Words.Covered, Body: []string{p.Words.Why},
		Session: p.Session, Status: p.Status, Look: p.Look, Words: p.Words}
}

// Saved is what people see in the place of a page that has stood for long: its
// title, at one of many places, from 1.
func Saved(p display.Page, place int) display.Page {
	return display.Page{ID: p.ID, Title: p.Title, Card: p.Card, Saver: place, Session: p.Session, Look: p.Look}
}

// lift takes veil or saver off, if one is down: somebody is there.
func (s *stage) lift(now time.Time) (was bool) {
	was = s.veil.lift(now)
	if was {
		s.tell(false)
	}
	return was
}

// tell says whether nobody is there; the newest word wins.
func (s *stage) tell(alone bool) {
	select {
	case <-s.nobody:
	default:
	}
	s.nobody <- alone
}

// watch sets the time until the page is covered.
func (s *stage) watch(now time.Time) {
	s.alone.Stop()
	if at, ok := s.veil.due(s.page); ok {
		s.alone.Reset(at.Sub(now))
	}
}

// cover hides the page, in both buffers. A finger that lies on the glass is
// forgotten.
func (s *stage) cover() error {
	s.veil.lay()
	if !s.page.Private {
		s.tell(true)
	}
	s.finger = finger{}
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
