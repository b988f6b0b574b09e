package desk

import (
	"fmt"
	"regexp"
	"time"

	"unlockpoint/sync/central/grant"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// card is central's row of one smartcard. What says who holds it is sealed.
type card struct {
	ID      string `json:"id"`
	Profile string `json:"profile"`
	Site    string `json:"site"`
	Import  string `json:"import,omitempty"` // counts only once this import is done

	Holder      []byte      `json:"holder"`                // sealed
	Address     []byte      `json:"address,omitempty"`     // sealed; empty: none on file
	Newer       []byte      `json:"newer,omitempty"`       // sealed; takes over at NewerFrom
	NewerFrom   time.Time   `json:"newer_from,omitzero"`   // when codes for unlocking go there
	Certificate []byte      `json:"certificate,omitempty"` // SHA-256 of the only one it may prove itself with
	PUK         grant.State `json:"puk"`

	Epoch         int         `json:"epoch"`
	Wrong         int         `json:"wrong"` // codes in this epoch
	Frozen        bool        `json:"frozen,omitempty"`
	Released      []time.Time `json:"released,omitempty"`
	LinksFrom     time.Time   `json:"links_from,omitzero"` // links of earlier letters freeze no more
	Registration  string      `json:"registration,omitempty"`
	Pending       string      `json:"pending,omitempty"` // a registration under way
	Case          string      `json:"case,omitempty"`    // the newest unlock case
	LastUnlock    time.Time   `json:"last_unlock,omitzero"`
	UnlockCases   []time.Time `json:"unlock_cases,omitempty"`
	RegisterCases []time.Time `json:"register_cases,omitempty"`
	Told          string      `json:"told,omitempty"` // what the site's feed says
}

// kind is what there is to know of the card's profile.
func (c card) kind() grant.Kind {
	k, _ := grant.KindOf(c.ID) // no card of another kind was taken in
	return k
}

const cardTable = "cards"

func cards() store.Table[card] { return store.Table[card]{Name: cardTable} }

// cardID is a profile, a colon and what the card calls itself in hex.
var cardID = regexp.MustCompile(`^[a-z0-9]{1,16}:[0-9a-f]{2,64}$`)

// card finds a card that counts, or refuses.
func (d *Desk) card(t turn, id string) (card, error) {
	if err := d.spendCard(t, id); err != nil {
		return card{}, err
	}
	c, ok, err := find(t.tx, id)
	if err == nil && !ok {
		err = refused(wire.UnknownCard)
	}
	return c, err
}

// find looks a card up. One of an import that was cut short is not there.
func find(tx store.Tx, id string) (card, bool, error) {
	if !cardID.MatchString(id) {
		return card{}, false, nil
	}
	c, ok, err := cards().Find(tx, id)
	if err != nil || !ok || c.Import == "" {
		return c, ok, err
	}
	_, ok, err = imports().Find(tx, c.Import)
	return c, ok, err
}

// keep writes the card and tells its site if that changes how it stands.
func (d *Desk) keep(t turn, c *card) error {
	rows, err := d.rows(t.tx, *c)
	if err != nil {
		return err
	}
	change, told, err := d.news(t, *c, rows)
	if err != nil {
		return err
	}
	if c.Told != told {
		c.Told = told
		if err := registry.Tell(t.tx, c.Site, change); err != nil {
			return err
		}
	}
	return cards().Put(t.tx, c.ID, *c)
}

// news is what the card's site should know of it. told says it in short: it is
// what the site was told already when there is nothing new.
func (d *Desk) news(t turn, c card, rows []attempt) (change wire.RegistryChange, told string, err error) {
	change = wire.RegistryChange{
		Card:         wire.CardHash(d.cfg.Keys.RegistryKey(c.Site), c.ID),
		Registration: c.Registration,
		Standing:     d.standing(c, rows, t.now),
		Epoch:        c.Epoch,
	}
	r, ok, err := registry.Get(t.tx, c.Registration)
	if err != nil {
		return change, "", err
	}
	if ok {
		change.Asked = r.Asked
	}
	if c.Told == "" && change.Standing == wire.StandsUnregistered {
		return change, "", nil // a card nobody has used yet is no news
	}
	return change, fmt.Sprint(change.Standing, change.Registration, change.Asked, change.Epoch), nil
}

// standing is what anybody who holds the card may know.
func (d *Desk) standing(c card, rows []attempt, now time.Time) wire.Standing {
	switch {
	case c.Frozen:
		return wire.StandsFrozen
	case d.lockedOut(c, rows, now):
		return wire.StandsLocked
	case c.Registration != "", !d.policy().Questions && len(c.Address) > 0:
		return wire.StandsRegistered
	}
	return wire.StandsUnregistered
}

// lockedOut: too many failed attempts, or too many wrong codes.
func (d *Desk) lockedOut(c card, rows []attempt, now time.Time) bool {
	return c.Wrong >= d.policy().WrongCodes || d.ledger().Locked(plain(rows), c.Epoch, now)
}

// usable refuses cards that self-service is closed for.
func (d *Desk) usable(t turn, c card, rows []attempt) error {
	switch d.standing(c, rows, t.now) {
	case wire.StandsFrozen:
		return refused(wire.Frozen)
	case wire.StandsLocked:
		return refused(wire.Locked)
	}
	return nil
}

// address is where codes go now; empty when there is none on file. A changed
// address takes over only after a wait: until then the holder of the old one
// can still object.
func (d *Desk) address(c card, now time.Time) (string, error) {
	if c.effectiveNewer(now) {
		return d.open(c.ID+"/newer", c.Newer)
	}
	if len(c.Address) == 0 {
		return "", nil
	}
	return d.open(c.ID+"/address", c.Address)
}

func (c card) effectiveNewer(now time.Time) bool {
	return len(c.Newer) > 0 && !now.Before(c.NewerFrom)
}

// holder is the holder's name.
func (d *Desk) holder(c card) (string, error) { return d.open(c.ID+"/holder", c.Holder) }

func (d *Desk) open(place string, sealed []byte) (string, error) {
	plain, err := d.cfg.Keys.Open(keyring.Field, cardTable, place, sealed)
	return string(plain), err
}

func (d *Desk) seal(place, plain string) ([]byte, error) {
	return d.cfg.Keys.Seal(keyring.Field, cardTable, place, []byte(plain))
}

// plain are the rows that the ledger's rules read.
func plain(rows []attempt) []ledger.Row {
	list := make([]ledger.Row, len(rows))
	for i, r := range rows {
		list[i] = r.Row
	}
	return list
}
