package central

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// ImportCards takes in a CSV file of cards, all or none, and says how many
// there were. What is wrong with it is a desk.Problems.
func (c *Central) ImportCards(ctx context.Context, file io.Reader) (int, error) {
	n, err := c.desk.ImportCards(ctx, c.db, file)
	c.touched()
	return n, err
}

// AddCard takes in one card.
func (c *Central) AddCard(ctx context.Context, n desk.NewCard) error {
	return c.desk.AddCard(ctx, c.db, n)
}

// Cards lists all cards, with their holders: that is written down.
func (c *Central) Cards(ctx context.Context) (list []wire.CardView, err error) {
	err = c.db.Update(ctx, func(tx store.Tx) (err error) {
		if list, err = c.desk.Cards(tx); err != nil {
			return err
		}
		return c.noted(tx, audit.CardsListed, "", fmt.Sprintf("%d cards", len(list)))
	})
	return list, err
}

// Imported is the answer to an import.
type Imported struct {
	Cards int `json:"cards"`
}

func (c *Central) importCards(r *http.Request, body []byte) (any, error) {
	n, err := c.ImportCards(r.Context(), bytes.NewReader(body))
	return Imported{n}, inLines(err)
}

func (c *Central) addCard(r *http.Request, body []byte) (any, error) {
	var n desk.NewCard
	if err := socket.Read(body, &n); err != nil {
		return nil, err
	}
	return Imported{1}, inLines(c.AddCard(r.Context(), n))
}

func (c *Central) listCards(r *http.Request, _ []byte) (any, error) { return c.Cards(r.Context()) }

// inLines makes a refusal of what is wrong with a file.
func inLines(err error) error {
	problems, ok := errors.AsType[desk.Problems](err)
	if !ok {
		return err
	}
	var r socket.Refused
	for _, p := range problems {
		r.Errors = append(r.Errors, p.Error())
	}
	return r
}
