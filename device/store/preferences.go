package store

import (
	"errors"
	"fmt"
	"time"
)

// Preferences are how the holder of a card likes pages to be. What the words
// mean is for package journey.
type Preferences struct {
	TextScale int    `json:"text_scale,omitempty"` // per cent
	Colours   string `json:"colours,omitempty"`
	Language  string `json:"language,omitempty"`
	Unhurried bool   `json:"unhurried,omitempty"`
	Low       bool   `json:"low,omitempty"`
}

const (
	// keepUnused is for how long preferences stay that nobody uses: people
	// who need the terminal once a year find theirs.
	keepUnused = 400 * 24 * time.Hour

	// noteUseEvery spares the flash: a day more or less does not matter.
	noteUseEvery = 24 * time.Hour
)

type preferred struct {
	Preferences
	Used time.Time `json:"used"`
}

func (p preferred) forgotten(now time.Time) bool { return now.Sub(p.Used) > keepUnused }

// Prefer remembers what the holder of the card with this keyed hash likes,
// until nobody has used it for 400 days. now is the terminal's clock.
func (s *Store) Prefer(card string, p Preferences, now time.Time) error {
	err := s.update("preferences", func(t tx) error {
		if err := checkHash(card); err != nil {
			return err
		}
		return t.put(underLike+card, preferred{p, now.UTC()})
	})
	if err != nil {
		return fmt.Errorf("remember preferences: %w", err)
	}
	return nil
}

// Preferences are what the holder of the card likes, if that is known. Asking
// counts as use.
func (s *Store) Preferences(card string, now time.Time) (Preferences, error) {
	var p preferred
	err := s.view(func(t tx) error { return t.get(underLike+card, &p) })
	switch {
	case errors.Is(err, errNone), err == nil && p.forgotten(now):
		return Preferences{}, nil
	case err == nil && now.Sub(p.Used) >= noteUseEvery:
		err = s.Prefer(card, p.Preferences, now)
	}
	if err != nil {
		return Preferences{}, fmt.Errorf("read preferences: %w", err)
	}
	return p.Preferences, nil
}

// forgetUnused drops preferences that nobody has used for 400 days; the rest,
// if there are very many, goes the next day.
func (t tx) forgetUnused(now time.Time) error {
	var old []string
	err := t.each(underLike, underLike, func(key string, value []byte) (bool, error) {
		var p preferred
		if err := decode([]byte(key), value, &p); err != nil {
			return false, err
		}
		if p.forgotten(now) {
			old = append(old, key)
		}
		return len(old) < sweepAtOnce, nil
	})
	if err != nil {
		return err
	}
	for _, key := range old {
		if err := t.drop(key); err != nil {
			return err
		}
	}
	return nil
}
