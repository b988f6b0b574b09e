package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
)

// A visit ends after so long without a page, and after so long at all.
const (
	idle    = 15 * time.Minute
	longest = 8 * time.Hour
)

// Visit is an operator at central's pages. Token is the browser's secret, and
// Form is what each of its forms has to bring along, so that no other site's
// page can send one (OWASP, Cross-Site Request Forgery Prevention: synchronizer
// tokens).
type Visit struct{ Token, Form, Operator string }

// Sends says whether a form is of this visit.
func (v Visit) Sends(form string) bool {
	return v.Form != "" && subtle.ConstantTimeCompare([]byte(v.Form), []byte(form)) == 1
}

// ErrNoVisit says that nobody is logged in with a token.
var ErrNoVisit = errors.New("nobody is logged in")

// visits are in memory only: a restart ends them. Tokens are kept as hashes.
type visits struct {
	mu  sync.Mutex
	all map[[32]byte]*stay
}

type stay struct {
	visit       Visit
	began, seen time.Time
}

func (v *visits) begin(operator string, now time.Time) Visit {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.all == nil {
		v.all = map[[32]byte]*stay{}
	}
	for key, s := range v.all {
		if s.over(now) {
			delete(v.all, key)
		}
	}
	visit := Visit{Token: rand.Text(), Form: rand.Text(), Operator: operator}
	v.all[sha256.Sum256([]byte(visit.Token))] = &stay{visit: visit, began: now, seen: now}
	return visit
}

func (s *stay) over(now time.Time) bool {
	return now.Sub(s.seen) >= idle || now.Sub(s.began) >= longest
}

func (v *visits) find(token string, now time.Time) (Visit, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.all[sha256.Sum256([]byte(token))]
	if s == nil || s.over(now) {
		return Visit{}, false
	}
	s.seen = now
	return s.visit, true
}

// end ends a visit, and says whose it was, if it had not ended before.
func (v *visits) end(token string, now time.Time) (Visit, bool) {
	visit, here := v.find(token, now)
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.all, sha256.Sum256([]byte(token)))
	return visit, here
}

func (v *visits) endAll(operator string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for key, s := range v.all {
		if s.visit.Operator == operator {
			delete(v.all, key)
		}
	}
}

// Find returns who is here with a token, as they are on the list now; who was
// taken off it is here no longer.
func (d *Desk) Find(ctx context.Context, token string) (v Visit, o operators.Operator, err error) {
	v, here := d.visits.find(token, d.Now())
	if !here {
		return Visit{}, o, ErrNoVisit
	}
	err = d.Store.View(ctx, func(tx store.Tx) (err error) { o, err = operators.Find(tx, v.Operator); return err })
	if errors.Is(err, operators.ErrUnknown) {
		d.visits.end(token, d.Now())
		err = ErrNoVisit
	}
	return v, o, err
}

// Begin begins a visit of an operator whom somebody else vouches for.
func (d *Desk) Begin(ctx context.Context, operator string) (Visit, error) {
	err := d.Store.Update(ctx, func(tx store.Tx) error { return d.note(tx, audit.LoggedIn, audit.Operator(operator), "") })
	if err != nil {
		return Visit{}, err
	}
	return d.visits.begin(operator, d.Now()), nil
}

// Leave ends a visit.
func (d *Desk) Leave(ctx context.Context, token string) error {
	v, here := d.visits.end(token, d.Now())
	if !here {
		return nil
	}
	return d.Store.Update(ctx, func(tx store.Tx) error { return d.note(tx, audit.LoggedOut, audit.Operator(v.Operator), "") })
}
