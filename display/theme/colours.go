package theme

import "image/color"

// The colours, by their names in the NHS design system (nhsuk-frontend
// 10.6.1, core/settings/_colours-palette.scss). This is the only file with
// colour values.
var (
	blue       = rgb(0x005eb8)
	white      = rgb(0xffffff)
	black      = rgb(0x212b32)
	green      = rgb(0x007f3b)
	red        = rgb(0xd5281b)
	yellow     = rgb(0xffeb3b)
	darkBlue   = rgb(0x003087)
	warmYellow = rgb(0xffb81c)
	grey1      = rgb(0x4c6272)
	grey3      = rgb(0xaeb7bd)
	grey4      = rgb(0xd8dde0)
	grey5      = rgb(0xf0f4f5)
	printBlack = rgb(0x000000) // nhsuk-print-text-colour
)

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

// mix is sass:color.mix: weight per cent of a, the rest of b.
func mix(a, b color.RGBA, weight int) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8((int(x)*weight + int(y)*(100-weight) + 50) / 100) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 0xff}
}

// shade and tint are nhsuk-shade and nhsuk-tint: so much black or white.
func shade(c color.RGBA, percent int) color.RGBA { return mix(printBlack, c, percent) }
func tint(c color.RGBA, percent int) color.RGBA  { return mix(white, c, percent) }
