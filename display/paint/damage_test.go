package paint

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

func picture() *image.RGBA { return image.NewRGBA(image.Rect(0, 0, 120, 80)) }

func dab(m *image.RGBA, r image.Rectangle) {
	draw.Draw(m, r, image.NewUniform(color.RGBA{200, 10, 10, 255}), image.Point{}, draw.Src)
}

func TestNothingChangedIsNoDamage(t *testing.T) {
	if d := Damage(picture(), picture()); len(d) != 0 {
		t.Errorf("%v", d)
	}
}

func TestOneBlockIsOneRectangle(t *testing.T) {
	a, b := picture(), picture()
	block := image.Rect(10, 20, 40, 30)
	dab(b, block)
	if d := Damage(a, b); len(d) != 1 || d[0] != block {
		t.Errorf("%v, not %v", d, block)
	}
}

func TestTwoFarBlocksStayApart(t *testing.T) {
	a, b := picture(), picture()
	dab(b, image.Rect(0, 0, 20, 20))
	dab(b, image.Rect(90, 50, 120, 80))
	if d := Damage(a, b); len(d) != 2 {
		t.Errorf("%v", d)
	}
}

func TestBlocksSideBySideAreJoinedOnlyWhenThatIsCheaper(t *testing.T) {
	a, b := picture(), picture()
	dab(b, image.Rect(0, 0, 40, 20))
	dab(b, image.Rect(80, 0, 120, 20))
	sent := 0
	for _, r := range Damage(a, b) {
		sent += r.Dx() * r.Dy()
	}
	if sent != 2*40*20 {
		t.Errorf("%d pixels are sent", sent)
	}
}

func TestSendingTheDamageMakesThePicturesTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		a, b := picture(), picture()
		for range random.IntN(12) {
			x, y := random.IntN(120), random.IntN(80)
			dab(b, image.Rect(x, y, x+random.IntN(30), y+random.IntN(20)))
		}
		for _, r := range Damage(a, b) {
			draw.Draw(a, r, b, r.Min, draw.Src)
		}
		if d := Damage(a, b); len(d) != 0 {
			t.Fatalf("still different in %v", d)
		}
	}
}
