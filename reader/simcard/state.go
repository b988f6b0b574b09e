package simcard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// state is what the chip remembers without power.
type state struct {
	Version     int    `json:"version"`
	Kind        Kind   `json:"kind"`
	Name        string `json:"name"` // on the tray, for people
	GUID        []byte `json:"guid,omitempty"`
	FASCN       []byte `json:"fascn,omitempty"`
	Expiry      string `json:"expiry,omitempty"` // YYYYMMDD, in the CHUID
	PIN         secret `json:"pin"`
	PUK         secret `json:"puk"`
	Key         []byte `json:"key,omitempty"` // 9E, PKCS #8
	Certificate []byte `json:"certificate,omitempty"`
	Login       []byte `json:"login_certificate,omitempty"`
	Quirks      Quirks `json:"quirks"`
}

// stateVersion is the only version of the state file there has been.
const stateVersion = 1

// secret is a value with its retry counter.
type secret struct {
	Value string `json:"value"`
	Left  int    `json:"left"`
	Max   int    `json:"max"`
}

// Load reads a card from its state file and keeps it there.
func Load(path string) (*Card, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("loading a virtual card: %w", err)
	}
	c := &Card{path: path, count: map[byte]int{}}
	if err := json.Unmarshal(raw, &c.state); err != nil {
		return nil, fmt.Errorf("loading a virtual card from %s: %w", path, err)
	}
	if c.state.Version != stateVersion {
		return nil, fmt.Errorf("loading a virtual card from %s: version %d is not known", path, c.state.Version)
	}
	return c, nil
}

// Keep writes the card's state to path, now and at every change from now on.
func (c *Card) Keep(path string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.path = path
	return c.save()
}

// save replaces the state file in one step: cut the power anywhere, and the
// card is as before the command or as after it.
func (c *Card) save() error {
	if c.path == "" {
		return nil
	}
	raw, err := json.MarshalIndent(c.state, "", "  ")
	if err != nil {
		return fmt.Errorf("saving a virtual card: %w", err)
	}
	if err := replaceFile(c.path, append(raw, '\n')); err != nil {
		return fmt.Errorf("saving a virtual card: %w", err)
	}
	return nil
}

func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // does nothing once renamed
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
