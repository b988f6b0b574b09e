package simcard

import (
	"slices"

	"unlockpoint/reader/authentic"
	"unlockpoint/reader/isoapplet"
)

// Kind is a sort of card, as people meet them at the wall.
type Kind string

// The kinds of cards.
const (
	Working     Kind = "working"     // three tries left
	Blocked     Kind = "blocked"     // no passcode tries left
	Expired     Kind = "expired"     // blocked, certificates out of date
	Unknown     Kind = "unknown"     // answers, but no application that we know
	Unsupported Kind = "unsupported" // recognised (IDPrime), not served
	Foreign     Kind = "foreign"     // a blocked card of another authority
	Mute        Kind = "mute"        // no answer to reset: upside down
	PUKUsedUp   Kind = "puk-used-up" // neither passcode nor key tries left
)

// Kinds lists all kinds in the order a tray shows them.
func Kinds() []Kind {
	return []Kind{Blocked, Working, Expired, Foreign, PUKUsedUp, Unsupported, Unknown, Mute}
}

// Describe says in a few words what a kind of card is.
func (k Kind) Describe() string {
	switch k {
	case Working:
		return "a working card"
	case Blocked:
		return "a blocked card"
	case Expired:
		return "a blocked card whose certificates have expired"
	case Foreign:
		return "a blocked card from another organisation"
	case PUKUsedUp:
		return "a blocked card whose PUK is used up"
	case Unsupported:
		return "a card of a type that is not served (IDPrime)"
	case Unknown:
		return "a card that is no smartcard we know"
	case Mute:
		return "a card put in upside down"
	}
	return "no card"
}

// profiles are those of a card's applications.
func (k Kind) profiles(wanted []string) []string {
	switch k {
	case Unknown, Mute:
		return nil
	case Unsupported:
		return []string{idPrime}
	}
	if slices.ContainsFunc(wanted, knownByChip) {
		return append(slices.Clone(wanted), manager)
	}
	return wanted
}

// knownByChip says that a profile's cards have no name but their chip's.
func knownByChip(profile string) bool {
	return profile == isoapplet.Profile || profile == authentic.Profile
}

// blocked and pukUsedUp say what a new card of the kind starts with.
func (k Kind) blocked() bool {
	return k == Blocked || k == Expired || k == Foreign || k == PUKUsedUp
}

func (k Kind) pukUsedUp() bool { return k == PUKUsedUp }
