package serial

import (
	"strconv"
	"strings"
)

// What a line sends that is no character.
const (
	ctrlC  = 0x03
	ctrlU  = 0x15
	escape = 0x1b
)

// longestSequence is more than the keys that are known here have.
const longestSequence = 16

// size of the engineer's screen, in characters.
type size struct{ columns, rows int }

// keys makes sense of what a line brings. A serial line brings noise, zeros
// for a BREAK and bytes of another speed: whatever is no key of an English
// keyboard is dropped, so that nothing of it waits to change what comes next.
type keys struct {
	sequence []byte // an escape sequence that has begun
	returned bool   // the last was a carriage return: a line feed adds nothing
}

// take takes one byte. It returns what the line editor is to see, and the
// size, when the byte ends a screen's answer about it.
func (k *keys) take(b byte) (out []byte, is size) {
	if len(k.sequence) > 0 {
		return k.within(b)
	}
	returned := k.returned
	k.returned = b == '\r'
	switch {
	case b == escape:
		k.sequence = append(k.sequence, b)
	case b == '\n' && returned:
	case b == '\n':
		return []byte{'\r'}, is
	case b >= ' ' && b <= '~', strings.IndexByte(controls, b) >= 0:
		return []byte{b}, is
	}
	return nil, is
}

// controls are those that package term knows, and ctrlC.
const controls = "\x01\x02\x03\x04\x05\x06\x08\t\x0b\x0c\r\x0e\x10\x14\x15\x17\x7f"

// within takes a byte of an escape sequence (ECMA-48, 5.4). One that breaks
// off is dropped, and the byte stands for itself.
func (k *keys) within(b byte) ([]byte, size) {
	first := len(k.sequence) == 1
	switch {
	case b < ' ' || b > '~' || len(k.sequence) == longestSequence, first && b != '[' && b != 'O':
		k.sequence = k.sequence[:0]
		return k.take(b)
	case first || b < '@':
		k.sequence = append(k.sequence, b)
		return nil, size{}
	}
	whole := string(append(k.sequence, b))
	k.sequence = k.sequence[:0]
	return known(whole)
}

// known is what the line editor makes of a sequence, if anything.
func known(sequence string) ([]byte, size) {
	inside := sequence[2:]
	switch inside {
	case "A", "B", "C", "D", "H", "F", "3~":
		return []byte("\x1b[" + inside), size{}
	case "1~":
		return []byte("\x1b[H"), size{}
	case "4~":
		return []byte("\x1b[F"), size{}
	}
	if at, ok := strings.CutSuffix(inside, "R"); ok {
		return nil, position(at)
	}
	return nil, size{}
}

// position reads the answer to ESC[6n.
func position(text string) size {
	row, column, _ := strings.Cut(text, ";")
	r, err1 := strconv.Atoi(row)
	c, err2 := strconv.Atoi(column)
	if err1 != nil || err2 != nil || r < 4 || c < 20 || r > 1000 || c > 1000 {
		return size{} // noise, or no screen that a person works at
	}
	return size{columns: c, rows: r}
}
