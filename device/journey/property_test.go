package journey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
	"unlockpoint/display/text"
)

// typedMark is what the properties type: it must not turn up in any text.
const typedMark = "831742"

// machine is a terminal to which anything may happen, and what was seen of it.
type machine struct {
	state   journey.State
	awaited journey.Effect // under way
	known   map[journey.PageID]bool
	fields  map[*display.Secret]journey.PageID // that were typed into, and where
}

func newMachine() *machine {
	m := &machine{state: journey.Start(site()), known: map[journey.PageID]bool{}, fields: map[*display.Secret]journey.PageID{}}
	for _, p := range journey.Pages() {
		m.known[p] = true
	}
	return m
}

// take lets an event happen and holds what comes of it to what always holds.
func (m *machine) take(t *rapid.T, ev journey.Event) {
	before := m.state.Session
	var effects []journey.Effect
	m.state, effects = m.state.Next(ev)
	if _, in := ev.(journey.CardIn); in != (m.state.Session == before+1) {
		t.Fatalf("%T made session %d of %d", ev, m.state.Session, before)
	}
	if _, out := ev.(journey.CardOut); out || m.state.Session != before {
		m.awaited = nil
	}
	for _, e := range awaited(effects) {
		if m.awaited != nil {
			t.Fatalf("%T was begun while %T was under way", e, m.awaited)
		}
		m.awaited = e
	}
	m.checkPage(t)
	m.checkWiped(t)
	m.checkHidden(t, ev)
}

// checkHidden holds that what was typed is not shown to who comes by later.
func (m *machine) checkHidden(t *rapid.T, ev journey.Event) {
	tick, _ := ev.(journey.Tick)
	if f := m.state.Field(); tick.Elapsed >= 5*time.Second && f != nil && f.CanShow && !f.Masked {
		t.Fatalf("on %s what was typed is shown after %v", m.state.Page, tick.Elapsed)
	}
}

// checkWiped holds that nothing typed outlives the page it was typed on, but for
// a few that all do their work together.
func (m *machine) checkWiped(t *rapid.T) {
	if f := m.state.Field(); f != nil && f.Value != nil {
		m.fields[f.Value] = m.state.Page
	}
	for secret, from := range m.fields {
		if secret.Len() > 0 && from != m.state.Base() && !mayOutlive(from, m.state.Base()) {
			t.Fatalf("what was typed on %s is still there on %s", from, m.state.Base())
		}
	}
}

// mayOutlive says on which pages what was typed on another still has a use.
func mayOutlive(from, on journey.PageID) bool {
	switch from {
	case journey.RegisterAnswer:
		return on == journey.RegisterQuestion
	case journey.ChangeOld:
		return on == journey.ChangeNew || on == journey.ChangeRepeat
	case journey.ChangeNew:
		return on == journey.ChangeRepeat
	case journey.UnlockPasscode:
		return on == journey.UnlockRepeat || on == journey.UnlockWorking || on == journey.UnlockFailed
	}
	return false
}

func (m *machine) checkPage(t *rapid.T) {
	page := pages.View(m.state)
	switch {
	case !m.known[m.state.Page]:
		t.Fatalf("%q is no page", m.state.Page)
	case page.Title == "" || strings.ContainsAny(page.Title, "{}"):
		t.Fatalf("%s has the title %q", page.ID, page.Title)
	case slices.ContainsFunc(page.Choices, func(c display.Choice) bool { return c.Key > "9" }):
		t.Fatalf("%s has %d choices, which is more than nine and a key for more", page.ID, len(page.Choices))
	case page.Aloud.On && !m.state.CanListen():
		t.Fatalf("%s is read aloud, though there is nothing to listen with", page.ID)
	case !waits(m.state) && len(page.Actions) == 0:
		t.Fatalf("%s leaves the person without anything to do", page.ID)
	}
	for _, said := range []string{text.Of(page), fmt.Sprintf("%+v", m.state), fmt.Sprintf("%#v", page)} {
		if strings.Contains(said, typedMark) {
			t.Fatalf("%s tells what was typed", page.ID)
		}
	}
}

func waits(s journey.State) bool {
	switch s.Page {
	case journey.Starting, journey.OutOfService, journey.Idle, journey.Reading, journey.ReaderMissing, journey.ReaderUnapproved, journey.TakeCard, journey.UnlockWorking:
		return true
	}
	return s.Busy()
}

func TestWhateverHappens(t *testing.T) { rapid.Check(t, whateverHappens) }

func FuzzWhateverHappens(f *testing.F) { f.Fuzz(rapid.MakeFuzz(whateverHappens)) }

func whateverHappens(t *rapid.T) {
	m := newMachine()
	m.take(t, journey.ReaderChanged{Present: true, Approved: true})
	m.take(t, journey.LinkChanged{Up: true})
	for range rapid.IntRange(1, 150).Draw(t, "events") {
		m.happen(t)
	}
	m.leftAlone(t)
}

// happen draws the next thing: mostly what makes sense, so that the far pages
// are reached, and now and then anything. Rapid draws small numbers more often.
func (m *machine) happen(t *rapid.T) {
	switch kind := rapid.IntRange(0, 19).Draw(t, "kind"); {
	case kind >= 14 && kind <= 16:
		m.take(t, rareEvent().Draw(t, "event"))
	case kind >= 17:
		got := rapid.SampledFrom(anyGot()).Draw(t, "got")
		m.end(t, m.state.Session+uint64(rapid.IntRange(0, 1).Draw(t, "other session")), got)
	case kind >= 10 && kind < 14:
		m.take(t, journey.Tick{Elapsed: 5 * time.Second})
	case m.awaited != nil:
		m.end(t, m.state.Session, m.reply(t))
	case m.state.Page == journey.Idle:
		m.take(t, journey.CardIn{})
	case m.state.Field() != nil && m.state.Field().Kind != display.ChoiceField:
		m.fill(t)
	default:
		m.take(t, pressed(rapid.SampledFrom([]string{display.Enter, "1", "3", "2", "0", "4"}).Draw(t, "key")))
	}
}

// end gives an outcome to the machine; only one of this session that fits
// what is under way ends it.
func (m *machine) end(t *rapid.T, session uint64, got journey.Got) {
	before := text.Of(pages.View(m.state))
	fits := session == m.state.Session && answers(m.awaited, got)
	if fits {
		m.awaited = nil
	}
	m.take(t, journey.Outcome{Session: session, Got: got})
	if after := text.Of(pages.View(m.state)); !fits && after != before {
		t.Fatalf("%T, which nobody waits for, changed\n%s\ninto\n%s", got, before, after)
	}
}

func (m *machine) fill(t *rapid.T) {
	text := rapid.SampledFrom([]string{"204816", typedMark, "Bara brith", "Tenby", "Mr Bun", "Elan", "a.b@nhs.net", "111111", "20481637"}).Draw(t, "typed")
	for range m.state.Field().Count() {
		m.take(t, pressed(display.Clear))
	}
	for _, ev := range typed(text) {
		m.take(t, ev)
	}
	m.take(t, pressed(display.Enter))
}

// leftAlone lets time go by until nothing changes any more: the terminal is
// then ready for the next person, or waits for the card to be taken. The
// reader's own keys have 15 minutes for a change of passcode, and somebody who
// asked for more time has 7.
func (m *machine) leftAlone(t *rapid.T) {
	for range 1200 {
		m.state, _ = m.state.Next(journey.Tick{Elapsed: time.Second})
	}
	m.checkPage(t)
	at := m.state.Page
	resting := []journey.PageID{journey.Idle, journey.TakeCard, journey.OutOfService, journey.ReaderMissing, journey.ReaderUnapproved, journey.Starting}
	if !slices.Contains(resting, at) {
		t.Fatalf("left alone, the terminal stays on %s", at)
	}
}
