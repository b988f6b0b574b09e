package terminals

import (
	"cmp"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// sealedIn names the place that a terminal's broker password is sealed for.
const sealedIn = "terminal"

// New is what is decided about a terminal before it exists.
type New struct {
	ID, Site, Name string
	Realm          string
	URL, CA        string // of the broker, as the terminal reaches it
	Now            time.Time
}

// Why a terminal is not added.
var (
	ErrTaken     = errors.New("there is, or was, a terminal or an operator of that id")
	ErrMalformed = errors.New("use a-z, 0-9 and -, at most 32, and not central or all")
)

// Add makes a terminal's keys and broker account, puts it on the list, and
// returns its identity, which central does not keep: its secret halves exist
// only in what is returned.
func Add(tx store.Tx, ring *keyring.Ring, n New) (wire.Identity, error) {
	if !wire.ValidTerminal(n.ID) {
		return wire.Identity{}, fmt.Errorf("terminal id %q: %w", n.ID, ErrMalformed)
	}
	if !wire.ValidSite(n.Site) {
		return wire.Identity{}, fmt.Errorf("site id %q: %w", n.Site, ErrMalformed)
	}
	if err := free(tx, n.ID); err != nil {
		return wire.Identity{}, err
	}
	id, err := identity(ring, n)
	if err != nil {
		return wire.Identity{}, fmt.Errorf("making keys for %s: %w", n.ID, err)
	}
	t, err := record(ring, id, n.Now)
	if err != nil {
		return wire.Identity{}, err
	}
	return id, table().Put(tx, n.ID, t)
}

// free says whether nobody at the broker has the id.
func free(tx store.Tx, id string) error {
	_, taken, err := table().Find(tx, id)
	if err != nil {
		return err
	}
	if taken {
		return ErrTaken
	}
	if _, err := operators.Find(tx, id); !errors.Is(err, operators.ErrUnknown) {
		return cmp.Or(err, ErrTaken)
	}
	return nil
}

func identity(ring *keyring.Ring, n New) (wire.Identity, error) {
	_, note, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return wire.Identity{}, err
	}
	seal, err := wire.GenerateSealKey()
	if err != nil {
		return wire.Identity{}, err
	}
	own, err := wire.ParseSealKey(ring.SealKey())
	if err != nil {
		return wire.Identity{}, err
	}
	if n.Name = strings.TrimSpace(n.Name); n.Name == "" {
		n.Name = n.ID
	}
	id := wire.Identity{
		Realm: n.Realm, Site: n.Site, ID: n.ID, Name: n.Name,
		NoteKey: note.Seed(), SealKey: seal.Bytes(), RegistryKey: ring.RegistryKey(n.Site), ConsoleKey: ring.ConsoleKey(n.ID),
		Central: wire.PinnedCentral{ID: wire.Central,
			NoteKey: ring.NoteKey().Public().(ed25519.PublicKey), SealKey: own.Public()},
		MQTT: wire.MQTT{URL: n.URL, User: n.ID, Password: rand.Text(), CA: n.CA},
	}
	return id, id.Check()
}

func record(ring *keyring.Ring, id wire.Identity, now time.Time) (Terminal, error) {
	note := ed25519.NewKeyFromSeed(id.NoteKey).Public().(ed25519.PublicKey)
	seal, err := wire.ParseSealKey(id.SealKey)
	if err != nil {
		return Terminal{}, err
	}
	password, err := ring.Seal(keyring.Field, sealedIn, id.ID, []byte(id.MQTT.Password))
	if err != nil {
		return Terminal{}, fmt.Errorf("sealing the password of %s: %w", id.ID, err)
	}
	return Terminal{ID: id.ID, Site: id.Site, Name: id.Name, NoteKey: note, SealKey: seal.Public(),
		Password: password, Added: now}, nil
}

// Password opens the password of a terminal's broker account.
func Password(ring *keyring.Ring, t Terminal) (string, error) {
	plain, err := ring.Open(keyring.Field, sealedIn, t.ID, t.Password)
	if err != nil {
		return "", fmt.Errorf("opening the password of %s: %w", t.ID, err)
	}
	return string(plain), nil
}
