package panel

import (
	"context"
	"errors"
	"image"
	"image/color"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/panel/paneltest"
)

func TestABusThatFailsIsStartedAgainAndToldOfOnce(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		var told strings.Builder
		o := day()
		o.Log = slog.New(slog.NewTextHandler(&told, nil))
		b := plug(t, chip, o, 4096)
		picture := noise(b.Bounds(), 7)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)

		tries := 0
		b.model.Fail(func(int) error { tries++; return errors.New("input/output error") })
		dab(picture, image.Rect(0, 0, 99, 99), color.White)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Minute)
		synctest.Wait()
		if tries < 5 || tries > 25 {
			t.Errorf("%d tries in a minute: the waits are to grow, up to 5 s", tries)
		}
		if s := b.State(time.Now()); time.Since(s.Down) < 59*time.Second || s.Times != 1 {
			t.Errorf("it is said to be %+v", s)
		}
		b.model.Fail(nil)
		time.Sleep(6 * time.Second)
		b.shows(t, picture)
		if s := b.State(time.Now()); !s.Down.IsZero() || s.Times != 1 {
			t.Errorf("it works and is said to be %+v", s)
		}

		time.Sleep(time.Minute)
		synctest.Wait()
		if n := strings.Count(told.String(), "level=ERROR"); n != 1 {
			t.Errorf("told of %d times:\n%s", n, told.String())
		}
		if !strings.Contains(told.String(), "the panel works again") {
			t.Error("not told that it works again")
		}
	})
}

func TestNoiseOnTheBusIsMended(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := plug(t, chip, day(), 64)
		random := rand.New(rand.NewPCG(8, 9))
		b.model.Fail(func(int) error {
			if random.IntN(4000) == 0 {
				return errors.New("input/output error")
			}
			return nil
		})
		var picture *image.RGBA
		for n := range 20 {
			picture = noise(b.Bounds(), uint64(n))
			b.Draw(b.Bounds(), picture, image.Point{})
			time.Sleep(100 * time.Millisecond)
		}
		b.model.Fail(nil)
		time.Sleep(time.Minute)
		b.shows(t, picture)
	})
}

func TestAPanelThatResetsItselfComesBack(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		o := day()
		o.Rotation = 90
		b := plug(t, chip, o, 4096)
		picture := noise(b.Bounds(), 10)
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(time.Second)
		b.model.ResetItself()
		dab(picture, image.Rect(0, 0, 200, 50), color.White) // it does not know yet
		b.Draw(b.Bounds(), picture, image.Point{})
		time.Sleep(refreshEvery + time.Second)
		b.shows(t, picture)
	})
}

func TestWhileSomebodyTypesNothingIsSentAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := plug(t, "st7796", day(), 4096)
		picture := black(b.Bounds().Size())
		time.Sleep(time.Second)
		before := b.model.Traffic()
		for n := range 300 { // a minute and a half
			r := image.Rect(n%110, n%150, n%110+10, n%150+10)
			dab(picture, r, color.White)
			b.Draw(r, picture, r.Min)
			time.Sleep(300 * time.Millisecond)
		}
		if n := b.model.Traffic().Sub(before).Bytes; n > 300*300 {
			t.Errorf("%d bytes", n)
		}
	})
}

func TestStoppingLeavesNothingToRead(t *testing.T) {
	for _, after := range []time.Duration{0, time.Millisecond, 50 * time.Millisecond, 130 * time.Millisecond, 500 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			everyChip(t, func(t *testing.T, chip string) {
				b := unplugged(t, small(chip), day(), 4096)
				b.model.TakeTime()
				b.stops(t, after)
			})
		})
	}
}

// stops runs a panel with a picture on it for so long; then nobody can read that.
func (b *bench) stops(t *testing.T, after time.Duration) {
	t.Helper()
	b.Draw(b.Bounds(), noise(b.Bounds(), 13), image.Point{})
	ctx, stop := context.WithTimeout(t.Context(), after)
	defer stop()
	if err := b.Run(ctx); err != nil {
		t.Error(err)
	}
	if b.model.Showing() || b.model.Brightness() != 0 {
		t.Error("it still shows something")
	}
	if !b.model.Black() {
		t.Error("the picture is still in the chip")
	}
	if at, differ := paneltest.Difference(b.drawn, black(b.Bounds().Size()), 16); differ {
		t.Errorf("the picture is still in memory at %v", at)
	}
	b.noComplaints(t)
}

// TestStoppingWhileAllIsSentAnew stops at any moment of it.
func TestStoppingWhileAllIsSentAnew(t *testing.T) {
	for _, line := range []string{"by its line", "by command"} {
		t.Run(line, func(t *testing.T) {
			for after := time.Duration(0); after < 200*time.Millisecond; after += 5 * time.Millisecond {
				synctest.Test(t, func(t *testing.T) {
					b := unplugged(t, small("st7796"), day(), 4096)
					b.model.TakeTime()
					if line == "by command" {
						b.screen.(*wire).pins.Reset = nil
					}
					b.stops(t, 240*time.Millisecond+after) // the first time
					b = unplugged(t, small("st7796"), day(), 4096)
					b.model.TakeTime()
					b.stops(t, refreshEvery+250*time.Millisecond+after) // and again
				})
			}
		})
	}
}

// TestStoppingAfterABusThatFailed: a reset does not clear what was sent before,
// and a panel that is tried again only now and then is started for this.
func TestStoppingAfterABusThatFailed(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := unplugged(t, small(chip), day(), 4096)
		start := time.Now()
		b.model.Fail(func(int) error {
			if since := time.Since(start); since > 10*time.Second && since < 20*time.Second {
				return errors.New("input/output error")
			}
			return nil
		})
		time.AfterFunc(11*time.Second, func() { b.Draw(b.Bounds(), noise(b.Bounds(), 14), image.Point{}) })
		b.stops(t, 20*time.Second)
	})
}

// TestStoppingWithNoiseOnTheBus: it is not one try that the page is safe by.
func TestStoppingWithNoiseOnTheBus(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b := unplugged(t, small(chip), day(), 4096)
		start, lost := time.Now(), false
		b.model.Fail(func(int) error {
			if time.Since(start) < 20*time.Second || lost {
				return nil
			}
			lost = true
			return errors.New("input/output error")
		})
		b.stops(t, 20*time.Second)
		if !lost {
			t.Error("nothing failed")
		}
	})
}

// TestStoppingWaitsForAPanelThatWakesUp stops while all is sent anew to one
// that had reset itself, and is not awake yet.
func TestStoppingWaitsForAPanelThatWakesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := unplugged(t, small("ili9341"), day(), 4096)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- b.Run(ctx) }()
		time.Sleep(time.Second)
		b.model.ResetItself()
		for !b.model.Awake() { // by the sleep out that comes with a refresh
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		b.noComplaints(t)
	})
}
