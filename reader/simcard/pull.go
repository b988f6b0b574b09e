package simcard

// Moment is when, within a command, a card is pulled.
type Moment int

// Before: the command did nothing. During: a try was spent, as a chip books it
// before it compares, and nothing else happened. After: everything happened,
// and the answer is lost.
const (
	Before Moment = iota + 1
	During
	After
)

// Pull takes the card out during the Nth command from now with instruction
// INS; INS 0 counts every command, N 0 means the first. It happens once.
type Pull struct {
	INS  byte
	N    int
	When Moment

	armed bool
}

// PullAt arranges for the card to be pulled; the zero Pull calls it off.
func (c *Card) PullAt(p Pull) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.N = max(p.N, 1)
	c.pull = p
}

// arm counts a command that begins.
func (p *Pull) arm(ins byte) {
	if p.When != 0 && (p.INS == 0 || p.INS == ins) {
		p.N--
		p.armed = p.N == 0
	}
}

func (p *Pull) due(m Moment) bool { return p.armed && p.When == m }
