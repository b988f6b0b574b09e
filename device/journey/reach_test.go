package journey_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/display"
	"unlockpoint/display/goldentest"
)

// place is somewhere that a person can be: a page, and the effect that is
// under way there.
type place struct {
	page  journey.PageID
	under string
}

// route leads to a place: the machine's start, and what happened since.
type route struct {
	rules journey.RuleSet
	past  []journey.Event
}

// routes are the shortest ways that the stories take to each place.
func routes() map[place]route {
	found := map[place]route{}
	for _, told := range stories() {
		s := begin(func(at place, way route) {
			if old, ok := found[at]; !ok || len(way.past) < len(old.past) {
				found[at] = route{way.rules, slices.Clone(way.past)}
			}
		})
		told.tell(s)
	}
	return found
}

// walk leads a new machine along the route.
func (r route) walk() journey.State {
	s := journey.Start(r.rules)
	for _, ev := range r.past {
		s, _ = s.Next(ev)
	}
	return s
}

// places in the order of Pages, so that goldens do not depend on a map.
func places(routes map[place]route) []place {
	var all []place
	for _, page := range journey.Pages() {
		first := len(all)
		for at := range routes {
			if at.page == page {
				all = append(all, at)
			}
		}
		slices.SortFunc(all[first:], func(a, b place) int { return strings.Compare(a.under, b.under) })
	}
	return all
}

func TestEveryPageIsInAStory(t *testing.T) {
	shown := map[journey.PageID]bool{journey.Updating: true} // updates have their own stories
	for at := range routes() {
		shown[at.page] = true
	}
	for _, page := range journey.Pages() {
		if !shown[page] {
			t.Errorf("no story shows %s", page)
		}
	}
}

// TestPulledAtEveryPage takes the card at every page.
func TestPulledAtEveryPage(t *testing.T) {
	found := routes()
	var told strings.Builder
	for _, at := range places(found) {
		s, effects := found[at].walk().Next(journey.CardOut{})
		fmt.Fprintf(&told, "%s\n", at)
		tellTurn(&told, "the card is pulled", s, effects)
		if s.Busy() || len(awaited(effects)) > 0 {
			t.Errorf("%s: something is waited for without a card", at)
		}
	}
	goldentest.Text(t, filepath.Join("testdata", "pulled-at-every-page.txt"), told.String(), *update)
}

// TestLinkLostAtEveryPage cuts the link at every page. What is under way then
// ends without an answer, and begins again by itself when the link is back.
func TestLinkLostAtEveryPage(t *testing.T) {
	found := routes()
	var told strings.Builder
	for _, at := range places(found) {
		s, effects := found[at].walk().Next(journey.LinkChanged{})
		fmt.Fprintf(&told, "%s\n", at)
		tellTurn(&told, "the link is lost", s, effects)
		for _, got := range failures(journey.LinkLost) {
			if answersNamed(at.under, got) {
				s, effects = s.Next(journey.Outcome{Session: s.Session, Got: got})
				tellTurn(&told, "central does not answer", s, effects)
			}
		}
		keeps := s.Page == journey.Offline || s.Page == journey.UnlockFailed && s.Problem == journey.LinkLost
		s, effects = s.Next(journey.LinkChanged{Up: true})
		tellTurn(&told, "the link is back", s, effects)
		if keeps && len(awaited(effects)) != 1 {
			t.Errorf("%s: when the link is back, it does not go on by itself", at)
		}
	}
	goldentest.Text(t, filepath.Join("testdata", "link-lost-at-every-page.txt"), told.String(), *update)
}

// tellTurn writes one event down in a line or two.
func tellTurn(w *strings.Builder, what string, s journey.State, effects []journey.Effect) {
	page := pages.View(s)
	fmt.Fprintf(w, "  %s: %s", what, page.ID)
	if s.Page == journey.RemovedEarly || s.Page == journey.Offline || s.Page == journey.UnlockFailed {
		fmt.Fprintf(w, ", %q", page.Body[0])
	}
	for _, e := range awaited(effects) {
		fmt.Fprintf(w, ", asks for %s", effectText(e))
	}
	w.WriteString("\n")
}

// String is the place as goldens name it.
func (p place) String() string {
	if p.under == "" {
		return string(p.page)
	}
	return string(p.page) + ", waiting for " + p.under
}

func awaited(effects []journey.Effect) []journey.Effect {
	return slices.DeleteFunc(slices.Clone(effects), journey.Aside)
}

// failures are all outcomes with one problem.
func failures(p journey.Problem) []journey.Got {
	return []journey.Got{
		journey.CardRead{Problem: p}, journey.LookedUp{Problem: p}, journey.Verified{Problem: p},
		journey.PasscodeChanged{Problem: p}, journey.RegistrationBegun{Problem: p}, journey.KeysMade{Problem: p}, journey.CaseShown{Problem: p},
		journey.AnswersTried{Problem: p}, journey.CodeChecked{Problem: p}, journey.Unlocked{Problem: p},
	}
}

func problems() []journey.Problem {
	return []journey.Problem{
		journey.LinkLost, journey.CardGone, journey.CardMute, journey.CardUnknown, journey.CardUnserved, journey.CardInUse,
		journey.CardFault, journey.ProofFailed, journey.Unregistered, journey.LockedOut, journey.FrozenCard, journey.CaseOpen,
		journey.NoCase, journey.HeldElsewhere, journey.TooSoon, journey.TooMany, journey.NoAddress, journey.BadAddress,
		journey.PUKUsedUp, journey.PUKDoubt, journey.Overspent, journey.PasscodeRule, journey.PadUntyped, journey.PadLength, journey.PadDiffer, journey.PadUseless, journey.Internal,
	}
}

// TestEveryProblemOfEveryEffectHasAPage ends every effect, wherever it may be
// under way, with every problem: the person is told something else than "wait"
// or the machine goes on by itself.
func TestEveryProblemOfEveryEffectHasAPage(t *testing.T) {
	tried := map[string]bool{}
	for at, way := range routes() {
		if at.under == "" {
			continue
		}
		for _, p := range problems() {
			for _, got := range failures(p) {
				if !answersNamed(at.under, got) {
					continue
				}
				s := way.walk()
				s, _ = s.Next(journey.Outcome{Session: s.Session, Got: got})
				tried[at.under] = true
				saysSomething(t, fmt.Sprintf("%s, %T, %s", at.page, got, p), s)
			}
		}
	}
	for _, e := range journey.Effects() {
		if name := effectName(e); !journey.Aside(e) && !tried[name] {
			t.Errorf("no story has %s under way", name)
		}
	}
}

func answersNamed(name string, got journey.Got) bool {
	return slices.ContainsFunc(journey.Effects(), func(e journey.Effect) bool {
		return effectName(e) == name && answers(e, got)
	})
}

func effectName(e journey.Effect) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", e), "journey.")
}

func saysSomething(t *testing.T, where string, s journey.State) {
	t.Helper()
	page := pages.View(s)
	if page.Title == "" || len(page.Body) == 0 {
		t.Errorf("%s: the page %s says nothing", where, page.ID)
	}
	if !waits(s) && !slices.ContainsFunc(page.Actions, func(a display.Action) bool { return a.Key == display.Enter }) {
		t.Errorf("%s: the page %s has no primary action", where, page.ID)
	}
}
