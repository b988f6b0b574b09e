package desk

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/grant"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// NewCard is a card as administrators hand it in.
type NewCard struct {
	Card        string // its profile, a colon and hex: "piv:00d1..."
	Profile     string // see grant.Profiles
	Holder      string // the name to greet in mails
	Email       string // may be empty: the booth sets one
	Site        string
	PUK         string // PUK or other key, as its grant.Kind has it, or "derived"
	Certificate string // base64 DER of the card authentication certificate, or empty
}

// Derived in the place of a key says that the card was given the one that
// central derives for its generation 0.
const Derived = "derived"

// Problem is what is wrong with one field, and what to do about it.
type Problem struct {
	Line   int // of the file; 0 for a single card
	Column string
	What   string
}

func (p Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.Column, p.What)
	}
	return fmt.Sprintf("line %d, %s: %s", p.Line, p.Column, p.What)
}

// Problems are all that is wrong with a file: nothing of it was taken.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// imports names the imports that are complete. A card of any other does not
// count: so a long file is taken in all at once, in many transactions.
func imports() store.Table[time.Time] { return store.Table[time.Time]{Name: "imports"} }

// perCommit rows of at most about 3 KB stay below the most bytes of a
// transaction.
const perCommit = 50

// AddCard takes in one card.
func (d *Desk) AddCard(ctx context.Context, s store.Store, n NewCard) error {
	return d.take(ctx, s, []numbered{{NewCard: n}})
}

// ImportCards takes in a CSV file with a header row, all of it or nothing, and
// returns how many cards it had. What is wrong with it is Problems.
func (d *Desk) ImportCards(ctx context.Context, s store.Store, file io.Reader) (int, error) {
	list, err := readCards(file)
	if err != nil {
		return 0, err
	}
	if err := d.take(ctx, s, list); err != nil {
		return 0, err
	}
	return len(list), nil
}

// numbered is a card with its line in the file.
type numbered struct {
	NewCard
	line int
}

// take checks everything before it writes anything, and lets the cards count
// with the last write.
func (d *Desk) take(ctx context.Context, s store.Store, list []numbered) error {
	var problems Problems
	err := s.View(ctx, func(tx store.Tx) error {
		known := map[string]int{}
		for _, n := range list {
			ps, err := d.check(tx, n, known)
			if err != nil {
				return err
			}
			problems = append(problems, ps...)
			known[n.Card] = n.line
		}
		return nil
	})
	if err == nil && len(problems) > 0 {
		err = problems
	}
	if err != nil {
		return err
	}
	id, err := d.id()
	if err != nil {
		return err
	}
	return d.takeChecked(ctx, s, id, list)
}

func (d *Desk) takeChecked(ctx context.Context, s store.Store, id string, list []numbered) error {
	all := len(list)
	for len(list) > 0 {
		some := list[:min(perCommit, len(list))]
		list = list[len(some):]
		err := s.Update(ctx, func(tx store.Tx) error {
			for _, n := range some {
				if err := d.add(tx, id, n); err != nil {
					return err
				}
			}
			if len(list) == 0 {
				e := wire.AuditEntry{At: d.cfg.Now(), What: audit.CardsAdded, By: audit.Local, Note: fmt.Sprintf("%d cards", all)}
				return errors.Join(imports().Put(tx, id, d.cfg.Now()), d.log.Add(tx, e))
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("taking in cards: %w", err)
		}
	}
	return nil
}

// add writes one card. Another import may have been faster.
func (d *Desk) add(tx store.Tx, id string, n numbered) error {
	if _, ok, err := find(tx, n.Card); err != nil || ok {
		if err != nil {
			return err
		}
		return Problems{{n.line, columnCard, "was added meanwhile: run the import again without it"}}
	}
	c := card{ID: n.Card, Profile: n.Profile, Site: n.Site, Import: id}
	var err error
	if c.Holder, err = d.seal(c.ID+"/holder", n.Holder); err != nil {
		return err
	}
	if n.Email != "" {
		address, err := wire.ParseAddress(n.Email, d.policy().Domains) // the value that passed is the one to keep
		if err != nil {
			return err
		}
		if c.Address, err = d.seal(c.ID+"/address", address); err != nil {
			return err
		}
	}
	if der, err := base64.StdEncoding.DecodeString(n.Certificate); err != nil {
		return err
	} else if len(der) > 0 {
		sum := sha256.Sum256(der)
		c.Certificate = sum[:]
	}
	if c.PUK, err = d.firstPUK(n); err != nil {
		return err
	}
	return cards().Put(tx, c.ID, c)
}

func (d *Desk) firstPUK(n numbered) (grant.State, error) {
	if n.PUK == Derived {
		version, _ := d.cfg.Keys.Newest(keyring.Card)
		return grant.New(grant.Generation{Key: version}), nil
	}
	kind, _ := grant.KindOf(n.Card)
	key, _ := kind.Read(n.PUK) // checked before
	defer clear(key)
	sealed, err := d.cfg.Keys.Seal(keyring.Card, cardTable, n.Card+"/puk", key)
	return grant.New(grant.Generation{Sealed: sealed, Factory: kind.Factory(key)}), err
}

// check says what is wrong with a card. known are the lines before it.
func (d *Desk) check(tx store.Tx, n numbered, known map[string]int) (Problems, error) {
	var ps Problems
	wrong := func(bad bool, column, what string) {
		if bad {
			ps = append(ps, Problem{n.line, column, what})
		}
	}
	_, there, err := find(tx, n.Card)
	before, twice := known[n.Card]
	_, site := d.cfg.Sites[n.Site]
	wrong(!cardID.MatchString(n.Card), columnCard, `is not a card id: use the profile, a colon and the id in lower-case hex, as "terminal card" prints it`)
	wrong(there, columnCard, "is there already: take the line out")
	wrong(twice, columnCard, fmt.Sprintf("is in line %d too: keep one of them", before))
	kind, served := grant.KindOf(n.Profile)
	wrong(!served, columnProfile, "is not served: use one of "+strings.Join(grant.Profiles(), ", "))
	wrong(served && !strings.HasPrefix(n.Card, n.Profile+":"), columnProfile, "is not that of the card id: make them agree")
	wrong(!goodName(n.Holder), columnHolder, "is not a name to greet: use 1 to 100 printable characters")
	_, notAddress := wire.ParseAddress(n.Email, d.policy().Domains)
	wrong(n.Email != "" && notAddress != nil, columnEmail,
		"is not an address in an accepted domain ("+strings.Join(d.policy().Domains, ", ")+"): correct it, or leave it empty")
	wrong(!site, columnSite, "is not a site of this server: use the id of one that is configured")
	if served && n.PUK != Derived {
		_, good := kind.Read(n.PUK)
		wrong(!good, columnPUK, "does not fit the card: use "+kind.Form+`, or "derived"`)
	}
	wrong(!goodCertificate(n.Certificate), columnCertificate, "is not a certificate: use base64 of its DER form, or leave it empty")
	return ps, err
}

func goodName(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && utf8.ValidString(s) && utf8.RuneCountInString(s) <= 100 &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func goodCertificate(s string) bool {
	if s == "" {
		return true
	}
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return false
	}
	_, err = x509.ParseCertificate(der)
	return err == nil
}
