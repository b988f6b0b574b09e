package simcard

import (
	"maps"

	"unlockpoint/reader/piv"
)

// Status is what can be seen of a card from outside, for a tray, a driver or
// a test. It holds no secrets.
type Status struct {
	Name     string
	Kind     Kind
	Profile  string // "piv", or empty
	CardID   string // "piv:" and hex, or empty
	Tries    int    // passcode tries left
	PUKTries int
	Commands map[byte]int // by instruction, since the card was made or loaded
}

// Total is the number of commands of all instructions.
func (s Status) Total() (n int) {
	for _, k := range s.Commands {
		n += k
	}
	return n
}

// Status returns the card's present state.
func (c *Card) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Status{
		Name: c.state.Name, Kind: c.state.Kind,
		Tries: c.state.PIN.Left, PUKTries: c.state.PUK.Left,
		Commands: maps.Clone(c.count),
	}
	if c.state.Kind.hasPIV() {
		s.Profile = piv.Profile
		s.CardID, _ = piv.ParseCHUID(c.chuid()) // a card we made has a name
	}
	return s
}

// Certificate returns the card authentication certificate (DER), for the
// server's list of cards; nil where there is none.
func (c *Card) Certificate() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]byte(nil), c.state.Certificate...)
}

// ResetCounts starts the counting of commands anew.
func (c *Card) ResetCounts() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.count)
}
