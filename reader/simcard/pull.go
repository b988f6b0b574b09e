package simcard

// Moment is when, within a command, a card is pulled.
type Moment int

// Before: the command did nothing. During: power went when the chip had written
// to its memory once, as it books a try before it compares, or as often as
// Pull.Write says. After: everything happened, and the answer is lost. AtByte:
// the contacts went when Pull.Byte bytes had passed, commands and answers alike.
const (
	Before Moment = iota + 1
	During
	After
	AtByte
)

// Pull takes the card out during the Nth command from now with instruction
// INS; INS 0 counts every command, N 0 means the first. It happens once.
type Pull struct {
	INS   byte
	N     int
	When  Moment
	Write int // for During: after which write; 0 means the first
	Byte  int // for AtByte: of all that pass from now, whatever INS and N say

	armed bool
}

// PullAt arranges for the card to be pulled; the zero Pull calls it off.
func (c *Card) PullAt(p Pull) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.N, p.Write = max(p.N, 1), max(p.Write, 1)
	c.pull = p
}

// arm counts a command that begins.
func (p *Pull) arm(ins byte) {
	if p.When != 0 && p.When != AtByte && (p.INS == 0 || p.INS == ins) {
		p.N--
		p.armed = p.N == 0
	}
}

// hears counts the bytes of a command: of one that comes in part, nothing is
// done.
func (p *Pull) hears(n int) {
	if p.When != AtByte {
		return
	}
	if p.Byte -= n; p.Byte <= 0 {
		p.When, p.armed = Before, true
	}
}

// says counts the bytes of an answer, and reports whether some are lost.
func (p *Pull) says(n int) bool {
	if p.When != AtByte {
		return false
	}
	p.Byte -= n
	return p.Byte < 0
}

func (p *Pull) due(m Moment) bool { return p.armed && p.When == m }

// wrote counts a write to the card's memory and says whether the power goes
// right after it.
func (p *Pull) wrote() bool {
	if !p.due(During) {
		return false
	}
	p.Write--
	return p.Write == 0
}
