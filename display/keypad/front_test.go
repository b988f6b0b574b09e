package keypad

import (
	"context"
	"image"
	"image/color"
	"testing"
	"testing/synctest"

	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/display/layout/layouttest"
)

// glass is a panel that shows nothing.
type glass struct{ image.Rectangle }

func (glass) String() string                                       { return "glass" }
func (glass) Halt() error                                          { return nil }
func (glass) ColorModel() color.Model                              { return color.RGBAModel }
func (g glass) Bounds() image.Rectangle                            { return g.Rectangle }
func (glass) Draw(image.Rectangle, image.Image, image.Point) error { return nil }

// inFront is a desk with a terminal's front behind the pad, on a page.
func (d *desk) inFront(page string, story func(inputs func() []display.Input)) {
	d.t.Helper()
	screen := layouttest.Large()
	f := front.New(glass{screen.Bounds()}, screen, front.Patience{}, nil)
	for _, p := range layouttest.Samples() {
		if p.ID == page {
			f.Show(p)
		}
	}
	ctx, stop := context.WithCancel(d.t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx) }()
	story(func() []display.Input {
		var all []display.Input
		for {
			synctest.Wait()
			select {
			case e := <-d.pad.Events():
				f.Handle(e)
			case in := <-f.Inputs():
				all = append(all, in)
			default:
				return all
			}
		}
	})
	stop()
	if err := <-done; err != nil {
		d.t.Error(err)
	}
}

// Twelve keys write words: letters by multi-tap, capitals after Second and
// Enter, a deletion, and what leads on.
func TestTwelveKeysAnswerAQuestion(t *testing.T) {
	onLines(t, 3, func(d *desk) {
		d.inFront("register.answer", func(inputs func() []display.Input) {
			var got []display.Input
			for _, key := range []string{"2", "2", "Second", "Enter", "3", "Second", "Second", "Enter"} {
				d.tap(key)
				got = append(got, inputs()...)
			}
			want := []display.Input{
				{Rune: 'a'}, {Rune: 'b', Replace: true}, {Rune: 'D'}, {Key: display.Clear}, {Key: display.Enter},
			}
			if len(got) != len(want) {
				t.Fatalf("%+v came out, not %+v", got, want)
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%+v came out, not %+v", got[i], want[i])
				}
			}
		})
	})
}
