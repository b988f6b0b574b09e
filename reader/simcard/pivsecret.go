package simcard

import (
	"bytes"
	"crypto/subtle"

	"unlockpoint/reader/iso7816"
)

// Key references and the form of secrets, SP 800-73-4 part 1, table 4b, and
// part 2, 2.4.3.
const (
	refPIN        = 0x80
	refPUK        = 0x81
	refManagement = 0x9B

	shortest     = 6
	secretLength = 8
	padding      = 0xFF
)

func (p *pivApplication) verify(cmd iso7816.Command) (iso7816.Response, error) {
	pin := &p.kept.PIN
	switch {
	case cmd.P2 != refPIN:
		return answer(iso7816.StatusNoReference), nil
	case cmd.P1 == 0xFF && len(cmd.Data) == 0:
		p.verified = false
		return answer(iso7816.StatusOK), nil
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case len(cmd.Data) == 0 && p.verified:
		return answer(iso7816.StatusOK), nil
	case len(cmd.Data) == 0:
		return answer(p.card.counter(pin)), nil
	}
	if !p.wellFormed(cmd.Data, p.pinCharacter) && pin.Left > 0 {
		return answer(iso7816.StatusWrongData), nil
	}
	s, err := p.card.try(pin, pinned(cmd.Data, pin))
	p.verified = err == nil && s == iso7816.StatusOK
	return answer(s), err
}

func (p *pivApplication) change(cmd iso7816.Command) (iso7816.Response, error) {
	target, character := &p.kept.PIN, p.pinCharacter
	if cmd.P2 == refPUK {
		target, character = &p.kept.PUK, printable
	} else if cmd.P2 != refPIN {
		return answer(iso7816.StatusNoReference), nil
	}
	return p.replace(cmd, target, target, character)
}

func (p *pivApplication) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	if cmd.P2 != refPIN {
		return answer(iso7816.StatusNoReference), nil
	}
	return p.replace(cmd, &p.kept.PUK, &p.kept.PIN, p.pinCharacter)
}

// replace checks the first secret of a command against key and, if it is
// right, puts the second into target. The key is checked before the form of
// the new value, but for a quirk, and a bad new value costs no try.
func (p *pivApplication) replace(cmd iso7816.Command, key, target *secret, character func(byte) bool) (iso7816.Response, error) {
	if cmd.P1 != 0 {
		return answer(iso7816.StatusWrongP1P2), nil
	}
	if len(cmd.Data) != 2*secretLength {
		return answer(iso7816.StatusWrongData), nil
	}
	old, fresh := cmd.Data[:secretLength], cmd.Data[secretLength:]
	if p.card.state.Quirks.FormFirst && !p.wellFormed(fresh, character) {
		return answer(iso7816.StatusWrongData), nil
	}
	s, err := p.card.try(key, pinned(old, key))
	if err != nil || s != iso7816.StatusOK {
		return answer(s), err
	}
	if !p.wellFormed(fresh, character) {
		return answer(iso7816.StatusWrongData), nil
	}
	return answer(iso7816.StatusOK), p.card.set(target, unpad(fresh))
}

// pinned says whether a padded guess is the secret.
func pinned(guess []byte, s *secret) bool {
	return subtle.ConstantTimeCompare(guess, pad(s.Value)) == 1
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
func (p *pivApplication) wellFormed(b []byte, character func(byte) bool) bool {
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

func (p *pivApplication) pinCharacter(b byte) bool {
	return b >= '0' && b <= '9' || p.card.state.Quirks.AnyCharacters && printable(b)
}

func (p *pivApplication) passcode(typed string) (*secret, bool) {
	return &p.kept.PIN, pinned(pad(typed), &p.kept.PIN)
}
