package openpgp

import "context"

// The shortest passcode and admin PIN, 4.2, and the longest that the card's
// word of it has room for.
const (
	shortest      = 6
	shortestAdmin = 8
	longest       = 127
)

// fits says that a secret is one that a card can have and a keyboard can type.
func fits(secret []byte, least, most int) bool {
	for _, b := range secret {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return len(secret) >= least && len(secret) <= most
}

// roomFor is how long a secret may be where the card has room for so many
// bytes: digests have one length, whatever they are of.
func (a *about) roomFor(room int) int {
	if a.kdf.hash != nil {
		return longest
	}
	return room
}

// passcode and admin are what the card knows a secret by. The caller wipes it.
func (a *about) passcode(secret []byte) []byte { return a.kdf.of(a.kdf.saltPW1, secret) }
func (a *about) admin(secret []byte) []byte    { return a.kdf.of(a.kdf.saltAdmin, secret) }

// prepare says whether the secrets fit, and what the card said of itself; it
// asks the card no more than once, and not for secrets that fit no card.
func (c *Card) prepare(ctx context.Context, admins, passcodes [][]byte) (a *about, fit bool, err error) {
	if !allFit(admins, shortestAdmin, longest) || !allFit(passcodes, shortest, longest) {
		return nil, false, nil
	}
	if a, err = c.ask(ctx); err != nil {
		return nil, false, err
	}
	fit = allFit(admins, shortestAdmin, a.roomFor(a.status.mostAdmin)) &&
		allFit(passcodes, shortest, a.roomFor(a.status.most))
	return a, fit, nil
}

func allFit(secrets [][]byte, least, most int) bool {
	for _, secret := range secrets {
		if !fits(secret, least, most) {
			return false
		}
	}
	return true
}
