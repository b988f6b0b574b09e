package simcard

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// Config says what card to make.
type Config struct {
	Kind      Kind   // Working if empty
	Name      string // for people: "Amina's card"
	PIN, PUK  string // 123456 and 12345678 if empty
	Tries     int    // of each; 3 if zero
	RSA       bool   // a card authentication key of RSA 2048 instead of ECC P-256
	FASCN     []byte // a federal agency's number; without one the GUID names the card
	Authority *Authority
	NotBefore time.Time // of both certificates; the last year and the next
	NotAfter  time.Time // four if zero, or the last two years for an Expired card
	Quirks    Quirks
}

// New makes a card in memory; Keep gives it a file.
func New(cfg Config) (*Card, error) {
	cfg = cfg.defaults()
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("making a virtual card: %w", err)
	}
	c := &Card{count: map[byte]int{}, state: state{
		Version: stateVersion, Kind: cfg.Kind, Name: cfg.Name, Quirks: cfg.Quirks,
		PIN: secret{Value: cfg.PIN, Left: cfg.Tries, Max: cfg.Tries},
		PUK: secret{Value: cfg.PUK, Left: cfg.Tries, Max: cfg.Tries},
	}}
	if cfg.Kind.blocked() {
		c.state.PIN.Left = 0
	}
	if cfg.Kind.pukUsedUp() {
		c.state.PUK.Left = 0
	}
	if !cfg.Kind.hasPIV() {
		return c, nil
	}
	if err := c.personalise(cfg); err != nil {
		return nil, fmt.Errorf("making a virtual card: %w", err)
	}
	return c, nil
}

func (cfg Config) defaults() Config {
	if cfg.Kind == "" {
		cfg.Kind = Working
	}
	if cfg.Name == "" {
		cfg.Name = cfg.Kind.Describe()
	}
	if cfg.PIN == "" {
		cfg.PIN = "123456"
	}
	if cfg.PUK == "" {
		cfg.PUK = "12345678"
	}
	if cfg.Tries == 0 {
		cfg.Tries = 3
	}
	if cfg.NotBefore.IsZero() {
		cfg.NotBefore, cfg.NotAfter = life(cfg.Kind, time.Now())
	}
	return cfg
}

// check refuses what no card could have been made with.
func (cfg Config) check() error {
	for _, value := range []string{cfg.PIN, cfg.PUK} {
		if len(value) < shortest || len(value) > secretLength {
			return fmt.Errorf("passcode and PUK have %d to %d characters", shortest, secretLength)
		}
	}
	if cfg.Tries < 1 || cfg.Tries > mostTries {
		return fmt.Errorf("a card has 1 to %d tries", mostTries)
	}
	if !slices.Contains(Kinds(), cfg.Kind) {
		return fmt.Errorf("there is no kind of card called %q", cfg.Kind)
	}
	return nil
}

func life(k Kind, now time.Time) (notBefore, notAfter time.Time) {
	if k == Expired {
		return now.AddDate(-2, 0, 0), now.AddDate(0, 0, -14)
	}
	return now.AddDate(-1, 0, 0), now.AddDate(4, 0, 0)
}

// personalise gives the card its names, key and certificates.
func (c *Card) personalise(cfg Config) error {
	authority := cfg.Authority
	if authority == nil || cfg.Kind == Foreign {
		var err error
		if authority, err = NewAuthority("Another card authority", cfg.NotBefore); err != nil {
			return err
		}
	}
	s := &c.state
	s.GUID = newGUID()
	s.FASCN = cfg.FASCN
	if s.FASCN == nil {
		s.FASCN = unassignedFASCN()
	}
	s.Expiry = cfg.NotAfter.Format("20060102")
	key, err := newKey(cfg.RSA)
	if err != nil {
		return err
	}
	if s.Key, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return err
	}
	return s.certify(authority, key.Public(), cfg)
}

func (s *state) certify(a *Authority, public crypto.PublicKey, cfg Config) error {
	// The log-in key is of no use here, only its certificate's dates are.
	login, err := newKey(false)
	if err != nil {
		return err
	}
	order := certificateOrder{guid: s.GUID, fascn: s.FASCN, notBefore: cfg.NotBefore, notAfter: cfg.NotAfter}
	if s.Certificate, err = a.issue(public, order, true); err != nil {
		return err
	}
	s.Login, err = a.issue(login.Public(), order, false)
	return err
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
