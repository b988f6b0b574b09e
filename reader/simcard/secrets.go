package simcard

import (
	"bytes"
	"crypto/subtle"

	"unlockpoint/reader/iso7816"
)

// Key references and the form of secrets, SP 800-73-4 part 1, table 4b, and
// part 2, 2.4.3.
const (
	refPIN = 0x80
	refPUK = 0x81

	shortest     = 6
	secretLength = 8
	padding      = 0xFF
	mostTries    = 15 // what 63Cx can tell
)

// statusMemory says that the state could not be written.
const statusMemory iso7816.Status = 0x6581

func (c *Card) verify(cmd iso7816.Command) (iso7816.Response, error) {
	pin := &c.state.PIN
	switch {
	case cmd.P2 != refPIN:
		return answer(iso7816.StatusNoReference), nil
	case cmd.P1 == 0xFF && len(cmd.Data) == 0:
		c.power.verified = false
		return answer(iso7816.StatusOK), nil
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case len(cmd.Data) == 0 && c.power.verified:
		return answer(iso7816.StatusOK), nil
	case len(cmd.Data) == 0:
		return answer(pin.status()), nil
	}
	if !c.wellFormed(cmd.Data, c.pinCharacter) && pin.Left > 0 {
		return answer(iso7816.StatusWrongData), nil
	}
	s, err := c.try(pin, cmd.Data)
	c.power.verified = err == nil && s == iso7816.StatusOK
	return answer(s), err
}

func (c *Card) change(cmd iso7816.Command) (iso7816.Response, error) {
	target, character := &c.state.PIN, c.pinCharacter
	if cmd.P2 == refPUK {
		target, character = &c.state.PUK, printable
	} else if cmd.P2 != refPIN {
		return answer(iso7816.StatusNoReference), nil
	}
	return c.replace(cmd, target, target, character)
}

func (c *Card) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	if cmd.P2 != refPIN {
		return answer(iso7816.StatusNoReference), nil
	}
	return c.replace(cmd, &c.state.PUK, &c.state.PIN, c.pinCharacter)
}

// replace checks the first secret of a command against key and, if it is
// right, puts the second into target. The key is checked before the form of
// the new value, and a bad new value costs no try.
func (c *Card) replace(cmd iso7816.Command, key, target *secret, character func(byte) bool) (iso7816.Response, error) {
	if cmd.P1 != 0 {
		return answer(iso7816.StatusWrongP1P2), nil
	}
	if len(cmd.Data) != 2*secretLength {
		return answer(iso7816.StatusWrongData), nil
	}
	s, err := c.try(key, cmd.Data[:secretLength])
	if err != nil || s != iso7816.StatusOK {
		return answer(s), err
	}
	fresh := cmd.Data[secretLength:]
	if !c.wellFormed(fresh, character) {
		return answer(iso7816.StatusWrongData), nil
	}
	target.Value, target.Left = unpad(fresh), target.Max
	return answer(c.commit()), nil
}

// try compares a secret. The try is booked before the comparison and given
// back after a right one, so that cutting the power never gives a free guess.
func (c *Card) try(s *secret, guess []byte) (iso7816.Status, error) {
	if s.Left == 0 {
		return iso7816.StatusBlocked, nil
	}
	s.Left--
	if status := c.commit(); status != iso7816.StatusOK {
		return status, nil
	}
	if c.pull.due(During) {
		return 0, ErrPulled
	}
	if subtle.ConstantTimeCompare(guess, pad(s.Value)) == 0 {
		return s.status(), nil
	}
	s.Left = s.Max
	return c.commit(), nil
}

// status is the answer to a question for the counter, or to a wrong secret.
func (s *secret) status() iso7816.Status {
	if s.Left == 0 {
		return iso7816.StatusBlocked
	}
	return iso7816.StatusTries | iso7816.Status(min(s.Left, mostTries))
}

func (c *Card) commit() iso7816.Status {
	if err := c.save(); err != nil {
		return statusMemory
	}
	return iso7816.StatusOK
}

func pad(s string) []byte {
	b := append([]byte(s), bytes.Repeat([]byte{padding}, secretLength)...)
	return b[:secretLength]
}

func unpad(b []byte) string {
	for len(b) > 0 && b[len(b)-1] == padding {
		b = b[:len(b)-1]
	}
	return string(b)
}

// wellFormed says whether b is six to eight characters, padded to eight.
func (c *Card) wellFormed(b []byte, character func(byte) bool) bool {
	value := unpad(b)
	if len(b) != secretLength || len(value) < shortest {
		return false
	}
	for i := range len(value) {
		if !character(value[i]) {
			return false
		}
	}
	return true
}

func (c *Card) pinCharacter(b byte) bool {
	return b >= '0' && b <= '9' || c.state.Quirks.AnyCharacters && printable(b)
}

func printable(b byte) bool { return b >= 0x20 && b <= 0x7E }

// Verify tries a passcode, as the log-in of a computer would: a wrong one
// costs a try. It is no command and is not counted.
func (c *Card) Verify(passcode string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.state.Kind.hasPIV() {
		return false
	}
	s, err := c.try(&c.state.PIN, pad(passcode))
	return err == nil && s == iso7816.StatusOK
}
