package central

import (
	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// rules is what terminals ask for, as sessions see it: all that is about a
// card is the desk's, and what is about the terminal itself is central's.
type rules struct{ *Central }

var _ session.Desk = rules{}

func (r rules) Serve(tx store.Tx, who session.Who, kind wire.Kind, body []byte, reply wire.Envelope) (any, error) {
	switch kind {
	case wire.CommandDone:
		return commandDone(tx, who, body, r.cfg.Now())
	case wire.CertRenew:
		return r.renew(tx, who.ID, body)
	}
	return r.desk.Serve(tx, desk.Terminal(who), kind, body, reply)
}

func (r rules) Fact(tx store.Tx, who session.Who, kind wire.Kind, body []byte) error {
	if kind == wire.Taken {
		return settingsTaken(tx, who, body, r.cfg.Now())
	}
	return r.desk.Fact(tx, desk.Terminal(who), kind, body)
}
