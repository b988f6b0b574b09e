package front

import (
	"image"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/typing"
)

// dark is how much of the panel is black, in per cent.
func (b *bench) dark() int {
	synctest.Wait()
	b.glass.mu.Lock()
	defer b.glass.mu.Unlock()
	n := 0
	for i := 0; i < len(b.glass.pixels.Pix); i += 4 {
		if !lit(b.glass.pixels.Pix[i:]) {
			n++
		}
	}
	return 100 * n / (len(b.glass.pixels.Pix) / 4)
}

// lit reports whether a pixel gives light.
func lit(px []uint8) bool { return max(px[0], px[1], px[2]) > 0x20 }

func idle() display.Page {
	return display.Page{ID: "idle", Title: "Put your smartcard in", Card: true, Stands: true,
		Actions: []display.Action{{Key: "1", Label: "Cymraeg", Aside: true}}}
}

// TestAPageThatStandsGivesWayToASaver, and a key, a finger or a card brings the
// next page at once; the key and the finger do nothing else.
func TestAPageThatStandsGivesWayToASaver(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		for name, wake := range map[string]func(){
			"a key":    func() { b.Press("1") },
			"a finger": func() { b.tap("key 1") },
			"a driver": b.Wake,
			"a card":   func() { b.show(sample("unlock.working")) },
		} {
			b.show(idle())
			time.Sleep(Patient().Saver - time.Second)
			b.show(idle()) // it is told of the time
			if dark := b.dark(); dark > 50 {
				t.Fatalf("it is dark too early, by %d%%", dark)
			}
			time.Sleep(time.Second)
			if dark := b.dark(); dark < 95 || dark == 100 {
				t.Fatalf("%d%% of the saver is dark", dark)
			}
			time.Sleep(time.Hour + time.Second) // the words move at full minutes
			if alone := <-b.Alone(); !alone {
				t.Errorf("before %s somebody is said to be there", name)
			}
			wake()
			if alone := <-b.Alone(); alone {
				t.Errorf("after %s nobody is said to be there", name)
			}
			if dark := b.dark(); dark > 50 {
				t.Errorf("after %s it is dark still, by %d%%", name, dark)
			}
			b.expect()
		}
	})
}

func TestASaverThatIsOffNeverComes(t *testing.T) {
	c := cloth{Patience: Patience{Veil: time.Second}}
	if _, ok := c.due(idle()); ok {
		t.Error("it comes")
	}
}

// TestNothingBurnsIn walks a day of the saver: no pixel is lit for more than a
// quarter of it, and none for half an hour on end.
func TestNothingBurnsIn(t *testing.T) {
	const minutes = 24 * 60
	screen := layouttest.Small() // where there is least room to wander
	painter, frame := paint.New(), image.NewRGBA(screen.Bounds())
	type light struct{ last, run, sum int }
	pixels := make([]light, screen.Width*screen.Height)
	for place := 1; place <= minutes; place++ {
		page := idle()
		page.Look.TextScale = layouttest.Scales()[place%3]
		l := layout.Of(Saved(page, place), screen, typing.State{})
		painter.Paint(l, frame)
		words := wordsOn(l)
		if !l.Fits || !words.In(screen.Bounds()) {
			t.Fatalf("place %d, %v, is off the panel", place, words)
		}
		for y := words.Min.Y; y < words.Max.Y; y++ {
			for x := words.Min.X; x < words.Max.X; x++ {
				if !lit(frame.Pix[frame.PixOffset(x, y):]) {
					continue
				}
				px := &pixels[y*screen.Width+x]
				if px.last < place-1 {
					px.run = 0
				}
				px.last, px.run, px.sum = place, px.run+1, px.sum+1
				if px.sum > minutes/4 || px.run > 30 {
					t.Fatalf("(%d,%d) is lit for %d of %d minutes, %d on end", x, y, px.sum, place, px.run)
				}
			}
		}
	}
}

// wordsOn is where a saver has its words and its picture; all else is black.
func wordsOn(l layout.Layout) image.Rectangle {
	all := l.Boxes[0].Marks[0].Rect
	for _, line := range l.Boxes[0].Lines {
		all = all.Union(line.Bounds())
	}
	return all
}
