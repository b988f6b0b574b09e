package simcard

import (
	"fmt"

	"unlockpoint/reader/authentic"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/isoapplet"
	"unlockpoint/reader/openpgp"
	"unlockpoint/reader/piv"
)

// application is one program on the chip. The card holds its lock while it
// calls one.
type application interface {
	// memory is what the application remembers without power: a pointer to
	// something that JSON writes and reads.
	memory() any
	// personalise fills the memory of a new card.
	personalise(Config) error
	// chooses says whether a SELECT by this name means the application, and
	// answers it.
	chooses(name []byte) (iso7816.Response, bool)
	// perform executes one whole command.
	perform(iso7816.Command) (iso7816.Response, error)
	// sleep forgets whatever the end of power, or the choice of another
	// application, ends.
	sleep()
	// about fills in what can be seen of the application.
	about(*Status)
	// passcode is the holder's, and says whether it is what was typed.
	passcode(typed string) (*secret, bool)
}

// newApplication makes the application of a profile, with an empty memory.
func newApplication(profile string, c *Card) (application, error) {
	switch profile {
	case piv.Profile:
		return &pivApplication{card: c}, nil
	case gids.Profile:
		return &gidsApplication{card: c}, nil
	case openpgp.Profile:
		return &pgpApplication{card: c}, nil
	case isoapplet.Profile:
		return &isoApplication{card: c}, nil
	case authentic.Profile:
		return &oberthurApplication{card: c}, nil
	case manager:
		return &managerApplication{}, nil
	case idPrime:
		return idPrimeApplication{}, nil
	}
	return nil, fmt.Errorf("there is no virtual card for the profile %q", profile)
}

// idPrime is the application of a card that is recognised, and not served.
const idPrime = "idprime"

type idPrimeApplication struct{}

func (idPrimeApplication) memory() any              { return &struct{}{} }
func (idPrimeApplication) personalise(Config) error { return nil }
func (idPrimeApplication) sleep()                   {}
func (idPrimeApplication) about(*Status)            {}

func (idPrimeApplication) passcode(string) (*secret, bool) { return new(secret), false }

func (idPrimeApplication) chooses(name []byte) (iso7816.Response, bool) {
	return answer(iso7816.StatusOK), begins(name, []byte{0xA0, 0x00, 0x00, 0x00, 0x18, 0x80, 0x00, 0x00, 0x00, 0x06, 0x62})
}

func (idPrimeApplication) perform(iso7816.Command) (iso7816.Response, error) {
	return answer(iso7816.StatusUnknownINS), nil
}
