package theme

// Symbol names a drawing. Symbols are drawn on a square of 24 units.
type Symbol string

// The symbols.
const (
	NoSymbol  Symbol = ""
	Tick      Symbol = "tick"
	Exclaim   Symbol = "exclaim"
	Info      Symbol = "info"
	Hourglass Symbol = "hourglass"
	Backspace Symbol = "backspace"
	Shift     Symbol = "shift"
	Cross     Symbol = "cross"
	Back      Symbol = "back"
	Clock     Symbol = "clock"
	Disc      Symbol = "disc"
	Star      Symbol = "star"    // the key; type has it small and raised
	CardIn    Symbol = "card-in" // a card going into a reader
)

// Stroke is a step of a drawing: M moves, L draws, C curves (two handles and
// an end) and Z closes.
type Stroke struct {
	Op   byte
	Args [6]float32
}

// Path is the drawing of a symbol, to be filled by non-zero winding.
func (s Symbol) Path() []Stroke {
	switch s {
	case Tick:
		return lines(4.5, 12.5, 7, 10, 10.2, 13.2, 17.2, 6.2, 19.7, 8.7, 10.2, 18.2)
	case Exclaim:
		return append(lines(10.4, 4.5, 13.6, 4.5, 13.2, 14.5, 10.8, 14.5), disc(12, 18, 1.8)...)
	case Info:
		return append(lines(10.5, 10, 13.5, 10, 13.5, 19.5, 10.5, 19.5), disc(12, 6.2, 1.8)...)
	case Hourglass:
		return append(lines(6, 4, 18, 4, 18, 6.2, 13.4, 12, 18, 17.8, 18, 20, 6, 20, 6, 17.8, 10.6, 12, 6, 6.2), hole(9, 6.2, 15, 6.2, 12, 10)...)
	case Backspace:
		return append(lines(8, 5, 22, 5, 22, 19, 8, 19, 2, 12), crossed(15, 12, 3.2, 1.1, true)...)
	case Shift:
		return append(lines(12, 3.5, 20.5, 12.5, 16, 12.5, 16, 20.5, 8, 20.5, 8, 12.5, 3.5, 12.5), hole(12, 6.4, 16, 10.6, 14.2, 10.6, 14.2, 18.7, 9.8, 18.7, 9.8, 10.6, 8, 10.6)...)
	case Cross:
		return crossed(12, 12, 6.5, 1.4, false)
	case Back:
		return lines(20.5, 10.6, 9, 10.6, 13, 6.4, 11, 4.5, 3.5, 12, 11, 19.5, 13, 17.6, 9, 13.4, 20.5, 13.4)
	case Clock:
		return append(append(disc(12, 12, 9), ring(12, 12, 7.2)...), lines(11, 7, 13, 7, 13, 11.6, 16, 14.6, 14.6, 16, 11, 12.4)...)
	case Disc:
		return disc(12, 12, 7)
	case Star:
		return star()
	case CardIn:
		return cardIn()
	}
	return nil
}

// star is three bars across one another.
func star() []Stroke {
	s := lines(10.4, 4, 13.6, 4, 13.6, 20, 10.4, 20)
	s = append(s, lines(5.87, 6.61, 19.73, 14.61, 18.13, 17.39, 4.27, 9.39)...)
	return append(s, lines(19.73, 9.39, 5.87, 17.39, 4.27, 14.61, 18.13, 6.61)...)
}

// cardIn is a smartcard, chip first, half way into the slot of a reader.
func cardIn() []Stroke {
	card := lines(6, 2.6, 6.6, 2, 17.4, 2, 18, 2.6, 18, 15, 6, 15)
	card = append(card, hole(6.8, 2.8, 17.2, 2.8, 17.2, 14.2, 6.8, 14.2)...)
	card = append(card, disc(9.4, 5.6, 1.2)...)
	card = append(card, lines(7.9, 9, 8.3, 7.6, 9.1, 7.1, 9.7, 7.1, 10.5, 7.6, 10.9, 9)...)
	card = append(card, lines(12, 4.8, 16, 4.8, 16, 5.4, 12, 5.4)...)
	card = append(card, lines(12, 6.4, 15.2, 6.4, 15.2, 7, 12, 7)...)
	card = append(card, chip()...)
	reader := lines(3.4, 15, 20.6, 15, 22, 17, 22, 21.4, 21.4, 22, 2.6, 22, 2, 21.4, 2, 17)
	reader = append(reader, hole(5, 16.1, 19, 16.1, 19, 16.8, 5, 16.8)...)
	return append(append(card, reader...), ring(12, 19.4, 0.7)...)
}

// chip is the contacts of a smartcard (ISO/IEC 7816-2).
func chip() []Stroke {
	c := lines(9.4, 10, 14.6, 10, 14.6, 14.2, 9.4, 14.2)
	c = append(c, hole(9.9, 10.5, 11.1, 10.5, 11.1, 11.8, 9.9, 11.8)...)
	c = append(c, hole(9.9, 12.3, 11.1, 12.3, 11.1, 13.7, 9.9, 13.7)...)
	c = append(c, hole(12.9, 10.5, 14.1, 10.5, 14.1, 11.8, 12.9, 11.8)...)
	return append(c, hole(12.9, 12.3, 14.1, 12.3, 14.1, 13.7, 12.9, 13.7)...)
}

// lines is a closed outline through points given as x, y, x, y.
func lines(xy ...float32) []Stroke {
	var p []Stroke
	for i := 0; i < len(xy); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		p = append(p, Stroke{op, [6]float32{xy[i], xy[i+1]}})
	}
	return append(p, Stroke{Op: 'Z'})
}

// hole is an outline the other way round, which cuts it out.
func hole(xy ...float32) []Stroke {
	turned := make([]float32, 0, len(xy))
	for i := len(xy) - 2; i >= 0; i -= 2 {
		turned = append(turned, xy[i], xy[i+1])
	}
	return lines(turned...)
}

func disc(x, y, r float32) []Stroke { return round(x, y, r, 1) }
func ring(x, y, r float32) []Stroke { return round(x, y, r, -1) }

// round is a circle of four cubic curves; way -1 cuts it out.
func round(x, y, r, way float32) []Stroke {
	k := r * 0.5523 // the usual handle for a quarter circle
	w := way
	return []Stroke{
		{'M', [6]float32{x + r, y}},
		{'C', [6]float32{x + r, y + w*k, x + k, y + w*r, x, y + w*r}},
		{'C', [6]float32{x - k, y + w*r, x - r, y + w*k, x - r, y}},
		{'C', [6]float32{x - r, y - w*k, x - k, y - w*r, x, y - w*r}},
		{'C', [6]float32{x + k, y - w*r, x + r, y - w*k, x + r, y}},
		{Op: 'Z'},
	}
}

// crossed is a diagonal cross with arms of length a and half thickness t.
func crossed(x, y, a, t float32, cut bool) []Stroke {
	d := t * 1.0
	xy := []float32{
		x, y - d, x + a - d, y - a, x + a, y - a + d, x + d, y, x + a, y + a - d, x + a - d, y + a,
		x, y + d, x - a + d, y + a, x - a, y + a - d, x - d, y, x - a, y - a + d, x - a + d, y - a,
	}
	if cut {
		return hole(xy...)
	}
	return lines(xy...)
}

// Circle is a filled circle.
func Circle(x, y, r float32) []Stroke { return disc(x, y, r) }
