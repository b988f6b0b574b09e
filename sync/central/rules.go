package central

import (
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// rules is the desk as sessions see it.
type rules struct{ desk *desk.Desk }

var _ session.Desk = rules{}

func (r rules) Serve(tx store.Tx, who session.Who, kind wire.Kind, body []byte, reply wire.Envelope) (any, error) {
	return r.desk.Serve(tx, desk.Terminal(who), kind, body, reply)
}

func (r rules) Fact(tx store.Tx, who session.Who, kind wire.Kind, body []byte) error {
	return r.desk.Fact(tx, desk.Terminal(who), kind, body)
}
