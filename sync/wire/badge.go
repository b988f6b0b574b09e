package wire

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Badge is who an operator is and whom they trust: one JSON file that only
// they may read. It never prints its secrets.
type Badge struct {
	Realm   string        `json:"realm"`
	ID      string        `json:"id"`
	Role    Role          `json:"role"`     // as it was given; central's list decides
	NoteKey []byte        `json:"note_key"` // Ed25519 seed
	SealKey []byte        `json:"seal_key"` // X25519
	Central PinnedCentral `json:"central"`
	MQTT    MQTT          `json:"mqtt"`
}

// String and GoString keep secrets out of logs.
func (b Badge) String() string   { return "badge of " + b.ID }
func (b Badge) GoString() string { return b.String() }

// Signer signs the operator's notes.
func (b Badge) Signer() (Signer, error) { return newSeedSigner(b.ID, b.NoteKey) }

// Verifier opens central's notes.
func (b Badge) Verifier() (Verifier, error) { return NewVerifier(b.Central.ID, b.Central.NoteKey) }

// Check says what is missing or malformed.
func (b Badge) Check() error {
	_, noteErr := b.Signer()
	_, centralErr := b.Verifier()
	_, sealErr := ParseSealKey(b.SealKey)
	switch {
	case !ValidRealm(b.Realm):
		return errors.New("realm is malformed")
	case !ValidOperator(b.ID):
		return errors.New("id is malformed")
	case !ValidRole(b.Role):
		return errors.New("role is malformed")
	case noteErr != nil:
		return errors.New("note_key is malformed")
	case sealErr != nil:
		return errors.New("seal_key is malformed")
	case b.Central.ID != Central || centralErr != nil || len(b.Central.SealKey) != 32:
		return errors.New("central is malformed")
	case b.MQTT.URL == "":
		return errors.New("mqtt.url is missing")
	}
	return nil
}

// LoadBadge reads and checks the file. One that others may read is refused:
// its keys are no secret any more.
func LoadBadge(path string) (Badge, error) {
	raw, err := readSecret(path)
	if err != nil {
		return Badge{}, fmt.Errorf("loading who you are from %s (\"central operators add\" writes one): %w", path, err)
	}
	b, err := ParseBadge(raw)
	if err != nil {
		return Badge{}, fmt.Errorf("loading who you are from %s (\"central operators add\" writes one): %w", path, err)
	}
	return b, nil
}

// ParseBadge reads the file's text.
func ParseBadge(raw []byte) (Badge, error) {
	var b Badge
	if err := Decode(raw, &b); err != nil {
		return Badge{}, err
	}
	return b, b.Check()
}

// Save writes the file whole or not at all, with mode 0600.
func (b Badge) Save(path string) error {
	if err := b.Check(); err != nil {
		return fmt.Errorf("saving who an operator is: %w", err)
	}
	raw, err := json.MarshalIndent(b, "", "  ")
	if err == nil {
		err = ReplaceFile(path, append(raw, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("saving who an operator is: %w", err)
	}
	return nil
}
