package serialtest

import (
	"strconv"
	"strings"
)

// Paper is a screen of 80 columns that never scrolls: what an engineer has
// seen, from the first line on. It knows what package term sends, and no more.
type Paper struct {
	rows        [][]rune
	row, column int
	saved       [2]int
	sequence    string
	asked       bool // where the cursor is
}

// Columns of a paper.
const Columns = 80

// Write takes what the console sent.
func (p *Paper) Write(data []byte) (int, error) {
	for _, b := range data {
		p.take(rune(b))
	}
	return len(data), nil
}

func (p *Paper) take(r rune) {
	switch {
	case p.sequence != "" || r == 0x1b:
		p.sequence += string(r)
		p.obey()
	case r == '\r':
		p.column = 0
	case r == '\n':
		p.row++
	default:
		p.put(r)
	}
}

func (p *Paper) line() *[]rune {
	for len(p.rows) <= p.row {
		p.rows = append(p.rows, nil)
	}
	return &p.rows[p.row]
}

func (p *Paper) put(r rune) {
	if p.column == Columns {
		p.row, p.column = p.row+1, 0
	}
	line := p.line()
	for len(*line) <= p.column {
		*line = append(*line, ' ')
	}
	(*line)[p.column] = r
	p.column++
}

// obey does what an escape sequence says once it is whole.
func (p *Paper) obey() {
	switch p.sequence {
	case "\x1b7":
		p.saved = [2]int{p.row, p.column}
	case "\x1b8":
		p.row, p.column = p.saved[0], p.saved[1]
	default:
		last := p.sequence[len(p.sequence)-1]
		if len(p.sequence) < 3 || last < '@' || last > '~' {
			return
		}
		p.control(p.sequence[2:len(p.sequence)-1], last)
	}
	p.sequence = ""
}

func (p *Paper) control(parameter string, final byte) {
	n, err := strconv.Atoi(parameter)
	if err != nil {
		n = 1
	}
	switch final {
	case 'A':
		p.row = max(0, p.row-n)
	case 'B':
		p.row += n
	case 'C':
		p.column = min(Columns-1, p.column+n)
	case 'D':
		p.column = max(0, p.column-n)
	case 'K':
		if line := p.line(); len(*line) > p.column {
			*line = (*line)[:p.column]
		}
	case 'n':
		p.asked = true
	}
}

// String is all of it, without blanks at the ends of lines.
func (p *Paper) String() string {
	var b strings.Builder
	for _, row := range p.rows {
		b.WriteString(strings.TrimRight(string(row), " ") + "\n")
	}
	return b.String()
}

// Row is where the cursor is.
func (p *Paper) Row() int { return p.row }

// Waits says whether the console waits for a line: the last one ends in a prompt
// with nothing behind it, where the cursor is.
func (p *Paper) Waits(prompt string) bool {
	line := string(*p.line())
	return p.row == len(p.rows)-1 && p.column <= len(line) && strings.HasSuffix(line[:p.column], prompt) &&
		strings.TrimSpace(line[p.column:]) == ""
}
