package simcard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"unlockpoint/reader/piv"
)

// state is what the chip remembers without power.
type state struct {
	Version  int                        `json:"version"`
	Kind     Kind                       `json:"kind"`
	Name     string                     `json:"name"` // on the tray, for people
	Quirks   Quirks                     `json:"quirks"`
	Profiles []string                   `json:"profiles,omitempty"` // of the applications, in order
	Memory   map[string]json.RawMessage `json:"memory,omitempty"`   // of each application
}

// stateVersion 1 knew the PIV application only and kept its memory among its
// own fields.
const stateVersion = 2

// Load reads a card from its state file and keeps it there.
func Load(path string) (*Card, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("loading a virtual card: %w", err)
	}
	c := &Card{path: path, count: map[byte]int{}}
	if err := c.restore(raw); err != nil {
		return nil, fmt.Errorf("loading a virtual card from %s: %w", path, err)
	}
	return c, nil
}

func (c *Card) restore(raw []byte) error {
	if err := json.Unmarshal(raw, &c.state); err != nil {
		return err
	}
	s := &c.state
	switch s.Version {
	case 1:
		s.Version, s.Profiles = stateVersion, s.Kind.profiles([]string{piv.Profile})
		s.Memory = map[string]json.RawMessage{piv.Profile: raw}
	case stateVersion:
	default:
		return fmt.Errorf("version %d is not known", s.Version)
	}
	return c.install(func(profile string, a application) error {
		if memory, ok := s.Memory[profile]; ok {
			return json.Unmarshal(memory, a.memory())
		}
		return nil
	})
}

// install puts the applications on the chip, each with the memory that fill
// gives it.
func (c *Card) install(fill func(profile string, a application) error) error {
	for _, profile := range c.state.Profiles {
		a, err := newApplication(profile, c)
		if err != nil {
			return err
		}
		if err := fill(profile, a); err != nil {
			return fmt.Errorf("%s: %w", profile, err)
		}
		c.apps = append(c.apps, a)
	}
	return nil
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
	c.state.Memory = map[string]json.RawMessage{}
	for i, a := range c.apps {
		raw, err := json.Marshal(a.memory())
		if err != nil {
			return fmt.Errorf("saving a virtual card: %w", err)
		}
		c.state.Memory[c.state.Profiles[i]] = raw
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
