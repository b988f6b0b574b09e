package pages_test

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"testing"

	"golang.org/x/image/draw"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/paint"
	"unlockpoint/display/paint/painttest"
)

var into = flag.String("pages", "", "a folder for pictures of every page in every size, language and text scale")

// TestPages is "make pages": it draws every part of every picture of the tours for
// people to look at, a sheet for each folder of them, and one with all on the reference
// panel.
func TestPages(t *testing.T) {
	if *into == "" {
		t.Skip("make pages draws them into a folder")
	}
	var sheet []image.Image
	for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
		for _, language := range words.Languages() {
			for _, look := range layouttest.Looks() {
				folder := filepath.Join(*into, fmt.Sprintf("%dx%d on %.0f mm", screen.Width, screen.Height, float64(screen.Width)/screen.PPMM), language.Code, folderOf(look))
				var pictures []image.Image
				for _, p := range withCovers(toursIn(language.Code)) {
					p.page.Look.TextScale, p.page.Look.Low = look.TextScale, look.Low
					for i, picture := range drawn(p.page, screen) {
						painttest.Write(t, filepath.Join(folder, p.name+partOf(i)+".png"), picture, png.BestSpeed)
						pictures = append(pictures, picture)
					}
				}
				painttest.Write(t, filepath.Join(folder, "sheet.png"), contact(pictures), png.BestSpeed)
				if screen == layouttest.Large() && look == layouttest.Looks()[0] {
					sheet = append(sheet, pictures...)
				}
			}
		}
	}
	painttest.Write(t, filepath.Join(*into, "sheet.png"), contact(sheet), png.BestSpeed)
}

// withCovers adds what people see of a private page that nobody touches, and of
// one that stands for long.
func withCovers(all []picture) []picture {
	for _, p := range all {
		switch p.name {
		case "idle":
			all = append(all, picture{"idle-saver", front.Saved(p.page, 3)})
		case "unlock.code":
			all = append(all, picture{"unlock.code-covered", front.Covered(p.page)})
		}
	}
	return all
}

func folderOf(l display.Look) string {
	if l.Low {
		return fmt.Sprint(l.TextScale, "-low")
	}
	return fmt.Sprint(l.TextScale)
}

// partOf is the end of a picture's name, for the parts after the first.
func partOf(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprintf(" part %d", i+1)
}

// drawn is every part of a page.
func drawn(page display.Page, screen layout.Screen) []image.Image {
	var pictures []image.Image
	for _, l := range layout.All(page, screen) {
		picture := image.NewRGBA(screen.Bounds())
		paint.New().Paint(l, picture)
		pictures = append(pictures, picture)
	}
	return pictures
}

// contact is one sheet of many pictures, each half as large.
func contact(pictures []image.Image) image.Image {
	const columns, gap = 6, 8
	size := pictures[0].Bounds().Size().Div(2)
	rows := (len(pictures) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(size.X+gap)+gap, rows*(size.Y+gap)+gap))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.Gray{0x60}), image.Point{}, draw.Src)
	for i, p := range pictures {
		at := image.Pt(gap+i%columns*(size.X+gap), gap+i/columns*(size.Y+gap))
		draw.ApproxBiLinear.Scale(sheet, image.Rectangle{Min: at, Max: at.Add(size)}, p, p.Bounds(), draw.Src, nil)
	}
	return sheet
}
