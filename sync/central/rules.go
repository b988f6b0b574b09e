package central

import (
	"errors"
	"log/slog"

	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// rules is the desk as sessions see it.
type rules struct {
	desk *desk.Desk
	log  *slog.Logger
}

var _ session.Desk = rules{}

func (r rules) Serve(tx store.Tx, who session.Who, kind wire.Kind, body []byte, reply wire.Envelope) (any, error) {
	return r.desk.Serve(tx, asks(who), kind, body, reply)
}

// Fact takes a fact. One that the desk cannot use is acknowledged all the
// same: sending it again would not help, and those behind it have to come.
func (r rules) Fact(tx store.Tx, who session.Who, kind wire.Kind, body []byte) error {
	err := r.desk.Fact(tx, asks(who), kind, body)
	if errors.Is(err, desk.ErrFact) {
		r.log.Warn("a fact was of no use", "terminal", who.ID, "kind", kind, "err", err)
		return nil
	}
	return err
}

func asks(who session.Who) desk.Terminal {
	return desk.Terminal{ID: who.ID, Name: who.Name, Site: who.Site, SessNonce: who.SessNonce}
}
