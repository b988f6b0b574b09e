package simcard

import (
	"fmt"
	"time"
)

// Quirks are habits in which real cards differ. The zero value is a strict
// NIST card that answers at length and tells no metadata.
type Quirks struct {
	AnyCharacters bool  `json:"any_characters,omitempty"` // passcodes of any printable characters, not digits alone
	Metadata      bool  `json:"metadata,omitempty"`       // answers GET METADATA, as newer YubiKeys do
	Version       bool  `json:"version,omitempty"`        // answers GET VERSION, which the Yubico tools insist on
	Parts         bool  `json:"parts,omitempty"`          // answers in parts as over T=0: 61xx and 6Cxx
	T0            bool  `json:"t0,omitempty"`             // speaks T=0: the answer to reset says so, answers come in parts
	ShortOnly     bool  `json:"short_only,omitempty"`     // refuses extended commands
	CountsToZero  bool  `json:"counts_to_zero,omitempty"` // says 63C0, never 6983, when blocked
	NeverCounts   bool  `json:"never_counts,omitempty"`   // says 6982 to every wrong secret, blocked or not
	FormFirst     bool  `json:"form_first,omitempty"`     // looks at a new value's form before it tests the key
	CountsAdmin   bool  `json:"counts_admin,omitempty"`   // counts wrong answers to a GIDS card's challenge
	TellsBlocked  bool  `json:"tells_blocked,omitempty"`  // an OpenPGP card that says 6983 to a secret that is blocked, not 6982 as to a wrong one
	TellsTries    bool  `json:"tells_tries,omitempty"`    // an OpenPGP card that says 63Cx to a wrong secret
	KDF           bool  `json:"kdf,omitempty"`            // an OpenPGP card that was set up to get digests of passcodes
	ResettingCode bool  `json:"resetting_code,omitempty"` // an OpenPGP card with a resetting code, the same as its first admin PIN
	Delay         Delay `json:"delay,omitempty"`          // per command; contact cards take 2 to 30 ms
}

// parts says whether answers come in parts.
func (q Quirks) parts() bool { return q.Parts || q.T0 }

// Delay is a duration that a state file shows as "20ms".
type Delay time.Duration

// MarshalText writes the duration as people do.
func (d Delay) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Delay) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("delay: %w", err)
	}
	*d = Delay(v)
	return nil
}
