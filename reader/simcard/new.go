package simcard

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"slices"
	"time"

	"unlockpoint/reader/piv"
)

// Config says what card to make. Empty fields take what the profile's cards
// come with from the factory, or what is named here.
type Config struct {
	Kind     Kind     // Working if empty
	Profiles []string // of the card's applications, in order; "piv" if empty
	Name     string   // for people: "Amina's card"
	PIN      string   // the passcode
	PUK      string   // the key that unblocks it, in the profile's own form
	Tries    int      // of each; 3 if zero
	Quirks   Quirks

	// Of cards with certificates:
	RSA       bool       // a key of RSA 2048 instead of ECC P-256
	Authority *Authority // nobody's if nil
	NotBefore time.Time  // of all certificates; the last year and the next
	NotAfter  time.Time  // four if zero, or the last two years for an Expired card

	FASCN []byte // a federal agency's number of a PIV card; without one the GUID names it
}

// New makes a card in memory; Keep gives it a file.
func New(cfg Config) (*Card, error) {
	cfg = cfg.defaults()
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("making a virtual card: %w", err)
	}
	c := &Card{count: map[byte]int{}, state: state{
		Version: stateVersion, Kind: cfg.Kind, Name: cfg.Name, Quirks: cfg.Quirks,
		Profiles: cfg.Kind.profiles(cfg.Profiles),
	}}
	err := c.install(func(_ string, a application) error { return a.personalise(cfg) })
	if err != nil {
		return nil, fmt.Errorf("making a virtual card: %w", err)
	}
	return c, nil
}

func (cfg Config) defaults() Config {
	if cfg.Kind == "" {
		cfg.Kind = Working
	}
	if len(cfg.Profiles) == 0 {
		cfg.Profiles = []string{piv.Profile}
	}
	cfg.Name = orElse(cfg.Name, cfg.Kind.Describe())
	if cfg.Tries == 0 {
		cfg.Tries = 3
	}
	if cfg.NotBefore.IsZero() {
		cfg.NotBefore, cfg.NotAfter = life(cfg.Kind, time.Now())
	}
	return cfg
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// check refuses what no card could have been made with.
func (cfg Config) check() error {
	if cfg.Tries < 1 || cfg.Tries > mostTries {
		return fmt.Errorf("a card has 1 to %d tries", mostTries)
	}
	if !slices.Contains(Kinds(), cfg.Kind) {
		return fmt.Errorf("there is no kind of card called %q", cfg.Kind)
	}
	return nil
}

// passcode is a new card's passcode, with the tries that its kind leaves it.
func (cfg Config) passcode(value string) secret {
	s := newSecret(value, cfg.Tries)
	if cfg.Kind.blocked() {
		s.Left = 0
	}
	return s
}

// key is what unblocks a new card, with the tries that its kind leaves it.
func (cfg Config) key(value string) secret {
	s := newSecret(value, cfg.Tries)
	if cfg.Kind.pukUsedUp() {
		s.Left = 0
	}
	return s
}

// authority certifies the card.
func (cfg Config) authority() (*Authority, error) {
	if cfg.Authority == nil || cfg.Kind == Foreign {
		return NewAuthority("Another card authority", cfg.NotBefore)
	}
	return cfg.Authority, nil
}

func life(k Kind, now time.Time) (notBefore, notAfter time.Time) {
	if k == Expired {
		return now.AddDate(-2, 0, 0), now.AddDate(0, 0, -14)
	}
	return now.AddDate(-1, 0, 0), now.AddDate(4, 0, 0)
}

func newKey(useRSA bool) (crypto.Signer, error) {
	if useRSA {
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// newGUID makes a random UUID (RFC 9562, version 4).
func newGUID() []byte {
	guid := make([]byte, 16)
	rand.Read(guid)
	guid[6] = guid[6]&0x0F | 0x40
	guid[8] = guid[8]&0x3F | 0x80
	return guid
}

// unassignedFASCN is the number of all cards that no agency numbers
// (SP 800-73-4 part 1, 3.4.1): agency 9999, system 9999, credential 999999.
func unassignedFASCN() []byte {
	return []byte{
		0xD4, 0xE7, 0x39, 0xDA, 0x73, 0x9C, 0xED, 0x39, 0xCE, 0x73, 0x9D, 0x83, 0x68,
		0x58, 0x21, 0x08, 0x42, 0x10, 0x84, 0x21, 0xC8, 0x42, 0x10, 0xC3, 0xEB,
	}
}
