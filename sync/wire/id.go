package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/oklog/ulid/v2"
)

// Central is the id of the server, and Everyone the addressee of what it
// says to a whole site. No terminal may have either.
const (
	Central  = "central"
	Everyone = "all"
)

// maxID is the longest an id may be: 128 bits in hex, or a ULID with room.
const maxID = 32

// NewID returns a fresh id: a ULID in lower case. Ids made by one program
// sort by the time they were made, to the millisecond.
func NewID() string { return strings.ToLower(ulid.Make().String()) }

// ValidID reports whether s may be an id: [a-z0-9-]{1,32}. Such a text can
// stand in a topic, a signer's name and a sealing context as it is.
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > maxID {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// ValidTerminal reports whether s may be the id of a terminal.
func ValidTerminal(s string) bool {
	return ValidID(s) && s != Central && s != Everyone
}

// ValidOperator reports whether s may be the id of an operator. Operators and
// terminals share the broker's names: no id is of both.
func ValidOperator(s string) bool { return ValidTerminal(s) }

// ValidSite reports whether s may be the id of a site: one that no topic of
// central or of an operator can be taken for.
func ValidSite(s string) bool {
	return ValidID(s) && s != Central && s != ops
}

// CardHash is the keyed hash under which a card's id stands in the registry
// of a site: HMAC-SHA256, in hex. Terminals keep no card id in clear.
func CardHash(key []byte, card string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(card))
	return hex.EncodeToString(mac.Sum(nil))
}
