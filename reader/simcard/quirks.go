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
	ShortOnly     bool  `json:"short_only,omitempty"`     // refuses extended commands
	Delay         Delay `json:"delay,omitempty"`          // per command; contact cards take 2 to 30 ms
}

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
