package simcard

import "maps"

// Status is what can be seen of a card from outside, for a tray, a driver or
// a test: of its first application, if it has several. It holds no secrets.
type Status struct {
	Name     string
	Kind     Kind
	Profile  string       // "piv", or empty
	CardID   string       // "piv:" and hex, or empty
	Tries    int          // passcode tries left
	PUKTries int          // of the key, whatever it is
	Commands map[byte]int // by instruction, since the card was made or loaded

	Certificate []byte // of the card authentication key (DER), for the server's list of cards; nil where there is none
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
	s := Status{Name: c.state.Name, Kind: c.state.Kind, Commands: maps.Clone(c.count)}
	if len(c.apps) > 0 {
		c.apps[0].about(&s)
	}
	return s
}

// Certificate returns Status().Certificate.
func (c *Card) Certificate() []byte { return c.Status().Certificate }

// ResetCounts starts the counting of commands anew.
func (c *Card) ResetCounts() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.count)
}
