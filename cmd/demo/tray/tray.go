// Package tray is the demo's tray of virtual cards.
//
// Its words: an [Entry] is a card as the seed file describes it; a [Mouth] is
// where one card can be put in. The cards keep their state in files, like
// chips do: a passcode used up today is used up tomorrow.
package tray

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/simcard"
)

// Mouth is the slot of a reader. Inserting replaces the card that is in.
type Mouth interface {
	Insert(ctx context.Context, card *simcard.Card) error
	Remove(ctx context.Context) error
}

// Tray holds the cards and puts them in and out.
type Tray struct {
	entries []Entry
	cards   map[string]*simcard.Card
	issued  []Issued
	mouth   Mouth

	mu sync.Mutex
	in string // name of the card that is in
}

var _ driver.Tray = (*Tray)(nil)

// Issued is a card made just now, with what central has to be told about it.
type Issued struct {
	Entry
	path        string // of the card's file
	ID          string
	PUK         string // or another key, as central's card file has it
	Certificate []byte // DER
}

// Open loads the cards kept in dir and makes those that are missing, which
// [Tray.Keep] keeps. Each command of a card takes delay.
func Open(dir string, entries []Entry, authority *simcard.Authority, mouth Mouth, delay simcard.Delay) (*Tray, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the tray: %w", err)
	}
	t := &Tray{entries: entries, cards: map[string]*simcard.Card{}, mouth: mouth}
	for _, e := range entries {
		if err := t.open(filepath.Join(dir, e.Name+".json"), e, authority); err != nil {
			return nil, fmt.Errorf("open the tray: %s: %w", e.Name, err)
		}
		// Only a card that tells its metadata tells that its PUK is used up.
		quirks := simcard.Quirks{Delay: delay, Metadata: e.Kind == simcard.PUKUsedUp}
		if err := t.cards[e.Name].SetQuirks(quirks); err != nil {
			return nil, fmt.Errorf("open the tray: %s: %w", e.Name, err)
		}
	}
	return t, nil
}

func (t *Tray) open(path string, e Entry, authority *simcard.Authority) error {
	card, err := simcard.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return t.make(path, e, authority)
	}
	t.cards[e.Name] = card
	return err
}

func (t *Tray) make(path string, e Entry, authority *simcard.Authority) error {
	key := newKey(e.Profile)
	card, err := simcard.New(simcard.Config{
		Kind: e.Kind, Profiles: []string{e.Profile}, Name: e.Holder, PIN: e.Passcode, PUK: key, Tries: e.Tries, Authority: authority,
	})
	if err != nil {
		return err
	}
	t.cards[e.Name] = card
	t.issued = append(t.issued, Issued{Entry: e, path: path, ID: card.Status().CardID, PUK: key, Certificate: card.Certificate()})
	return nil
}

// Keep keeps the cards that Open made in their files, once central knows them:
// one that was kept before would never be told of.
func (t *Tray) Keep() error {
	for _, made := range t.issued {
		if err := t.cards[made.Name].Keep(made.path); err != nil {
			return fmt.Errorf("keep %s's card: %w", made.Name, err)
		}
	}
	return nil
}

// newKey is a random PUK or other key of the profile's form, as a card bureau
// would set it.
func newKey(profile string) string {
	raw := make([]byte, 24)
	rand.Read(raw)
	if profile == gids.Profile {
		return hex.EncodeToString(raw)
	}
	length := map[string]int{"isoapplet": 16, "openpgp": 12}[profile]
	return digitsOf(raw, max(length, 8))
}

// digitsOf makes n digits of random bytes; some come a little oftener, which
// is good enough for a demonstration.
func digitsOf(raw []byte, n int) string {
	digits := make([]byte, n)
	for i := range digits {
		digits[i] = '0' + raw[i]%10
	}
	return string(digits)
}

// Issued lists the cards that Open had to make.
func (t *Tray) Issued() []Issued { return t.issued }

// Cards lists every card in the order of the seed file.
func (t *Tray) Cards() []driver.Card {
	cards := make([]driver.Card, len(t.entries))
	for i, e := range t.entries {
		cards[i] = t.show(e)
	}
	return cards
}

// Card shows one card.
func (t *Tray) Card(name string) (driver.Card, error) {
	for _, e := range t.entries {
		if e.Name == name {
			return t.show(e), nil
		}
	}
	return driver.Card{}, driver.ErrNoCard
}

func (t *Tray) show(e Entry) driver.Card {
	s := t.cards[e.Name].Status()
	return driver.Card{
		Name: e.Name, Holder: e.Holder, About: e.About, Passcode: e.Passcode, AsPrinted: t.cards[e.Name].Has(e.Passcode),
		Profile: s.Profile, ID: s.CardID, PasscodeTries: s.Tries, PUKTries: s.PUKTries,
		Inserted: t.inserted() == e.Name,
		Verified: driver.Verified{
			Passcode: s.Commands[iso7816.InsVerify] + s.Commands[iso7816.InsChangeReference],
			Unblock:  s.Commands[iso7816.InsResetRetry],
			Commands: s.Total(),
		},
	}
}

func (t *Tray) inserted() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.in
}

// Insert puts a card in; the one that is in comes out first.
func (t *Tray) Insert(ctx context.Context, name string) error {
	card, ok := t.cards[name]
	if !ok {
		return driver.ErrNoCard
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.in == name {
		return nil
	}
	if err := t.mouth.Insert(ctx, card); err != nil {
		return fmt.Errorf("put %s's card in: %w", name, err)
	}
	t.in = name
	return nil
}

// Remove takes the card out, if it is in.
func (t *Tray) Remove(ctx context.Context, name string) error {
	if _, ok := t.cards[name]; !ok {
		return driver.ErrNoCard
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.in != name {
		return nil
	}
	if err := t.mouth.Remove(ctx); err != nil {
		return fmt.Errorf("take %s's card out: %w", name, err)
	}
	t.in = ""
	return nil
}

// Verify tries a passcode on a card, as the log-in of a computer would.
func (t *Tray) Verify(_ context.Context, name, passcode string) (bool, error) {
	card, ok := t.cards[name]
	if !ok {
		return false, driver.ErrNoCard
	}
	return card.Verify(passcode), nil
}
