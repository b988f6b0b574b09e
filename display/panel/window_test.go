package panel

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"
)

// usualGlazier is that of a panel of 480x320 pixels, 16 bits and 32 MHz.
func usualGlazier() *glazier {
	return newGlazier(toll{window: 4, transfer: 40, room: 2048}, image.Pt(480, 320))
}

func plain() *image.RGBA { return black(image.Pt(480, 320)) }

func TestWhatIsTheSameNeedsNoWindow(t *testing.T) {
	if w := usualGlazier().choose(plain(), plain()); len(w) != 0 {
		t.Errorf("%v", w)
	}
}

func TestBlocksAreAWindowEachFromTopToBottom(t *testing.T) {
	want := []image.Rectangle{image.Rect(300, 0, 480, 200), image.Rect(10, 20, 40, 30), image.Rect(50, 20, 51, 320)}
	m := plain()
	for _, r := range want {
		dab(m, r, color.White)
	}
	if w := usualGlazier().choose(plain(), m); !slices.Equal(w, want) {
		t.Errorf("%v, not %v", w, want)
	}
}

func TestAPartOfAPanelIsLookedAtWhereItIs(t *testing.T) {
	old, m := plain(), plain()
	dab(m, image.Rect(0, 0, 480, 320), color.White)
	part := image.Rect(31, 17, 90, 80)
	a, b := view(old, part), view(m, part)
	if w := usualGlazier().choose(&a, &b); !slices.Equal(w, []image.Rectangle{part}) {
		t.Errorf("%v, not %v", w, part)
	}
}

// A stroke 5 pixels wide that leans: a window around it is 41 pixels wide.
func TestAStrokeIsSentInPieces(t *testing.T) {
	m, pixels := plain(), 5*36
	for y := range 36 {
		dab(m, image.Rect(100+y, y, 105+y, y+1), color.White)
	}
	g := usualGlazier()
	sent := 0
	for _, r := range g.choose(plain(), m) {
		sent += area(r) + g.window
	}
	if sent > 2*pixels {
		t.Errorf("%d pixels for %d", sent, pixels)
	}
}

func TestLineAfterLineIsBothSidesOfALetter(t *testing.T) {
	left, right, bar := image.Rect(10, 10, 14, 60), image.Rect(40, 10, 44, 60), image.Rect(14, 30, 40, 34)
	m := plain()
	for _, r := range []image.Rectangle{left, right, bar} {
		dab(m, r, color.White)
	}
	g, sent := usualGlazier(), 0
	for _, r := range g.choose(plain(), m) {
		sent += area(r)
	}
	if whole := area(left) + area(right) + area(bar); sent != whole {
		t.Errorf("%d pixels are sent of an H of %d", sent, whole)
	}
}

func TestSendingTheWindowsMakesThePicturesTheSame(t *testing.T) {
	random, g := rand.New(rand.NewPCG(1, 2)), usualGlazier()
	for n := range 60 {
		a, b := plain(), plain()
		for range random.IntN(60) {
			x, y := random.IntN(480), random.IntN(320)
			dab(b, image.Rect(x, y, x+1+random.IntN(60), y+1+random.IntN(40)>>random.IntN(6)), color.Gray{byte(50 + random.IntN(200))})
		}
		windows := g.choose(a, b)
		for _, r := range windows {
			draw.Draw(a, r, b, r.Min, draw.Src)
		}
		if left := g.choose(a, b); len(left) != 0 {
			t.Fatalf("picture %d is still different in %v", n, left)
		}
	}
}

// Dots are the worst there is: each could be a window.
func TestWindowsNeverTakeMuchLongerThanThePanel(t *testing.T) {
	size := image.Pt(160, 120)
	random, g := rand.New(rand.NewPCG(3, 4)), newGlazier(usualGlazier().toll, size)
	for _, every := range []int{2, 10, 40, 1000} {
		m := black(size)
		for i := 0; i < len(m.Pix); i += 4 {
			if random.IntN(every) == 0 {
				m.Pix[i] = 255
			}
		}
		windows := g.choose(black(size), m)
		if takes, most := g.takes(), size.X*size.Y*11/10; len(windows) == 0 || takes > most {
			t.Errorf("a dot in %d pixels: %d windows take the time of %d pixels, more than %d", every, len(windows), takes, most)
		}
	}
}

func TestNothingIsKeptOfWhatWasTyped(t *testing.T) {
	g := usualGlazier()
	g.choose(plain(), noise(image.Rect(0, 0, 480, 320), 5))
	g.forget()
	for _, r := range g.runs[:cap(g.runs)] {
		if r != (run{}) {
			t.Fatalf("%+v is still there", r)
		}
	}
	for _, w := range g.windows[:cap(g.windows)] {
		if w != (image.Rectangle{}) {
			t.Fatalf("%v is still there", w)
		}
	}
}
