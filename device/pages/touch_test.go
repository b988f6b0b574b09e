package pages_test

import (
	"context"
	"image"
	"image/color"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

// blank is a panel that nobody looks at.
type blank struct{ image.Rectangle }

func (blank) String() string                                       { return "blank" }
func (blank) Halt() error                                          { return nil }
func (blank) ColorModel() color.Model                              { return color.RGBAModel }
func (b blank) Bounds() image.Rectangle                            { return b.Rectangle }
func (blank) Draw(image.Rectangle, image.Image, image.Point) error { return nil }

// hand is somebody at a panel.
type hand struct {
	*front.Front
	screen layout.Screen
}

// atPanel runs a story in a bubble of its own time.
func atPanel(t *testing.T, screen layout.Screen, story func(*testing.T, hand)) {
	synctest.Test(t, func(t *testing.T) {
		h := hand{front.New(blank{screen.Bounds()}, screen, front.Patience{}, nil), screen}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.Run(ctx) }()
		story(t, h)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// sees shows a page; it stands for a moment.
func (h hand) sees(p display.Page, stands time.Duration) {
	h.Show(p)
	synctest.Wait()
	time.Sleep(stands)
}

func (h hand) touch(phase display.Phase, at image.Point) {
	h.Touch(display.Touch{Phase: phase, X: at.X, Y: at.Y})
	synctest.Wait()
}

func (h hand) taps(at image.Point) {
	h.touch(display.Down, at)
	time.Sleep(20 * time.Millisecond)
	h.touch(display.Up, at)
}

// said is what came out since it was asked last.
func (h hand) said() []display.Input {
	var all []display.Input
	for {
		synctest.Wait()
		select {
		case in := <-h.Inputs():
			all = append(all, in)
		default:
			return all
		}
	}
}

// keys are the boxes that press one.
func keys(l layout.Layout) []layout.Box {
	var all []layout.Box
	for _, b := range l.Boxes {
		if b.Target.Does == typing.Presses {
			all = append(all, b)
		}
	}
	return all
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// TestADoubleTapIsOneTapOnEveryPage taps twice on every key of the tours, while
// what it brings comes up between. A slow second tap never ends a journey.
func TestADoubleTapIsOneTapOnEveryPage(t *testing.T) {
	for _, screen := range []layout.Screen{layouttest.Large(), layouttest.Small()} {
		taps := 0
		for _, r := range led("en") {
			for _, step := range r.steps {
				for _, b := range keys(layout.Of(step.before, screen, typing.State{})) {
					if b.Target.Key == step.key && step.key != display.Clear {
						taps++
						tapsTwice(t, screen, step, middle(b.Rect))
					}
				}
			}
		}
		if taps < 80 {
			t.Errorf("only %d keys were tapped on", taps)
		}
	}
}

func tapsTwice(t *testing.T, screen layout.Screen, s step, at image.Point) {
	atPanel(t, screen, func(t *testing.T, h hand) {
		h.sees(s.before, 2*time.Second)
		h.taps(at)
		if got := h.said(); len(got) != 1 || got[0].Key != s.key {
			t.Fatalf("%s: a tap on %s gives %+v", s.before.ID, s.key, got)
		}
		h.sees(s.after, 100*time.Millisecond)
		h.taps(at)
		if got := h.said(); len(got) > 0 {
			t.Errorf("%s (%q): the second tap on %s gives %+v", s.before.ID, s.after.Doing, s.key, got)
		}
		time.Sleep(500 * time.Millisecond)
		h.taps(at)
		if got := h.said(); len(got) > 0 && got[0].Key == display.Cancel && s.key != display.Cancel {
			t.Errorf("%s (%q): a slow second tap on %s ends it", s.before.ID, s.after.Doing, s.key)
		}
	})
}

// TestNoFingerActsOnWhatItDidNotSee changes each page under a finger into every
// other state that the tours have of it.
func TestNoFingerActsOnWhatItDidNotSee(t *testing.T) {
	for _, screen := range []layout.Screen{layouttest.Large(), layouttest.Small()} {
		changes := map[string]bool{}
		for _, states := range statesOfPages(screen) {
			for _, before := range states {
				for _, after := range states {
					for _, b := range keys(before.layout) {
						now := after.says(middle(b.Rect))
						what := before.ID + ": from " + said(b) + " to " + now
						if now != "" && now != said(b) && !changes[what] {
							changes[what] = true
							changesUnder(t, screen, before, after, middle(b.Rect))
						}
					}
				}
			}
		}
		if len(changes) < 30 {
			t.Errorf("only %d things changed under a finger", len(changes))
		}
	}
}

// state is a page, laid out.
type state struct {
	display.Page
	layout layout.Layout
}

// statesOfPages are all pages of the tours, by their ids.
func statesOfPages(screen layout.Screen) map[string][]state {
	all := map[string][]state{}
	add := func(p display.Page) { all[p.ID] = append(all[p.ID], state{p, layout.Of(p, screen, typing.State{})}) }
	for _, r := range led("en") {
		for _, p := range r.pictures {
			add(p.page)
		}
		for _, s := range r.steps {
			add(s.before)
			add(s.after)
		}
	}
	return all
}

func said(b layout.Box) string {
	all := b.Target.String()
	for _, l := range b.Lines {
		all += " " + l.Text
	}
	return all
}

// says is what there is to touch at a place, or nothing.
func (s state) says(at image.Point) string {
	if i := s.layout.At(at.X, at.Y); i >= 0 {
		return said(s.layout.Boxes[i])
	}
	return ""
}

func changesUnder(t *testing.T, screen layout.Screen, before, after state, at image.Point) {
	atPanel(t, screen, func(t *testing.T, h hand) {
		after.Session = before.Session
		h.sees(before.Page, time.Second)
		h.touch(display.Down, at)
		h.sees(after.Page, time.Second)
		h.touch(display.Up, at)
		if got := h.said(); len(got) > 0 {
			t.Errorf("%s: the finger went down on %q and came up as %+v", before.ID, before.says(at), got)
		}
	})
}
