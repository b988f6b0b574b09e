package front

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

// glass is a panel that only remembers.
type glass struct {
	mu     sync.Mutex // the front draws by itself when nobody touches it
	pixels *image.RGBA
	sent   int // pixels
	fail   error
}

func (g *glass) String() string          { return "glass" }
func (g *glass) Halt() error             { return nil }
func (g *glass) ColorModel() color.Model { return color.RGBAModel }
func (g *glass) Bounds() image.Rectangle { return g.pixels.Rect }
func (g *glass) Draw(to image.Rectangle, src image.Image, from image.Point) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	draw.Draw(g.pixels, to, src, from, draw.Src)
	g.sent += to.Dx() * to.Dy()
	return g.fail
}

// bench is a front that runs, with a panel and whoever reads the inputs.
type bench struct {
	*Front
	t     *testing.T
	glass *glass
	ear   *ear
	page  display.Page
}

// with runs a story in a bubble of its own time.
func with(t *testing.T, page string, story func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		screen := layouttest.Large()
		g := &glass{pixels: image.NewRGBA(screen.Bounds())}
		e := &ear{}
		b := &bench{Front: New(g, screen, Patient(), e), t: t, glass: g, ear: e}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		b.show(sample(page))
		time.Sleep(time.Second) // in the bubble: past the time touches settle
		story(b)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func sample(id string) display.Page {
	for _, p := range layouttest.Samples() {
		if p.ID == id {
			return p
		}
	}
	return display.Page{}
}

func (b *bench) show(p display.Page) {
	b.page = p
	b.Show(p)
	synctest.Wait()
}

// at is the middle of the target on the page.
func (b *bench) at(target string) image.Point {
	b.t.Helper()
	for _, box := range layout.Of(b.page, layouttest.Large(), typing.State{}).Boxes {
		if box.Target.String() == target {
			return box.Rect.Min.Add(box.Rect.Max).Div(2)
		}
	}
	b.t.Fatalf("%s has no target %q", b.page.ID, target)
	return image.Point{}
}

func (b *bench) touch(phase display.Phase, p image.Point, finger int) {
	b.Touch(display.Touch{Phase: phase, X: p.X, Y: p.Y, Finger: finger})
	synctest.Wait()
}

func (b *bench) tap(target string) {
	b.t.Helper()
	b.touch(display.Down, b.at(target), 0)
	b.touch(display.Up, b.at(target), 0)
}

// inputs is all that came out so far.
func (b *bench) inputs() []display.Input {
	var all []display.Input
	for {
		synctest.Wait()
		select {
		case in := <-b.Inputs():
			all = append(all, in)
		default:
			return all
		}
	}
}

func (b *bench) expect(want ...display.Input) {
	b.t.Helper()
	got := b.inputs()
	if len(got) != len(want) {
		b.t.Fatalf("%+v came out, not %+v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			b.t.Errorf("%+v came out, not %+v", got[i], want[i])
		}
	}
}

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
		b.touch(display.Down, b.at("key Cancel"), 1)
		b.touch(display.Up, b.at("key Cancel"), 1)
		b.touch(display.Up, b.at("key Enter"), 0)
		b.expect(display.Input{Key: display.Enter})
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

func TestMultiTapOnThePadTakesTimeIntoAccount(t *testing.T) {
	with(t, "register.answer", func(b *bench) {
		b.Press("2")
		b.expect(display.Input{Rune: 'a'})
		time.Sleep(time.Second)
		b.Press("2")
		b.expect(display.Input{Rune: 'b', Replace: true})
		time.Sleep(2 * time.Second)
		b.Press("2")
		b.expect(display.Input{Rune: 'a'})
	})
}

func TestTheCharacterSetStaysWhileTypingAndStartsAfreshOnAnotherPage(t *testing.T) {
	with(t, "register.answer", func(b *bench) {
		b.Press(display.Help)
		b.show(sample("register.answer"))
		b.Press("2")
		b.expect(display.Input{Rune: 'A'})
		b.show(sample("register.email-edit"))
		b.Press("2")
		b.expect(display.Input{Rune: 'a'})
	})
}

func TestOnlyWhatChangedIsSent(t *testing.T) {
	with(t, "unlock.code", func(b *bench) {
		b.glass.sent = 0
		b.show(sample("unlock.code"))
		if b.glass.sent != 0 {
			t.Errorf("the same page again sent %d pixels", b.glass.sent)
		}
		page := sample("unlock.code")
		page.Field.Value = display.NewSecret("48261")
		b.show(page)
		if b.glass.sent == 0 || b.glass.sent > 5000 {
			t.Errorf("one more digit sent %d pixels", b.glass.sent)
		}
	})
}

func TestTheNewestPageWinsAndShowNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := New(&glass{pixels: image.NewRGBA(layouttest.Large().Bounds())}, layouttest.Large(), Patience{}, nil)
		for range 100 { // nobody runs it
			f.Show(sample("unlock.code"))
		}
		f.Show(sample("idle"))
		if page := <-f.pages; page.ID != "idle" {
			t.Errorf("%s is next", page.ID)
		}
	})
}

func TestClearTurnsThePageWhereThereIsNothingToClear(t *testing.T) {
	with(t, "idle", func(b *bench) {
		page := sample("code.where")
		page.Look.TextScale = 170
		b.show(page)
		before := bytes.Clone(b.glass.pixels.Pix)
		b.Press(display.Clear)
		b.expect()
		if bytes.Equal(before, b.glass.pixels.Pix) {
			t.Error("the page did not turn")
		}
	})
}

func TestTheCallersSecretStaysTheCallers(t *testing.T) {
	with(t, "idle", func(b *bench) {
		page := sample("register.answer")
		b.show(page)
		b.show(sample("idle"))
		if got := page.Field.Value.Reveal(); got != "Tudor Road" {
			t.Errorf("it holds %q now", got)
		}
	})
}

func TestNothingOfAPrivatePageStaysInAnyBuffer(t *testing.T) {
	screen := layouttest.Large()
	g := &glass{pixels: image.NewRGBA(screen.Bounds())}
	s := newStage(g, screen, Patience{}, silence{})
	private := withOwnField(sample("register.answer"))
	for _, p := range []display.Page{private, sample("idle")} {
		if err := s.show(p, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(s.frame.Pix, s.last.Pix) || !bytes.Equal(s.last.Pix, g.pixels.Pix) {
		t.Error("a buffer still has the private page")
	}
	if private.Field.Count() != 0 {
		t.Error("its text is not wiped")
	}
}

func TestAPanelThatFailsEndsRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("cable came off")
		f := New(&glass{pixels: image.NewRGBA(layouttest.Large().Bounds()), fail: broken}, layouttest.Large(), Patience{}, nil)
		f.Show(sample("idle"))
		if err := f.Run(t.Context()); !errors.Is(err, broken) {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestThePageThatIsThereIsNotPaintedAgain(t *testing.T) {
	screen := layouttest.Large()
	s := newStage(&glass{pixels: image.NewRGBA(screen.Bounds())}, screen, Patience{}, silence{})
	page := sample("unlock.code")
	if err := s.show(withOwnField(page), s.start); err != nil {
		t.Fatal(err)
	}
	on := s.last
	if err := s.show(withOwnField(page), s.start); err != nil || s.last != on {
		t.Errorf("it is painted: %v, %v", s.last != on, err)
	}
	page.Field.Value.Type('1')
	if err := s.show(withOwnField(page), s.start); err != nil || s.last == on {
		t.Errorf("what is typed is not painted: %v, %v", s.last == on, err)
	}
}
