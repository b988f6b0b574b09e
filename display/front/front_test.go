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

// box is where the target is on the page.
func (b *bench) box(target string) image.Rectangle {
	b.t.Helper()
	for _, box := range layout.Of(b.page, layouttest.Large(), typing.State{}).Boxes {
		if box.Target.String() == target {
			return box.Rect
		}
	}
	b.t.Fatalf("%s has no target %q", b.page.ID, target)
	return image.Rectangle{}
}

// at is its middle.
func (b *bench) at(target string) image.Point {
	b.t.Helper()
	return middle(b.box(target))
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

func (b *bench) touch(phase display.Phase, p image.Point, finger int) {
	b.Touch(display.Touch{Phase: phase, X: p.X, Y: p.Y, Finger: finger})
	synctest.Wait()
}

func (b *bench) tap(target string) {
	b.t.Helper()
	b.tapAt(b.at(target))
}

func (b *bench) tapAt(p image.Point) {
	b.touch(display.Down, p, 0)
	b.touch(display.Up, p, 0)
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

// TestWhoTypesSeesIt also after they have turned on to read the rest, as does who
// deletes.
func TestWhoTypesSeesIt(t *testing.T) {
	screen := layouttest.Small()
	s := newStage(&glass{pixels: image.NewRGBA(screen.Bounds())}, screen, Patience{}, silence{})
	page := sample("unlock.code")
	page.Look.TextScale = 170
	page.Field.Value = display.NewSecret("")
	check := func(when string, err error, part int) {
		t.Helper()
		if err != nil || s.state.Part != part || s.layout.Part != part {
			t.Fatalf("%s: %v, on part %d, not %d", when, err, s.layout.Part+1, part+1)
		}
	}
	check("shown", s.show(withOwnField(page), s.start), 0)
	check("Clear", s.press(display.Clear, s.start), 1)
	check("a digit", s.press("2", s.start.Add(time.Second)), 0)
	page.Field.Value.Type('2')
	check("typed", s.show(withOwnField(page), s.start), 0)
	s.state.Part = 1
	check("turned on by touch", s.draw(), 1)
	check("Clear deletes", s.press(display.Clear, s.start.Add(2*time.Second)), 0)
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

// TestNoBufferHasMoreThanThePanelShows, while a private page is typed on, and
// when it is covered.
func TestNoBufferHasMoreThanThePanelShows(t *testing.T) {
	screen := layouttest.Large()
	g := &glass{pixels: image.NewRGBA(screen.Bounds())}
	s := newStage(g, screen, Patience{}, silence{})
	page := sample("register.answer")
	check := func(when string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.frame.Pix, s.last.Pix) || !bytes.Equal(s.last.Pix, g.pixels.Pix) {
			t.Error(when + " a buffer has another picture")
		}
	}
	if err := s.show(withOwnField(page), s.start); err != nil {
		t.Fatal(err)
	}
	page.Field.Masked = true
	check("after the text is hidden", s.show(withOwnField(page), s.start))
	page.Field.Masked = false
	check("after it is shown", s.show(withOwnField(page), s.start))
	s.acted = acted{on: thing{target: typing.Target{Does: typing.Types, Rune: 'x'}}}
	check("under the veil", s.cover())
	if s.acted != (acted{}) {
		t.Errorf("the last letter is known under the veil: %v", s.acted.on.target)
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
