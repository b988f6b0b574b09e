// Package login says which operators may use central's pages: who knows their
// password and has their one-time codes, and who is still there.
//
// Its words: an operator is given an [Account], with a first password and the
// secret of an authenticator app; a log-in that succeeds begins a [Visit],
// which ends by itself. What an operator may do is not decided here.
//
// Tries are counted before they are looked at, so that a crash gives none away.
// Who comes, goes and fails is in the audit log.
package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// The rules.
const (
	// Shortest and Longest password, in characters (NIST SP 800-63B, 5.1.1.2:
	// at least 8, and no rules about what is in it).
	Shortest, Longest = 12, 128
	tries             = 5
	pause             = 15 * time.Minute // after as many wrong tries

	// atOnce is how many passwords are looked at at a time. Each takes 19 MiB
	// and a core, and everybody may send one.
	atOnce = 2
)

// What can be wrong. None tells which of name, password and code it was, nor
// that somebody has to wait: that would tell which names there are.
var (
	ErrWrong  = fmt.Errorf("name, password or code are not right; after %d wrong tries, wait %.0f minutes", tries, pause.Minutes())
	ErrLength = fmt.Errorf("a password has %d to %d characters", Shortest, Longest)
	ErrDiffer = errors.New("the two new passwords differ")
)

var errPaused = errors.New("too many wrong tries")

// account of an operator, by their id.
type account struct {
	Salt   []byte     `json:"salt"`
	Hash   []byte     `json:"hash"` // of the password
	Argon  wire.Argon `json:"argon"`
	Secret []byte     `json:"secret"` // of the one-time codes, sealed
	Step   uint64     `json:"step"`   // the last one that was used
	Open   int        `json:"open"`   // tries since the last right one
	Until  time.Time  `json:"until,omitzero"`
}

func table() store.Table[account] { return store.Table[account]{Name: "login"} }

// Account is what an operator is given, once.
type Account struct {
	Password string `json:"password"`
	Link     string `json:"link"` // for an authenticator app, otpauth://
}

// Code is what an authenticator app with the account's secret shows.
func (a Account) Code(now time.Time) string {
	u, err := url.Parse(a.Link)
	if err != nil {
		return ""
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret"))
	if err != nil {
		return ""
	}
	return code(secret, stepAt(now))
}

// Config is what a desk works with.
type Config struct {
	Store store.Store
	Ring  *keyring.Ring
	Log   *audit.Log
	Realm string
	Now   func() time.Time
}

// Desk looks after accounts and visits.
type Desk struct {
	Config
	visits    visits
	strangers atomic.Int64  // tries with a name that has no account, since the last Sweep
	hashing   chan struct{} // holds one for each password that is looked at just now
}

// New returns a desk where nobody is yet.
func New(c Config) *Desk { return &Desk{Config: c, hashing: make(chan struct{}, atOnce)} }

// Give makes an account for an operator, at the local socket; an older one of
// theirs ends.
func (d *Desk) Give(ctx context.Context, operator string) (Account, error) {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	sealed, err := d.Ring.Seal(keyring.Field, table().Name, operator, secret)
	if err != nil {
		return Account{}, fmt.Errorf("sealing a log-in: %w", err)
	}
	given := Account{Password: rand.Text(), Link: link(d.Realm, operator, secret)}
	row := account{Secret: sealed}
	row.set(given.Password)
	err = d.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := operators.Find(tx, operator); err != nil {
			return err
		}
		return errors.Join(table().Put(tx, operator, row), d.note(tx, audit.LoginGiven, audit.Local, operator))
	})
	if err != nil {
		return Account{}, err
	}
	d.visits.endAll(operator)
	return given, nil
}

// Remove takes an operator's account away and ends their visits, for who comes
// by that name later.
func (d *Desk) Remove(tx store.Tx, operator string) error {
	d.visits.endAll(operator) // also where tx fails: they can log in again
	return table().Delete(tx, operator)
}

func (a *account) set(password string) {
	a.Salt = make([]byte, 16)
	rand.Read(a.Salt)
	a.Argon = wire.DefaultArgon()
	a.Hash = a.hash(password)
}

func (a *account) hash(password string) []byte {
	return argon2.IDKey([]byte(password), a.Salt, a.Argon.Time, a.Argon.Memory, a.Argon.Lanes, 32)
}

// Enter begins a visit for who knows the password and has the code.
func (d *Desk) Enter(ctx context.Context, operator, password, typed string) (Visit, error) {
	if err := d.check(ctx, operator, password, typed, audit.LoggedIn, nil); err != nil {
		return Visit{}, err
	}
	return d.visits.begin(operator, d.Now()), nil
}

// Change gives an operator a password of their own choice. All their visits end.
func (d *Desk) Change(ctx context.Context, operator, password, typed, fresh string) error {
	if n := utf8.RuneCountInString(fresh); n < Shortest || n > Longest {
		return ErrLength
	}
	err := d.check(ctx, operator, password, typed, audit.PasswordChanged, func(a *account) { a.set(fresh) })
	if err == nil {
		d.visits.endAll(operator)
	}
	return err
}

// check debits a try, looks at password and code, and gives the try back where
// both are right, with whatever else is to be changed. What came of it is
// written down: done is the name of that where both are right.
func (d *Desk) check(ctx context.Context, operator, password, typed, done string, change func(*account)) error {
	row, err := d.debit(ctx, operator)
	paused := errors.Is(err, errPaused)
	if err != nil && !paused {
		return err
	}
	if row.Hash == nil {
		row.Argon = wire.DefaultArgon() // nobody's: it takes as long as anybody's
	}
	select {
	case d.hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	knows := subtle.ConstantTimeCompare(row.hash(password), row.Hash) == 1
	<-d.hashing
	if paused {
		return ErrWrong
	}
	if row.Hash == nil {
		d.strangers.Add(1)
		return ErrWrong
	}
	secret, err := d.Ring.Open(keyring.Field, table().Name, operator, row.Secret)
	if err != nil {
		return fmt.Errorf("opening a log-in: %w", err)
	}
	right := false
	err = d.Store.Update(ctx, func(tx store.Tx) error {
		now, there, err := table().Find(tx, operator)
		if err != nil {
			return err
		}
		at, fits := stepOf(secret, typed, d.Now(), now.Step)
		if right = there && knows && fits && string(now.Hash) == string(row.Hash); !right {
			return d.noteWrong(tx, operator, row)
		}
		now.Step, now.Open, now.Until = at, 0, time.Time{}
		if change != nil {
			change(&now)
		}
		return errors.Join(table().Put(tx, operator, now), d.note(tx, done, audit.Operator(operator), ""))
	})
	if err == nil && !right {
		err = ErrWrong
	}
	return err
}

// debit counts a try. The row is empty for an operator without an account, and
// with errPaused.
func (d *Desk) debit(ctx context.Context, operator string) (row account, err error) {
	err = d.Store.Update(ctx, func(tx store.Tx) error {
		row = account{}
		if _, err := operators.Find(tx, operator); errors.Is(err, operators.ErrUnknown) {
			return nil
		} else if err != nil {
			return err
		}
		found, there, err := table().Find(tx, operator)
		if err != nil || !there {
			return err
		}
		now := d.Now()
		if now.Before(found.Until) {
			return errPaused
		}
		if found.Open++; found.Open >= tries {
			found.Open, found.Until = 0, now.Add(pause)
		}
		row = found
		return table().Put(tx, operator, found)
	})
	return row, err
}
