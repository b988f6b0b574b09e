package calibrate

import (
	"image"
	"image/draw"

	"unlockpoint/display"
	"unlockpoint/display/theme"
)

// picture is a cross, 8 mm wide, on an empty page. Its middle is a pixel.
func picture(size, at image.Point, ppmm float64) *image.RGBA {
	page := theme.Of(display.Usual)[theme.Page]
	m := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(m, m.Rect, image.NewUniform(page.Fill), image.Point{}, draw.Src)
	scale := theme.Scale{PPMM: ppmm}
	pixel := image.Rectangle{at, at.Add(image.Pt(1, 1))}
	arm, half := scale.MM(4), scale.MM(0.2)
	for _, bar := range []image.Point{{arm, half}, {half, arm}} {
		r := image.Rectangle{pixel.Min.Sub(bar), pixel.Max.Add(bar)}
		draw.Draw(m, r, image.NewUniform(page.Ink), image.Point{}, draw.Src)
	}
	return m
}
