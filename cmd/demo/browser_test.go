package main

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/typing"
)

// limit is for a whole story in a browser on a busy machine.
const limit = 4 * time.Minute

// Somebody who only ever touches the glass registers and unlocks.
func TestByTouchOnly(t *testing.T) {
	story(t, 1280, 800, house.Screen, func(b *window) robot.Hands { return &finger{window: b, screen: house.Screen} })
}

// On 3.5 inches letters come in groups: two touches each.
func TestByTouchOnlyOnASmallPanel(t *testing.T) {
	story(t, 1280, 800, layouttest.Small(), func(b *window) robot.Hands { return &finger{window: b, screen: layouttest.Small()} })
}

// Somebody who only ever uses the keypad does the same.
func TestByKeypadOnly(t *testing.T) {
	story(t, 1280, 1000, house.Screen, func(b *window) robot.Hands { return pad{b} })
}

// story is a registration, three wrong passcodes and the unlock.
func story(t *testing.T, width, height int, panel layout.Screen, hands func(*window) robot.Hands) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err := withHouse(ctx, house.Config{Log: slog.New(slog.DiscardHandler), Screen: panel}, func(ctx context.Context, h *house.House, d robot.Driver) error {
		w := open(t, ctx, h, d, width, height)
		amina := newAmina(d, w.look)
		amina.Hands = hands(w)
		w.click(`#tray [data-card="amina"]`)
		if err := amina.Register(ctx); err != nil {
			return err
		}
		w.click(`#take-card`)
		w.until("idle")
		w.click(`#tray li:has([data-card="amina"]) .block-card`)
		w.wait(`document.querySelector('#tray [data-card="amina"] .card-about').textContent === "Blocked"`)
		w.click(`#tray [data-card="amina"]`)
		if err := amina.Unlock(ctx); err != nil {
			return err
		}
		w.click(`#mail [data-mail]`)
		w.shot("mail")
		ok, err := amina.Accepts(ctx, amina.NewPasscode)
		if err == nil && !ok {
			t.Error("the card does not accept the new passcode")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// window is the demo's page in a browser.
type window struct {
	t     *testing.T
	ctx   context.Context // of the browser
	house *house.House
	robot.Driver
	shots int
}

// open opens the page. On a busy machine a browser may lose its own network
// process as it starts: then another is tried.
func open(t *testing.T, ctx context.Context, h *house.House, d robot.Driver, width, height int) *window {
	t.Helper()
	const tries, patience = 3, time.Minute
	for try := 1; ; try++ {
		w := &window{t: t, ctx: browser(t, ctx, width, height), house: h, Driver: d}
		loading, stop := context.WithTimeout(w.ctx, patience)
		err := chromedp.Do(loading, chromedp.Navigate(h.URL()),
			chromedp.WaitVisible(chromedp.CSS(`#tray [data-card]`)), chromedp.WaitVisible(chromedp.CSS(`#strip .strip-link`)))
		stop()
		if err == nil {
			w.shot("start")
			return w
		}
		if try == tries || ctx.Err() != nil {
			t.Fatal(err)
		}
		t.Logf("the page does not load: %v", err)
	}
}

// browser starts one, which ends with the test.
func browser(t *testing.T, ctx context.Context, width, height int) context.Context {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(width, height),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, stop := chromedp.NewExecAllocator(ctx, flags...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height))); err != nil { // starts it, for as long as ctx lives
		t.Fatal(err)
	}
	return ctx
}

func (w *window) run(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) click(selector string) {
	w.t.Helper()
	w.run(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// wait waits until an expression is true on the page.
func (w *window) wait(expression string) {
	w.t.Helper()
	w.run(chromedp.Poll[chromedp.Void](expression))
}

// until waits for a page of the terminal.
func (w *window) until(id string) {
	w.t.Helper()
	for p, err := w.Page(w.ctx); p.ID != id; p, err = w.After(w.ctx, p) {
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// look keeps a picture of every page.
func (w *window) look(p robot.Page, _ time.Duration) { w.shot(p.ID) }

func (w *window) shot(name string) {
	w.t.Helper()
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	w.shots++
	path := filepath.Join(w.t.ArtifactDir(), fmt.Sprintf("%02d-%s.png", w.shots, name))
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// pad presses the keys under the panel.
type pad struct{ *window }

func (p pad) Press(_ context.Context, key string) error {
	p.click(fmt.Sprintf(`#pad [data-key="%s"]`, key))
	return nil
}

// Type types by multi-tap where the page takes text. Taps that a busy machine
// holds up for too long are letters of their own: then all is typed again.
func (p pad) Type(ctx context.Context, text string) error {
	field := p.house.Page().Field
	if !typing.TakesText(field) {
		for _, r := range text {
			if err := p.Press(ctx, string(r)); err != nil {
				return err
			}
		}
		return nil
	}
	for range 5 {
		for _, r := range text {
			key, taps := tapsFor(r)
			for range taps {
				if err := p.Press(ctx, key); err != nil {
					return err
				}
			}
		}
		n := p.counts(len(text))
		if n == len(text) {
			return nil
		}
		for range n {
			if err := p.Press(ctx, display.Clear); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("%d letters never come as typed", len(text))
}

// counts waits until as many characters are typed, and returns how many are.
func (p pad) counts(want int) (n int) {
	for start := time.Now(); time.Since(start) < answer; p.run(chromedp.Sleep(5 * time.Millisecond)) {
		if n = p.house.Page().Field.Count(); n >= want {
			break
		}
	}
	return n
}

func tapsFor(r rune) (key string, taps int) {
	for k := '0'; k <= '9'; k++ {
		for i, c := range typing.Keypad(typing.Letters, string(k)) {
			if c == r {
				return string(k), i + 1
			}
		}
	}
	return "0", 1
}

// finger touches the glass where the page has what it wants.
type finger struct {
	*window
	screen layout.Screen
	mouse  bool   // clicks instead
	place  string // the page the state below is for
	state  typing.State
}

func (f *finger) Press(_ context.Context, key string) error {
	return f.touch(func(t typing.Target) bool { return t.Does == typing.Presses && t.Key == key })
}

func (f *finger) Type(_ context.Context, text string) error {
	for _, r := range text {
		err := f.touch(func(t typing.Target) bool { return t.Does == typing.Types && t.Rune == r })
		if err != nil {
			return fmt.Errorf("type %q: %w", r, err)
		}
	}
	return nil
}

// touch touches a target until the page answers: on a busy machine a page may
// stand on the glass later than we think, and the first touches mean nothing.
func (f *finger) touch(wanted func(typing.Target) bool) error {
	for range 5 {
		before, state := sight(f.house.Page()), f.state
		if err := f.reach(wanted); err != nil {
			return err
		}
		for start := time.Now(); time.Since(start) < answer; f.run(chromedp.Sleep(5 * time.Millisecond)) {
			if sight(f.house.Page()) != before {
				return nil
			}
		}
		f.state = state
	}
	return fmt.Errorf("page %s does not answer to touches", f.house.Page().ID)
}

// answer is how long a person waits before they touch again.
const answer = 2 * time.Second

// sight is what a person sees change.
func sight(p display.Page) string {
	return fmt.Sprint(p.ID, p.Title, p.Step, p.Error, p.Session, p.Field.Count(), p.Choices)
}

// reach finds a target, turning the page's parts if it must, and touches it.
func (f *finger) reach(wanted func(typing.Target) bool) error {
	page := f.house.Page()
	f.arrive(page)
	for range 8 {
		l := layout.Of(page, f.screen, f.state)
		for _, b := range l.Boxes {
			if wanted(b.Target) {
				f.at(b.Rect)
				f.state, _ = f.state.Touch(b.Target, page.Field)
				return nil
			}
		}
		next, ok := f.group(page, l, wanted)
		if !ok {
			next, ok = turn(l)
		}
		if !ok {
			break
		}
		f.at(next.Rect)
		if after, _ := f.state.Touch(next.Target, page.Field); f.shows(page, after) {
			f.state = after
		}
	}
	return fmt.Errorf("page %s has no such target", page.ID)
}

// shows waits until all that can be touched is on the glass as it is in a
// state. Where it does not come, the touch for it meant nothing.
func (f *finger) shows(page display.Page, state typing.State) bool {
	l, want := layout.Of(page, f.screen, state), image.NewRGBA(f.screen.Bounds())
	paint.New().Paint(l, want)
	for start := time.Now(); time.Since(start) < answer; f.run(chromedp.Sleep(20 * time.Millisecond)) {
		seen := f.glass()
		other := slices.ContainsFunc(l.Boxes, func(b layout.Box) bool {
			return b.Target != typing.Target{} && !alike(seen, want, b.Rect)
		})
		if !other {
			return true
		}
	}
	return false
}

// glass is what the panel shows.
func (f *finger) glass() image.Image {
	resp, err := http.Get(f.house.URL() + "/terminal/panel.png")
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	seen, err := png.Decode(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return seen
}

func alike(a, b image.Image, in image.Rectangle) bool {
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

// group is the key that opens what is wanted.
func (f *finger) group(page display.Page, l layout.Layout, wanted func(typing.Target) bool) (layout.Box, bool) {
	for _, b := range l.Boxes {
		if b.Target.Does != typing.Opens {
			continue
		}
		open, _ := f.state.Touch(b.Target, page.Field)
		for _, inside := range layout.Of(page, f.screen, open).Boxes {
			if wanted(inside.Target) {
				return b, true
			}
		}
	}
	return layout.Box{}, false
}

func turn(l layout.Layout) (layout.Box, bool) {
	for _, b := range l.Boxes {
		if b.Target.Does == typing.Turns {
			return b, true
		}
	}
	return layout.Box{}, false
}

// arrive starts anew on another page.
func (f *finger) arrive(p display.Page) {
	if place := fmt.Sprint(p.ID, p.Step, p.Session); place != f.place {
		f.place, f.state = place, typing.State{}
	}
}

// at touches the middle of a rectangle of the panel, once what is there means
// something.
func (f *finger) at(r image.Rectangle) {
	if err := f.house.Attentive(f.ctx); err != nil {
		f.t.Fatal(err)
	}
	box, err := chromedp.Run(f.ctx, chromedp.Evaluate[[4]float64](
		`(({left, top, width, height}) => [left, top, width, height])(document.getElementById("panel").getBoundingClientRect())`))
	if err != nil {
		f.t.Fatal(err)
	}
	x := box[0] + (float64(r.Min.X+r.Max.X)/2)*box[2]/float64(f.screen.Width)
	y := box[1] + (float64(r.Min.Y+r.Max.Y)/2)*box[3]/float64(f.screen.Height)
	if f.mouse {
		f.run(chromedp.MouseClickXY(x, y))
		return
	}
	f.run(chromedp.TapXY(x, y))
}
