package simcard

import (
	"encoding/json"
	"fmt"

	"unlockpoint/reader/iso7816"
)

// secret is a value with its retry counter.
type secret struct {
	Value string `json:"value"`
	Left  int    `json:"left"`
	Max   int    `json:"max"`
}

// mostTries is what 63Cx can tell.
const mostTries = 15

// newSecret is a secret that has all its tries.
func newSecret(value string, tries int) secret { return secret{Value: value, Left: tries, Max: tries} }

// UnmarshalJSON refuses a count that no status word can tell: people write into
// state files, and below zero a card would let them guess for ever.
func (s *secret) UnmarshalJSON(raw []byte) error {
	type plain secret // without this method
	if err := json.Unmarshal(raw, (*plain)(s)); err != nil {
		return err
	}
	if min(s.Left, s.Max) < 0 || max(s.Left, s.Max) > mostTries {
		return fmt.Errorf("a secret has 0 to %d tries", mostTries)
	}
	return nil
}

// try tests a secret. The try is booked before the comparison and given back
// after a right one, so that cutting the power never gives a free guess.
func (c *Card) try(s *secret, right bool) (iso7816.Status, error) {
	if s.Left == 0 {
		return c.told(s), nil
	}
	s.Left--
	if err := c.commit(); err != nil {
		return 0, err
	}
	if !right {
		return c.told(s), nil
	}
	s.Left = s.Max
	return iso7816.StatusOK, c.commit()
}

// told is the answer to a wrong secret.
func (c *Card) told(s *secret) iso7816.Status {
	if c.state.Quirks.NeverCounts {
		return iso7816.StatusNotAllowed
	}
	return c.counter(s)
}

// counter is the answer to a question for the counter.
func (c *Card) counter(s *secret) iso7816.Status {
	switch q := c.state.Quirks; {
	case s.Left == 0 && q.CountsToZero:
		return iso7816.StatusTries
	case s.Left == 0:
		return iso7816.StatusBlocked
	}
	return iso7816.StatusTries | iso7816.Status(min(s.Left, mostTries))
}

// set replaces a secret and gives it all its tries.
func (c *Card) set(s *secret, value string) error {
	s.Value, s.Left = value, s.Max
	return c.commit()
}

// commit writes the card's memory. The power may go right after it.
func (c *Card) commit() error {
	if err := c.save(); err != nil {
		return errMemory
	}
	if c.pull.wrote() {
		return ErrPulled
	}
	return nil
}

func printable(b byte) bool { return b >= 0x20 && b <= 0x7E }

// Verify tries a passcode, as the log-in of a computer would: a wrong one
// costs a try. It is no command and is not counted. On a card with several
// applications it is the first one's.
func (c *Card) Verify(passcode string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.apps) == 0 {
		return false
	}
	status, err := c.try(c.apps[0].passcode(passcode))
	return status == iso7816.StatusOK && err == nil
}

// Has says whether a passcode is the card's, as nobody outside can: it costs no
// try. On a card with several applications it is the first one's.
func (c *Card) Has(passcode string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.apps) == 0 {
		return false
	}
	_, right := c.apps[0].passcode(passcode)
	return right
}
