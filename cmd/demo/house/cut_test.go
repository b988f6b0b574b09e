package house_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/robot"
)

// cutting goes the same way with the link cut on every page: what a page
// needs central for waits on a page that says so, and goes on by itself.
func (s story) cutting(ways map[string]robot.Way) (map[string]robot.Way, *[]string) {
	waited := &[]string{}
	cut := maps.Clone(ways)
	for id, way := range ways {
		cut[id] = func(ctx context.Context, p *robot.Person, page robot.Page) error {
			if err := s.readMail(page); err != nil {
				return err
			}
			s.link(false)
			if err := way(ctx, p, page); err != nil {
				return err
			}
			if s.offline(page) {
				*waited = append(*waited, page.ID)
			}
			s.link(true)
			return s.online(ctx)
		}
	}
	return cut, waited
}

// readMail takes the code out of the mail before the link is cut: the mail
// comes another way.
func (s story) readMail(page robot.Page) error {
	if page.ID != "register.code" && page.ID != "unlock.code" {
		return nil
	}
	_, err := s.who.Code()
	return err
}

// offline waits for the page after seen, and says whether it says that
// there is no connection.
func (s story) offline(seen robot.Page) bool {
	s.Helper()
	p := s.page()
	for p.Same(seen) {
		var err error
		p, err = s.After(s.Context(), seen)
		s.ok(err)
	}
	switch p.ID {
	case "offline":
		s.shows("offline", "when the connection is back", "IT booth", "Try now")
	case "unlock.failed":
		s.shows("unlock.failed", "when the connection is back", "you type nothing again", "Try now")
	default:
		return false
	}
	return true
}

// online waits until the terminal has gone on by itself.
func (s story) online(ctx context.Context) error {
	p, err := s.Page(ctx)
	for err == nil && (p.ID == "offline" || p.ID == "unlock.failed") {
		p, err = s.After(ctx, p)
	}
	return err
}

// once counts how often a person met each page.
type once map[string]int

func (o once) see(p robot.Page, _ time.Duration) { o[p.ID+" "+p.Title+" "+p.Step]++ }

// The link is cut on every page of all three journeys: everybody comes to
// the end, and types nothing twice.
func TestLinkCutAtEveryPage(t *testing.T) {
	s := begin(t)
	seen := once{}
	s.who.Seen = seen.see
	s.insert()
	s.cutJourney(robot.Registering(), "register.done", "register.passcode", "register.answer", "register.email", "register.code")
	s.remove()
	s.ok(s.who.Block(t.Context()))
	s.insert()
	s.cutJourney(robot.Unlocking(), "unlock.done", "unlock.answer", "unlock.code", "unlock.repeat")
	s.unlocked()
	s.remove()
	for page, times := range seen {
		if times != 1 && !strings.HasPrefix(page, "reading") { // the card was put in twice
			t.Errorf("%s showed %d times", page, times)
		}
	}
	s.who.Passcode, s.who.NewPasscode = s.who.NewPasscode, "864209"
	s.insert()
	s.cutJourney(robot.Changing(), "change.done")
	s.unlocked()
}

// cutJourney goes to the end and checks which pages had to wait for central.
func (s story) cutJourney(ways map[string]robot.Way, goal string, wait ...string) {
	s.Helper()
	cut, waited := s.cutting(ways)
	s.to(goal, cut)
	if !slices.Equal(*waited, wait) {
		s.Errorf("to %s, central was waited for on %v, want %v", goal, *waited, wait)
	}
}

// Without the link a blocked card waits, and a working one has its menu.
func TestPutInWithoutTheLink(t *testing.T) {
	s := blocked(t)
	s.pull()
	s.link(false)
	s.insert()
	s.shows("offline", "Unlocking needs the central server", "use another terminal")
	s.link(true)
	s.shows("card.locked", start)
	s.pull()
	s.link(false)
	s.set("/cards/bryn/insert", struct{}{})
	s.shows("card.menu")
	s.press("2")
	s.enter("135791")
	s.shows("change.new")
	s.enter("604812")
	s.shows("change.repeat")
	s.enter("604812")
	s.shows("change.done")
	s.told("passcode.changed", 0)
	s.link(true)
	s.told("passcode.changed", 1)
}
