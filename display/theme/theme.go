// Package theme is how pages look: colours, type, spacing and the style of
// every kind of box, by the names of the NHS design system.
//
// Its words: a [Palette] gives a [Look] (fill, border, ink) for each [Style]
// name; a [Scale] turns millimetres into pixels of one panel and knows the
// sizes of type on it; a [Font] measures text. Layouts name styles and never
// colours; only this package has values.
//
// The typeface is Atkinson Hyperlegible Next, drawn for readers with low
// vision: copyright 2020-2024 The Atkinson Hyperlegible Next Project Authors
// (https://github.com/googlefonts/atkinson-hyperlegible-next), SIL Open Font
// License 1.1; the licence is beside the fonts.
package theme

import (
	"image/color"

	"unlockpoint/display"
)

// Style names a kind of box or mark.
type Style string

// The styles.
const (
	Page          Style = "page"           // the background of everything
	BandPlain     Style = "band"           // the header
	BandWorking   Style = "band-working"   //
	BandSuccess   Style = "band-success"   //
	BandWarning   Style = "band-warning"   //
	BandProblem   Style = "band-problem"   //
	BandKeycap    Style = "band-keycap"    // on Settings and Help, on any band
	Text          Style = "text"           // plain text on the page
	Error         Style = "error"          // what to put right
	ErrorBar      Style = "error-bar"      // beside it
	Primary       Style = "primary"        // the one green button
	PrimaryKeycap Style = "primary-keycap" //
	Secondary     Style = "secondary"      // other buttons
	Keycap        Style = "keycap"         // on secondary buttons, choices and keys
	Choice        Style = "choice"         // a numbered row
	Key           Style = "key"            // a key of the keyboard or pad
	KeyQuiet      Style = "key-quiet"      // a key that types nothing
	KeyOn         Style = "key-on"         // a layer key that is on
	Input         Style = "input"          // a field
	InputError    Style = "input-error"    // a field with something to put right
	Status        Style = "status"         // the line at the edge
	Good          Style = "good"           // the dot of what works
	Bad           Style = "bad"            // the dot of what does not
	SymbolPlain   Style = "symbol"         // the symbols beside titles, by tone
	SymbolWorking Style = "symbol-working"
	SymbolSuccess Style = "symbol-success"
	SymbolWarning Style = "symbol-warning"
	SymbolProblem Style = "symbol-problem"
	Picture       Style = "picture" // the large card picture
	Saver         Style = "saver"   // what a panel shows that nobody looks at
)

// Look is what a style looks like. A colour with no alpha is not painted.
// Measures are in millimetres.
type Look struct {
	Fill   color.RGBA
	Border color.RGBA
	Ink    color.RGBA // text and symbols
	Shadow color.RGBA // the thick lower edge of NHS buttons
	Line   float64    // thickness of the border
	Radius float64
	Depth  float64 // height of the shadow
}

// Palette is a look for every style.
type Palette map[Style]Look

// Of is the palette a person asked for.
func Of(c display.Colours) Palette {
	switch c {
	case display.HighContrast:
		return contrasty()
	case display.Dark:
		return dark()
	}
	return normal()
}

// Pressed is how the style looks under a finger: sunk and darker.
func (p Palette) Pressed(s Style) Look {
	l := p[s]
	if l.Shadow.A != 0 {
		l.Fill, l.Shadow, l.Depth = l.Shadow, color.RGBA{}, 0
		if Contrast(l.Fill, l.Ink) < 4.5 {
			l.Ink = p[Page].Fill
		}
		return l
	}
	l.Fill, l.Ink = yellow, black
	return l
}

const (
	radius   = 0.8 // nhsuk-button: 4 px on a page at arm's length
	hairline = 0.2
	rule     = 0.4 // nhsuk-input: 2 px
	depth    = 0.7 // nhsuk-button: 4 px
	fully    = 99  // more than any box: a disc
)
