package theme

import (
	_ "embed"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/Regular.ttf
var regularTTF []byte

//go:embed fonts/SemiBold.ttf
var semiBoldTTF []byte

// The fonts are read once, when first used, and never change.
var fonts = [...]func() *Font{
	Regular:  sync.OnceValue(func() *Font { return read(regularTTF) }),
	SemiBold: sync.OnceValue(func() *Font { return read(semiBoldTTF) }),
}

// Weight is how bold type is.
type Weight int

// The weights.
const (
	Regular Weight = iota
	SemiBold
)

// TTF is the font's file, for pages that show the same type. It is not to be
// written to.
func (w Weight) TTF() []byte {
	if w == SemiBold {
		return semiBoldTTF
	}
	return regularTTF
}

// Font is the font of the weight.
func (w Weight) Font() *Font { return fonts[w]() }

// lastRune is the end of Latin Extended-A, which has all of Welsh.
const (
	asciiEnd = 0x7f
	lastRune = 0x17f
)

// Font measures text. It is safe for all goroutines.
type Font struct {
	Outlines *sfnt.Font
	em       int
	advances [lastRune + 1]int
	kerns    [asciiEnd][asciiEnd]atomic.Int32 // of pairs of printable ASCII, see kern
	others   map[rune]int                     // dashes, quotes and the like
}

// read takes the measures out of a font file. The files are part of the
// program, so one that does not parse is a bug of ours.
func read(ttf []byte) *Font {
	outlines, err := sfnt.Parse(ttf)
	if err != nil {
		panic(fmt.Errorf("embedded font: %w", err))
	}
	f := &Font{Outlines: outlines, em: int(outlines.UnitsPerEm()), others: map[rune]int{}}
	var b sfnt.Buffer
	for r := rune(' '); r <= lastRune; r++ {
		f.advances[r] = f.advance(&b, r)
	}
	for _, r := range "–—‘’“”•…€" {
		f.others[r] = f.advance(&b, r)
	}
	return f
}

func (f *Font) advance(b *sfnt.Buffer, r rune) int {
	i, err := f.Outlines.GlyphIndex(b, r)
	if err != nil {
		return 0
	}
	a, err := f.Outlines.GlyphAdvance(b, i, fixed.I(f.em), font.HintingNone)
	if err != nil {
		return 0
	}
	return a.Round()
}

// known is added to the kerns that were looked up: to look up all of them would
// take longer than the first page may.
const known = 1 << 16

// kern is how much nearer s stands to r.
func (f *Font) kern(r, s rune) int {
	if r <= ' ' || s <= ' ' { // no glyphs
		return 0
	}
	if k := f.kerns[r][s].Load(); k != 0 {
		return int(k) - known
	}
	k := f.lookUp(r, s)
	f.kerns[r][s].Store(int32(k + known))
	return k
}

func (f *Font) lookUp(r, s rune) int {
	var b sfnt.Buffer
	i, _ := f.Outlines.GlyphIndex(&b, r)
	j, _ := f.Outlines.GlyphIndex(&b, s)
	k, err := f.Outlines.Kern(&b, i, j, fixed.I(f.em), font.HintingNone)
	if err != nil { // no pair in the table
		return 0
	}
	return k.Round()
}

// Advance is how far the pen moves from before to r, in 1/64 pixels at a size
// in pixels. Before is 0 at the start of a line.
func (f *Font) Advance(before, r rune, px int) (kern, width fixed.Int26_6) {
	if before < asciiEnd && r < asciiEnd {
		kern = f.scale(f.kern(before, r), px)
	}
	if r <= lastRune {
		return kern, f.scale(f.advances[r], px)
	}
	return kern, f.scale(f.others[r], px)
}

func (f *Font) scale(units, px int) fixed.Int26_6 {
	return fixed.Int26_6(units * px * 64 / f.em)
}

// Width is how wide the text is at a size, in whole pixels.
func (f *Font) Width(s string, px int) int {
	var x fixed.Int26_6
	var before rune
	for _, r := range s {
		kern, width := f.Advance(before, r, px)
		x += kern + width
		before = r
	}
	return x.Ceil()
}

// Has reports whether the font has the character.
func (f *Font) Has(r rune) bool {
	var b sfnt.Buffer
	i, err := f.Outlines.GlyphIndex(&b, r)
	return err == nil && i != 0
}

// Descent is how far below the line letters reach, at a size in pixels, from the
// font's own tables.
func (f *Font) Descent(px int) int { return f.metric(px).Descent.Ceil() }

// CapHeight is the height of a capital.
func (f *Font) CapHeight(px int) int { return f.metric(px).CapHeight.Round() }

func (f *Font) metric(px int) font.Metrics {
	var b sfnt.Buffer
	m, err := f.Outlines.Metrics(&b, fixed.I(px), font.HintingNone)
	if err != nil {
		return font.Metrics{Ascent: fixed.I(px), Descent: fixed.I(px / 3), CapHeight: fixed.I(px * 2 / 3)}
	}
	return m
}
