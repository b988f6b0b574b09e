package evdev

// Layout names what is printed on a keyboard: "uk" or "us".
type Layout string

// The layouts.
const (
	UK Layout = "uk"
	US Layout = "us"
)

// The digits of keyboards, pads and phones, from 0 to 9.
var (
	row      = []int{11, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	padRow   = []int{82, 79, 80, 81, 75, 76, 77, 71, 72, 73}
	phoneRow = []int{KeyNumeric0, 0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209}
)

// run is keys side by side: the code of the first, and what they give without
// and with shift. A space among them is a key that gives nothing we can take.
type run struct {
	first        int
	plain, shift string
}

// common is what both layouts share.
var common = []run{
	{2, "1234567890-=", "!  $%^&*()_+"},
	{16, "qwertyuiop[]", "QWERTYUIOP{}"},
	{30, "asdfghjkl;", "ASDFGHJKL:"},
	{41, "`", " "},
	{44, "zxcvbnm,./", "ZXCVBNM<>?"},
	{71, "789-456+1230.", "789-456+1230."}, // the pad beside the letters
	{KeyKPAsterisk, "*", "*"},
	{KeyKPSlash, "/", "/"},
}

// own is where they differ. The pound and the not sign of a British keyboard
// are not ASCII, and no field takes them.
var own = map[Layout][]run{
	UK: {{3, "2", `"`}, {4, "3", " "}, {40, "'", "@"}, {43, "#", "~"}, {86, `\`, "|"}},
	US: {{3, "2", "@"}, {4, "3", "#"}, {40, "'", `"`}, {41, "`", "~"}, {43, `\`, "|"}, {86, `\`, "|"}},
}

// face is what one key gives.
type face struct{ plain, shift rune }

// faces is every key of a layout that gives a character.
func (l Layout) faces() map[uint16]face {
	faces := map[uint16]face{57: {' ', ' '}}
	for _, r := range append(common[:len(common):len(common)], own[l]...) {
		for i := range r.plain {
			faces[uint16(r.first+i)] = face{glyph(r.plain[i]), glyph(r.shift[i])}
		}
	}
	return faces
}

func glyph(b byte) rune {
	if b == ' ' {
		return 0
	}
	return rune(b)
}
