package panel

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display/panel/paneltest"
)

// refreshing is a panel with a picture on it whose bus takes time, when all
// begins to be sent anew.
func refreshing(t *testing.T, chip string) (*bench, *image.RGBA) {
	b := plug(t, chip, day(), 64)
	b.model.TakeTime()
	picture := noise(b.Bounds(), 21)
	b.Draw(b.Bounds(), picture, image.Point{})
	time.Sleep(refreshEvery - time.Second)
	for before := b.model.Traffic(); b.model.Traffic() == before; {
		time.Sleep(time.Millisecond)
	}
	return b, picture
}

func TestWhatIsDrawnWhileAllIsSentAnewWaitsForOneStrip(t *testing.T) {
	everyChip(t, func(t *testing.T, chip string) {
		b, picture := refreshing(t, chip)
		takes := func(pixels int) time.Duration {
			bytes := pixels * map[int]int{16: 2, 18: 3}[b.bits]
			return paneltest.Traffic{Bytes: bytes + 11, Transfers: bytes/63 + 6}.Time(usual)
		}
		for before := b.model.Traffic(); b.model.Traffic().Sub(before).Bytes < 1000; {
			time.Sleep(time.Millisecond) // until it is awake, and strips come
		}
		for n := range 9 { // a key above all that was sent, then ones further down
			key := image.Rect(10*n, 16*n, 10*n+8, 16*n+8)
			dab(picture, key, color.White)
			b.Draw(key, picture, key.Min)
			before := b.model.Traffic()
			time.Sleep(takes(area(b.Bounds())/strips) + takes(area(key)))
			if n := b.model.Traffic().Sub(before).Bytes; n <= area(key)*3+11 {
				t.Fatalf("all was sent before: %d bytes", n)
			}
			seen, drawn := b.model.Picture(0).SubImage(key).(*image.RGBA), picture.SubImage(key).(*image.RGBA)
			if at, differ := paneltest.Difference(crop(seen), crop(drawn), b.bits); differ {
				t.Errorf("key %d is not seen yet at %v", n, at)
			}
		}
		time.Sleep(time.Second)
		b.shows(t, picture)
	})
}

// crop is a part of a picture as one of its own.
func crop(m *image.RGBA) *image.RGBA {
	part := image.NewRGBA(m.Rect)
	draw.Draw(part, m.Rect, m, m.Rect.Min, draw.Src)
	return part
}

// Whenever something is drawn, the panel goes to sleep or wakes, it had reset
// itself or the bus fails: what is seen in the end is what was drawn.
func TestWhateverComesWhileAllIsSentAnewThePictureIsRight(t *testing.T) {
	for name, happens := range map[string]func(b *bench){
		"nothing":         func(*bench) {},
		"a sleep":         func(b *bench) { b.Halt(); time.Sleep(50 * time.Millisecond); b.SetLight(Day) },
		"a reset":         func(b *bench) { b.model.ResetItself() },
		"a lost transfer": func(b *bench) { b.loseOne() },
	} {
		t.Run(name, func(t *testing.T) {
			for after := time.Duration(0); after < 160*time.Millisecond; after += 7 * time.Millisecond {
				synctest.Test(t, func(t *testing.T) {
					b, picture := refreshing(t, "st7796")
					time.Sleep(after)
					for n := range 5 {
						part := image.Rect(20*n, 30*n, 20*n+30, 30*n+40)
						dab(picture, part, color.RGBA{byte(50 * n), 200, 100, 255})
						b.Draw(part, picture, part.Min)
						if n == 2 {
							happens(b)
						}
						time.Sleep(2 * time.Millisecond)
					}
					time.Sleep(refreshEvery + time.Second)
					b.shows(t, picture)
				})
			}
		})
	}
}

// loseOne loses the next transfer.
func (b *bench) loseOne() {
	lost := false
	b.model.Fail(func(int) error {
		if lost {
			return nil
		}
		lost = true
		return errors.New("input/output error")
	})
}

func TestAllIsSentAnewWithoutAllocating(t *testing.T) {
	m := newMetered(t, 90)
	m.Draw(m.Bounds(), noise(m.Bounds(), 22), image.Point{})
	if n := testing.AllocsPerRun(4, func() {
		if err := m.sendAll(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
