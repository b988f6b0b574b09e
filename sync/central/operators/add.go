package operators

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// sealedIn names the place that an operator's broker password is sealed for.
const sealedIn = "operator"

// New is what is decided about an operator before they are on the list.
type New struct {
	ID      string
	Role    wire.Role
	Sites   []string
	Card    string // their own; may be empty
	Realm   string
	URL, CA string // of the broker, as operators reach it
	Now     time.Time

	Authority *authority.Authority // vouches for them towards the broker; nil: they have a password
}

// Why an operator is not added.
var (
	ErrTaken     = errors.New("there is an operator of that name")
	ErrMalformed = errors.New("use a-z, 0-9 and -, at most 32, and not central or all")
	ErrNoRole    = fmt.Errorf("the roles are %v", wire.Roles())
)

// Add makes an operator's keys and broker account, puts them on the list, and
// returns their badge, whose secret halves are kept nowhere else.
func Add(tx store.Tx, ring *keyring.Ring, n New) (wire.Badge, error) {
	if !wire.ValidOperator(n.ID) {
		return wire.Badge{}, fmt.Errorf("operator %q: %w", n.ID, ErrMalformed)
	}
	if !wire.ValidRole(n.Role) {
		return wire.Badge{}, fmt.Errorf("role %q: %w", n.Role, ErrNoRole)
	}
	_, taken, err := table().Find(tx, n.ID)
	if err != nil {
		return wire.Badge{}, err
	}
	if taken {
		return wire.Badge{}, ErrTaken
	}
	b, err := badge(ring, n)
	if err != nil {
		return wire.Badge{}, fmt.Errorf("making keys for %s: %w", n.ID, err)
	}
	o, err := record(ring, b, n)
	if err == nil && n.Authority != nil {
		err = certify(n.Authority, &b, &o)
	}
	if err != nil {
		return wire.Badge{}, err
	}
	return b, table().Put(tx, n.ID, o)
}

func badge(ring *keyring.Ring, n New) (wire.Badge, error) {
	_, note, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return wire.Badge{}, err
	}
	seal, err := wire.GenerateSealKey()
	if err != nil {
		return wire.Badge{}, err
	}
	own, err := wire.ParseSealKey(ring.SealKey())
	if err != nil {
		return wire.Badge{}, err
	}
	b := wire.Badge{
		Realm: n.Realm, ID: n.ID, Role: n.Role, NoteKey: note.Seed(), SealKey: seal.Bytes(),
		Central: wire.PinnedCentral{ID: wire.Central,
			NoteKey: ring.NoteKey().Public().(ed25519.PublicKey), SealKey: own.Public()},
		MQTT: wire.MQTT{URL: n.URL, User: n.ID, Password: rand.Text(), CA: n.CA},
	}
	return b, b.Check()
}

func record(ring *keyring.Ring, b wire.Badge, n New) (Operator, error) {
	seal, err := wire.ParseSealKey(b.SealKey)
	if err != nil {
		return Operator{}, err
	}
	password, err := ring.Seal(keyring.Field, sealedIn, b.ID, []byte(b.MQTT.Password))
	if err != nil {
		return Operator{}, fmt.Errorf("sealing the password of %s: %w", b.ID, err)
	}
	note := ed25519.NewKeyFromSeed(b.NoteKey).Public().(ed25519.PublicKey)
	return Operator{ID: b.ID, Role: b.Role, Sites: slices.Clone(n.Sites), Card: n.Card, NoteKey: note, SealKey: seal.Public(),
		Password: password, Added: n.Now}, nil
}

// certify gives an operator a key and a certificate instead of a password.
func certify(a *authority.Authority, b *wire.Badge, o *Operator) error {
	key, issued, err := a.Give(b.ID)
	b.MQTT = wire.MQTT{URL: b.MQTT.URL, User: b.ID, Authority: a.PEM(), Certificate: issued.PEM, Key: key}
	o.Password, o.Certificates = nil, []authority.Issued{issued}
	return err
}

// Password opens the password of an operator's broker account.
func Password(ring *keyring.Ring, o Operator) (string, error) {
	plain, err := ring.Open(keyring.Field, sealedIn, o.ID, o.Password)
	if err != nil {
		return "", fmt.Errorf("opening the password of %s: %w", o.ID, err)
	}
	return string(plain), nil
}
