package front

import (
	"bytes"
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

// covered reports whether the panel shows the veil, and nothing of the page.
func (b *bench) covered() bool {
	synctest.Wait()
	want := image.NewRGBA(layouttest.Large().Bounds())
	paint.New().Paint(layout.Of(Covered(b.page), layouttest.Large(), typing.State{}), want)
	b.glass.mu.Lock()
	defer b.glass.mu.Unlock()
	return bytes.Equal(b.glass.pixels.Pix, want.Pix)
}

func TestAPrivatePageIsCoveredWhenNobodyTouchesIt(t *testing.T) {
	with(t, "register.passcode", func(b *bench) {
		time.Sleep(Patient().Veil - 2*time.Second) // one went by before the story
		if b.covered() {
			t.Error("it is covered too early")
		}
		b.Press("7")
		b.expect(display.Input{Rune: '7'})
		time.Sleep(Patient().Veil - time.Second)
		b.show(b.page) // the clock of the page goes on
		if b.covered() {
			t.Error("a key did not keep it open")
		}
		time.Sleep(time.Second)
		if !b.covered() {
			t.Error("it stays open")
		}
		b.show(b.page)
		if !b.covered() {
			t.Error("the clock of the page has lifted it")
		}
	})
}

func TestWhatLiftsTheVeilDoesNothingElse(t *testing.T) {
	with(t, "register.passcode", func(b *bench) {
		for _, lift := range []func(){
			func() { b.Press(display.Enter) },
			func() { b.Press(display.Cancel) },
			func() { b.tap("key Enter") },
		} {
			time.Sleep(Patient().Veil)
			if !b.covered() {
				t.Fatal("it is not covered")
			}
			lift()
			b.expect()
			if b.covered() {
				t.Error("it is covered still")
			}
		}
		time.Sleep(time.Second)
		b.tap("key Enter")
		b.expect(display.Input{Key: display.Enter})
		time.Sleep(Patient().Veil)
		b.Wake() // a program that has read the page
		b.Press(display.Cancel)
		b.expect(display.Input{Key: display.Cancel})
		time.Sleep(Patient().Veil)
		b.Press("4") // typed as it is seen
		b.expect(display.Input{Rune: '4'})
	})
}

func TestOtherPagesAreNeverCovered(t *testing.T) {
	with(t, "unlock.warning", func(b *bench) {
		time.Sleep(time.Hour)
		if b.covered() {
			t.Error("a page that anybody may read is covered")
		}
		b.show(sample("register.passcode"))
		time.Sleep(Patient().Veil)
		if !b.covered() {
			t.Error("the private page after it is not")
		}
		b.show(sample("unlock.warning"))
		if b.covered() {
			t.Error("the page after that is")
		}
	})
}
