package simcard

import (
	"crypto/sha256"
	"encoding/hex"

	"unlockpoint/reader/iso7816"
)

// What an OpenPGP card knows of secrets (OpenPGP card 3.4, 4.2 and 7.2).
const (
	refPW1      = 0x81
	refPW1Other = 0x82
	refPW3      = 0x83

	pgpShortest      = 6
	pgpShortestAdmin = 8
	pgpLongest       = 32

	pgpFactoryPW1 = "123456"
	pgpFactoryPW3 = "12345678"
)

// test compares a secret. Whatever was wrong, the card says that it may not:
// also when it is blocked. Some cards say more.
func (p *pgpApplication) test(s *secret, guess []byte) (iso7816.Status, error) {
	status, err := p.card.try(s, hex.EncodeToString(guess) == s.Value)
	q := p.card.state.Quirks
	switch {
	case err != nil, status == iso7816.StatusOK, q.TellsTries:
		return status, err
	case q.TellsBlocked && s.Left == 0:
		return iso7816.StatusBlocked, nil
	}
	return iso7816.StatusNotAllowed, nil
}

func (p *pgpApplication) verify(cmd iso7816.Command) (iso7816.Response, error) {
	s, verified, least := p.secret(cmd.P2)
	const logOut = 0xFF // P1
	switch {
	case s == nil:
		return answer(iso7816.StatusNoReference), nil
	case cmd.P1 == logOut && len(cmd.Data) == 0:
		*verified = false
		return answer(iso7816.StatusOK), nil
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	case len(cmd.Data) == 0 && *verified:
		return answer(iso7816.StatusOK), nil
	case len(cmd.Data) == 0:
		return answer(iso7816.StatusTries | iso7816.Status(s.Left)), nil
	case !pgpSized(len(cmd.Data), least):
		return answer(iso7816.StatusWrongLength), nil
	}
	status, err := p.test(s, cmd.Data)
	*verified = err == nil && status == iso7816.StatusOK
	return answer(status), err
}

func pgpSized(length, least int) bool { return length >= least && length <= pgpLongest }

// secret is what a reference means, whether it was verified, and the least
// length that it has.
func (p *pgpApplication) secret(ref byte) (*secret, *bool, int) {
	switch ref {
	case refPW1:
		return &p.kept.PW1, &p.signs, pgpShortest
	case refPW1Other:
		return &p.kept.PW1, &p.other, pgpShortest
	case refPW3:
		return &p.kept.PW3, &p.admins, pgpShortestAdmin
	}
	return nil, nil, 0
}

func (p *pgpApplication) change(cmd iso7816.Command) (iso7816.Response, error) {
	s, _, least := p.secret(cmd.P2)
	switch {
	case s == nil || cmd.P2 == refPW1Other: // PW1 is one, whatever it is for
		return answer(iso7816.StatusNoReference), nil
	case cmd.P1 != 0:
		return answer(iso7816.StatusWrongP1P2), nil
	}
	return p.replace(cmd.Data, s, least, s, least)
}

// replace tests the beginning of a command against key and puts the rest into
// target. There is no mark between the two: the first ends where the right one
// would.
func (p *pgpApplication) replace(data []byte, key *secret, least int, target *secret, leastOfTarget int) (iso7816.Response, error) {
	if len(data) < least+leastOfTarget || len(data) > 2*pgpLongest {
		return answer(iso7816.StatusWrongLength), nil
	}
	end := min(len(key.Value)/2, len(data))
	old, fresh := data[:end], data[end:]
	if p.card.state.Quirks.FormFirst && !pgpSized(len(fresh), leastOfTarget) {
		return answer(iso7816.StatusWrongLength), nil
	}
	status, err := p.test(key, old)
	if err != nil || status != iso7816.StatusOK {
		return answer(status), err
	}
	return p.put(target, fresh, leastOfTarget)
}

// put stores a new secret that has a length it may have.
func (p *pgpApplication) put(s *secret, fresh []byte, least int) (iso7816.Response, error) {
	if !pgpSized(len(fresh), least) {
		return answer(iso7816.StatusWrongLength), nil
	}
	return answer(iso7816.StatusOK), p.card.set(s, hex.EncodeToString(fresh))
}

// unblock sets PW1 after PW3, or with the resetting code, where there is one.
func (p *pgpApplication) unblock(cmd iso7816.Command) (iso7816.Response, error) {
	const afterAdmin, withCode = 0x02, 0x00
	switch {
	case cmd.P2 != refPW1 || cmd.P1 != afterAdmin && cmd.P1 != withCode:
		return answer(iso7816.StatusWrongP1P2), nil
	case cmd.P1 == withCode:
		return p.replace(cmd.Data, &p.kept.RC, pgpShortestAdmin, &p.kept.PW1, pgpShortest)
	case p.card.state.Quirks.FormFirst && !pgpSized(len(cmd.Data), pgpShortest):
		return answer(iso7816.StatusWrongLength), nil
	case !p.admins:
		return answer(iso7816.StatusNotAllowed), nil
	}
	return p.put(&p.kept.PW1, cmd.Data, pgpShortest)
}

// The salts and the count of a card with KDF: those of the example in 4.3.2.
const (
	pgpSaltPW1 = "01234567"
	pgpSaltRC  = "\x10\x11\x12\x13\x14\x15\x16\x17"
	pgpSaltPW3 = "ABCDEFGH"
	pgpCount   = 100_000
)

// known is what the card knows a secret by.
func (p *pgpApplication) known(s, salt string) []byte {
	if !p.kept.KDF {
		return []byte(s)
	}
	text := make([]byte, 0, pgpCount+len(salt+s))
	for len(text) < pgpCount {
		text = append(text, salt+s...)
	}
	digest := sha256.Sum256(text[:pgpCount])
	return digest[:]
}
