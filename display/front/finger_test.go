package front

import (
	"bytes"
	"image"
	"slices"
	"testing"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

func TestATapActsWhenTheFingerGoesUp(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key Enter"), 0)
		b.expect()
		b.touch(display.Up, b.at("key Enter"), 0)
		b.expect(display.Input{Key: display.Enter})
	})
}

func TestAFingerThatSlidesAwayMeansNothing(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key Enter"), 0)
		b.touch(display.Move, b.at("key Cancel"), 0)
		b.touch(display.Up, b.at("key Cancel"), 0)
		b.expect()
	})
}

func TestASecondFingerMeansNothing(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key Enter"), 0)
		time.Sleep(together)
		b.touch(display.Down, b.at("key Cancel"), 1)
		b.touch(display.Up, b.at("key Cancel"), 1)
		b.touch(display.Up, b.at("key Enter"), 0)
		b.expect(display.Input{Key: display.Enter})
	})
}

func TestAHandThatLeansOnTheGlassMeansNothing(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key Enter"), 0)
		time.Sleep(together / 2)
		b.touch(display.Down, b.at("key Cancel"), 1)
		time.Sleep(time.Second)
		b.touch(display.Up, b.at("key Enter"), 0)
		b.touch(display.Up, b.at("key Cancel"), 1)
		b.expect()
	})
}

func TestAFingerThePanelLosesMeansNothing(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key Enter"), 0)
		b.touch(display.Lost, b.at("key Enter"), 0)
		b.touch(display.Up, b.at("key Enter"), 0)
		b.expect()
	})
}

func TestTheSecondTapOfADoubleTapDoesNotReachTheNextPage(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.tap("key Enter")
		b.show(sample("unlock.done"))
		time.Sleep(200 * time.Millisecond)
		b.tap("key Enter")
		b.expect(display.Input{Key: display.Enter})
		time.Sleep(50 * time.Millisecond)
		b.tap("key Enter")
		b.expect(display.Input{Key: display.Enter})
	})
}

func TestADoubleTapOnAnActionIsOneTap(t *testing.T) {
	with(t, "code.where", func(b *bench) {
		b.tap("key 1")
		time.Sleep(150 * time.Millisecond)
		b.tap("key 1")
		b.expect(display.Input{Key: "1"})
		time.Sleep(150 * time.Millisecond)
		b.tap("key 1")
		b.expect(display.Input{Key: "1"})
	})
}

func TestADoubleTapOnALetterIsTwoLetters(t *testing.T) {
	with(t, "register.answer", func(b *bench) {
		b.tap("type l")
		b.tap("type l")
		b.expect(display.Input{Rune: 'l'}, display.Input{Rune: 'l'})
	})
}

func TestTheNextQuestionIsAnotherPageThoughItsIdIsTheSame(t *testing.T) {
	with(t, "register.question", func(b *bench) {
		next := sample("register.question")
		next.Title = "Choose question 2 of 4"
		b.tap("key 1")
		b.show(next)
		b.tap("key 2")
		b.expect(display.Input{Key: "1"})
	})
}

func TestTheSamePageAgainDoesNotMakeTouchesWait(t *testing.T) {
	with(t, "unlock.code", func(b *bench) {
		b.tap("type 1")
		b.show(sample("unlock.code"))
		b.tap("type 2")
		b.expect(display.Input{Rune: '1'}, display.Input{Rune: '2'})
	})
}

func TestAFingerDownShowsOnTheTarget(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		before := bytes.Clone(b.glass.pixels.Pix)
		b.touch(display.Down, b.at("key Enter"), 0)
		if bytes.Equal(before, b.glass.pixels.Pix) {
			t.Error("nothing shows")
		}
		b.touch(display.Up, b.at("key Enter"), 0)
		if !bytes.Equal(before, b.glass.pixels.Pix) {
			t.Error("it still shows")
		}
		b.inputs()
	})
}

// A page that is busy now has Stop where the way on was.
func TestWhatComesUpUnderADoubleTapIsNotTouched(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.tap("key Enter")
		b.expect(display.Input{Key: display.Enter})
		busy := b.page
		busy.Doing, busy.Body = "Sending the code", nil
		busy.Actions = []display.Action{{Key: display.Cancel, Label: "Stop"}}
		before := b.at("key Enter")
		b.show(busy)
		stop := b.box("key Cancel")
		if !before.In(stop) {
			t.Fatalf("Stop is at %v, not at %v: this test shows nothing", stop, before)
		}
		for _, after := range []time.Duration{100 * time.Millisecond, 500 * time.Millisecond} {
			time.Sleep(after)
			b.tapAt(before)
			b.expect()
		}
		time.Sleep(time.Second - 600*time.Millisecond)
		b.tapAt(before)
		b.expect(display.Input{Key: display.Cancel})
	})
}

func TestOneWhoMeansToStopMayDoSoElsewhere(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		b.touch(display.Down, b.at("key *"), 0)
		b.touch(display.Up, b.at("key *"), 0)
		time.Sleep(settle)
		b.tap("key Cancel")
		b.expect(display.Input{Key: display.Settings}, display.Input{Key: display.Cancel})
	})
}

// TestWhatIsNewToTouchIsNotTouchedYet though the page is the same, and what has
// been there is.
func TestWhatIsNewToTouchIsNotTouchedYet(t *testing.T) {
	with(t, "settings", func(b *bench) {
		more := b.page
		more.Choices = append(slices.Clone(more.Choices), display.Choice{Key: "7", Label: "Silent"})
		more.Choices[1].Label = "Colours as usual"
		b.show(more)
		b.tap("key 2")
		b.tap("key 7")
		b.expect()
		b.tap("key 3")
		b.expect(display.Input{Key: "3"})
		time.Sleep(settle)
		b.tap("key 7")
		b.expect(display.Input{Key: "7"})
	})
}

// TestAFingerMeansWhatItWentDownOn, or nothing, if the page changes under it.
func TestAFingerMeansWhatItWentDownOn(t *testing.T) {
	with(t, "settings", func(b *bench) {
		page := b.page
		other, moved, same := page, page, page
		other.Choices = slices.Clone(page.Choices)
		other.Choices[1].Label = "Something else"
		moved.Choices = page.Choices[1:]
		same.SecondsLeft = 7
		for name, now := range map[string]display.Page{"other": other, "moved": moved, "same": same} {
			b.show(page)
			time.Sleep(linger)
			at := b.at("key 2")
			b.touch(display.Down, at, 0)
			b.show(now)
			b.touch(display.Up, at, 0)
			if got := len(b.inputs()); (got == 1) != (name == "same") {
				t.Errorf("%s: %d inputs came out", name, got)
			}
		}
	})
}

func TestADoubleTapTurnsOnePart(t *testing.T) {
	with(t, "idle", func(b *bench) {
		page := sample("code.where")
		page.Look.TextScale = 170
		b.show(page)
		time.Sleep(time.Second)
		b.tap("part 2")
		second := bytes.Clone(b.glass.pixels.Pix)
		b.tap("part 2")
		if !bytes.Equal(second, b.glass.pixels.Pix) {
			t.Error("it turned again")
		}
	})
}

func TestADoubleTapOnLettersOnlyOpensThem(t *testing.T) {
	screen := layouttest.Small()
	s := newStage(&glass{pixels: image.NewRGBA(screen.Bounds())}, screen, Patience{}, silence{})
	if err := s.show(withOwnField(sample("register.answer")), s.start); err != nil {
		t.Fatal(err)
	}
	var at image.Point // of letters of which one comes up in their place
	for _, b := range s.layout.Boxes {
		open := layout.Of(s.page, screen, typing.State{Group: b.Target.Group})
		if one, _ := open.Hit(middle(b.Rect).X, middle(b.Rect).Y); b.Target.Does == typing.Opens && one.Does == typing.Types {
			at = middle(b.Rect)
		}
	}
	now := s.start.Add(time.Second)
	for n, want := range []int{0, 0, 1} {
		for _, phase := range []display.Phase{display.Down, display.Up} {
			if err := s.touch(display.Touch{Phase: phase, X: at.X, Y: at.Y}, now); err != nil {
				t.Fatal(err)
			}
		}
		if len(s.pending) != want {
			t.Errorf("after %d taps %d letters came out, want %d", n+1, len(s.pending), want)
		}
		now = now.Add(settle * 2 / 3)
	}
}
