package central

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/login"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// NewOperator is what somebody decides about an operator.
type NewOperator struct {
	ID    string    `json:"id"`
	Role  wire.Role `json:"role"`
	Sites []string  `json:"sites,omitempty"` // none: everywhere
	Card  string    `json:"card,omitempty"`  // their own smartcard: no act of theirs is on it
}

// AddOperator makes an operator's keys and account, and returns their badge,
// whose secrets are kept nowhere else.
func (c *Central) AddOperator(ctx context.Context, n NewOperator) (b wire.Badge, err error) {
	for _, site := range n.Sites {
		if _, ok := c.cfg.sites()[site]; !ok {
			return b, fmt.Errorf("site %q: %w", site, ErrNoSite)
		}
	}
	err = c.db.Update(ctx, func(tx store.Tx) (err error) {
		if _, err := terminals.Find(tx, n.ID); err == nil {
			return terminals.ErrTaken
		} else if !errors.Is(err, terminals.ErrUnknown) {
			return err
		}
		b, err = operators.Add(tx, c.ring, operators.New{ID: n.ID, Role: n.Role, Sites: n.Sites, Card: n.Card, Realm: c.cfg.Realm,
			URL: c.cfg.Terminals.URL, CA: c.cfg.Terminals.CA, Now: c.cfg.Now(), Authority: c.vouches})
		if err != nil {
			return err
		}
		return c.noted(tx, audit.OperatorAdded, "", fmt.Sprintf("%s, %s", n.ID, n.Role))
	})
	if err != nil {
		return wire.Badge{}, fmt.Errorf("adding operator %s: %w", n.ID, err)
	}
	c.admitted()
	return b, nil
}

// RemoveOperator takes an operator off the list.
func (c *Central) RemoveOperator(ctx context.Context, id string) error {
	defer c.admitted()
	return c.db.Update(ctx, func(tx store.Tx) error {
		if err := errors.Join(operators.Remove(tx, id), c.logins.Remove(tx, id)); err != nil {
			return err
		}
		return c.noted(tx, audit.OperatorRemoved, "", id)
	})
}

// OperatorLine is an operator in a list.
type OperatorLine struct {
	ID    string    `json:"id"`
	Role  wire.Role `json:"role"`
	Sites []string  `json:"sites,omitempty"`
	Card  string    `json:"card,omitempty"` // as in NewOperator
	Added time.Time `json:"added"`
}

// Operators lists all operators.
func (c *Central) Operators(ctx context.Context) (lines []OperatorLine, err error) {
	list, err := c.operators(ctx)
	for _, o := range list {
		lines = append(lines, OperatorLine{ID: o.ID, Role: o.Role, Sites: o.Sites, Card: o.Card, Added: o.Added})
	}
	return lines, err
}

func (c *Central) operators(ctx context.Context) (list []operators.Operator, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) { list, err = operators.List(tx); return err })
	return list, err
}

func (c *Central) listOperators(r *http.Request, _ []byte) (any, error) {
	return c.Operators(r.Context())
}

func (c *Central) addOperator(r *http.Request, body []byte) (any, error) {
	var n NewOperator
	if err := socket.Read(body, &n); err != nil {
		return nil, err
	}
	b, err := c.AddOperator(r.Context(), n)
	for _, known := range []error{ErrNoSite, operators.ErrTaken, operators.ErrMalformed, operators.ErrNoRole, terminals.ErrTaken} {
		if errors.Is(err, known) {
			return nil, socket.Refuse("%v", err)
		}
	}
	return b, err
}

func (c *Central) removeOperator(r *http.Request, _ []byte) (any, error) {
	err := c.RemoveOperator(r.Context(), r.PathValue("id"))
	if errors.Is(err, operators.ErrUnknown) {
		return nil, socket.Refuse("there is no operator %q", r.PathValue("id"))
	}
	return struct{}{}, err
}

// GiveLogin gives an operator a log-in for central's pages, in place of any that
// they had.
func (c *Central) GiveLogin(ctx context.Context, id string) (login.Account, error) {
	return c.logins.Give(ctx, id)
}

// Enter begins a visit at central's pages for an operator without a log-in: the
// demo's own.
func (c *Central) Enter(ctx context.Context, id string) (login.Visit, error) {
	return c.logins.Begin(ctx, id)
}

func (c *Central) giveLogin(r *http.Request, _ []byte) (any, error) {
	a, err := c.GiveLogin(r.Context(), r.PathValue("id"))
	if errors.Is(err, operators.ErrUnknown) {
		return nil, socket.Refuse("there is no operator %q", r.PathValue("id"))
	}
	return a, err
}
