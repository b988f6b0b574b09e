// Package painttest compares pictures with those that somebody has looked at:
// for tests of pages as much as for tests of painting.
//
// Its word: a golden is a picture in a file, as it was reviewed. It has a
// palette, since a picture of a page is mostly the same few colours, and so
// many pages are kept that their size counts.
package painttest

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// tolerance is what one channel may differ by: arm64 fuses multiply-add in
// x/image/vector, so single bytes differ by one.
const tolerance = 2

// Golden fails the test if the picture is not the one in the file, and leaves
// both behind. With update it is put into the file instead.
func Golden(t testing.TB, path string, got *image.RGBA, update bool) {
	t.Helper()
	if update {
		Write(t, path, inPalette(got), png.BestCompression)
		return
	}
	want, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff, n := compare(got, want); n > 0 {
		dir := keep(t, filepath.Base(path), map[string]image.Image{"got": got, "want": want, "diff": diff})
		t.Errorf("%d pixels differ from %s: look into %s", n, path, dir)
	}
}

// keep leaves pictures for the person who has to find out what differs.
func keep(t testing.TB, name string, pictures map[string]image.Image) (dir string) {
	t.Helper()
	dir = t.ArtifactDir()
	for what, m := range pictures {
		Write(t, filepath.Join(dir, what+"-"+name), m, png.BestSpeed)
	}
	return dir
}

// compare marks the pixels that differ.
func compare(got *image.RGBA, want *image.Paletted) (diff *image.RGBA, n int) {
	diff = image.NewRGBA(got.Rect)
	if got.Rect != want.Rect {
		return diff, got.Rect.Dx() * got.Rect.Dy()
	}
	known := solid(want.Palette)
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if known.far(got.RGBAAt(x, y), want.ColorIndexAt(x, y)) {
				diff.SetRGBA(x, y, color.RGBA{255, 0, 0, 255})
				n++
			}
		}
	}
	return diff, n
}

func read(path string) (*image.Paletted, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("read the picture %s: %w", path, err)
	}
	p, ok := m.(*image.Paletted)
	if !ok {
		return nil, fmt.Errorf("read the picture %s: it has no palette", path)
	}
	return p, nil
}

// Write puts a picture into a PNG file, and makes the folder for it.
func Write(t testing.TB, path string, m image.Image, level png.CompressionLevel) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := png.Encoder{CompressionLevel: level}
	if err := e.Encode(f, m); err != nil {
		t.Fatal(err)
	}
}
