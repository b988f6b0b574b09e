package terminals

import (
	"cmp"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/root"
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

	Authority *authority.Authority // vouches for it towards the broker; nil: it has a password
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
	if err := n.check(tx); err != nil {
		return wire.Identity{}, err
	}
	id, t, err := identity(ring, n)
	if err != nil {
		return wire.Identity{}, fmt.Errorf("making keys for %s: %w", n.ID, err)
	}
	above, err := root.Find(tx)
	if err != nil {
		return wire.Identity{}, err
	}
	id.Root, id.Keys = above.Root, above.Version
	return id, table().Put(tx, n.ID, t)
}

// Keys are the public halves of the keys that a terminal made itself.
type Keys struct {
	TLS  crypto.PublicKey
	Note ed25519.PublicKey
	Seal []byte // X25519
}

// Join puts a terminal with keys of its own on the list and returns its
// certificate.
func Join(tx store.Tx, n New, k Keys) (authority.Issued, error) {
	if err := n.check(tx); err != nil {
		return authority.Issued{}, err
	}
	issued, err := n.Authority.User(n.ID, k.TLS, authority.ClientLife)
	if err != nil {
		return authority.Issued{}, err
	}
	return issued, table().Put(tx, n.ID, Terminal{ID: n.ID, Site: n.Site, Name: n.DisplayName(), NoteKey: k.Note, SealKey: k.Seal,
		Added: n.Now, Certificates: []authority.Issued{issued}})
}

// mostCertificates may be valid at a time: one that was lost on its way to the
// terminal is asked for again.
const mostCertificates = 5

// ErrEnough says that a terminal has asked for too many certificates.
var ErrEnough = errors.New("the terminal has enough certificates")

// Renew gives a terminal another certificate; those before stay valid.
func Renew(tx store.Tx, a *authority.Authority, id string, key crypto.PublicKey, now time.Time) (issued authority.Issued, err error) {
	t, err := Find(tx, id)
	if err != nil {
		return issued, err
	}
	t.Certificates = slices.DeleteFunc(t.Certificates, func(i authority.Issued) bool { return i.Ends.Before(now) })
	if len(t.Certificates) >= mostCertificates {
		return issued, ErrEnough
	}
	if issued, err = a.User(id, key, authority.ClientLife); err != nil {
		return issued, err
	}
	t.Certificates = append(t.Certificates, issued)
	return issued, table().Put(tx, id, t)
}

// check says what stands against a terminal of that id.
func (n New) check(tx store.Tx) error {
	if !wire.ValidTerminal(n.ID) {
		return fmt.Errorf("terminal id %q: %w", n.ID, ErrMalformed)
	}
	if !wire.ValidSite(n.Site) {
		return fmt.Errorf("site id %q: %w", n.Site, ErrMalformed)
	}
	return Free(tx, n.ID)
}

// Free says whether nobody at the broker has the id, or ErrTaken.
func Free(tx store.Tx, id string) error {
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

// DisplayName is the name as people say it, or the id.
func (n New) DisplayName() string { return cmp.Or(strings.TrimSpace(n.Name), n.ID) }

func identity(ring *keyring.Ring, n New) (wire.Identity, Terminal, error) {
	public, note, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return wire.Identity{}, Terminal{}, err
	}
	seal, err := wire.GenerateSealKey()
	if err != nil {
		return wire.Identity{}, Terminal{}, err
	}
	pinned, err := Pinned(ring)
	if err != nil {
		return wire.Identity{}, Terminal{}, err
	}
	id := wire.Identity{
		Realm: n.Realm, Site: n.Site, ID: n.ID, Name: n.DisplayName(),
		NoteKey: note.Seed(), SealKey: seal.Bytes(), RegistryKey: ring.RegistryKey(n.Site), ConsoleKey: ring.ConsoleKey(n.ID),
		Central: pinned, MQTT: wire.MQTT{URL: n.URL, User: n.ID, CA: n.CA},
	}
	t := Terminal{ID: n.ID, Site: n.Site, Name: id.Name, NoteKey: public, SealKey: seal.Public(), Added: n.Now}
	if n.Authority != nil {
		err = certify(n.Authority, &id, &t)
	} else {
		id.MQTT.Password = rand.Text()
		t.Password, err = ring.Seal(keyring.Field, sealedIn, id.ID, []byte(id.MQTT.Password))
	}
	if err != nil {
		return wire.Identity{}, Terminal{}, err
	}
	return id, t, id.Check()
}

// certify gives a new terminal a key and a certificate for the broker.
func certify(a *authority.Authority, id *wire.Identity, t *Terminal) error {
	key, issued, err := a.Give(id.ID)
	id.MQTT = wire.MQTT{URL: id.MQTT.URL, User: id.ID, Authority: a.PEM(), Certificate: issued.PEM, Key: key}
	t.Certificates = []authority.Issued{issued}
	return err
}

// Pinned are the keys of central that terminals believe.
func Pinned(ring *keyring.Ring) (wire.PinnedCentral, error) {
	own, err := wire.ParseSealKey(ring.SealKey())
	return wire.PinnedCentral{ID: wire.Central, NoteKey: ring.NoteKey().Public().(ed25519.PublicKey), SealKey: own.Public()}, err
}

// Password opens the password of a terminal's broker account.
func Password(ring *keyring.Ring, t Terminal) (string, error) {
	plain, err := ring.Open(keyring.Field, sealedIn, t.ID, t.Password)
	if err != nil {
		return "", fmt.Errorf("opening the password of %s: %w", t.ID, err)
	}
	return string(plain), nil
}
