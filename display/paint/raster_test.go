package paint

import (
	"image"
	"image/draw"
	"reflect"
	"testing"

	"unlockpoint/display/theme"
)

func TestNoShapeOfWhatWasDrawnIsKept(t *testing.T) {
	p := New()
	for _, px := range []int{48, 900} { // the rasterizer has a way for each
		if ink(p.drawGlyph(glyphKey{r: 'g', px: px, weight: theme.Regular})).Empty() {
			t.Fatal("nothing is drawn")
		}
		left := image.NewAlpha(image.Rectangle{Max: p.raster.z.Size()})
		p.raster.z.DrawOp = draw.Src
		p.raster.z.Draw(left, left.Rect, image.Opaque, image.Point{})
		if !ink(mask{left.Rect, left.Pix}).Empty() {
			t.Errorf("at %d pixels the rasterizer keeps the letter", px)
		}
		outline := reflect.ValueOf(&p.raster.glyph).Elem().FieldByName("segments")
		if outline.Len() == 0 || !outline.Index(0).IsZero() {
			t.Errorf("at %d pixels the outline of the letter is kept", px)
		}
	}
}
