package central

import (
	"encoding/json"
	"errors"
	"net/http"

	"unlockpoint/sync/central/desk"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// boothActs are what the IT booth does. Each leaves an entry in the audit log,
// also those that only look.
func (c *Central) boothActs() map[wire.Kind]session.Act {
	acts := map[wire.Kind]session.Act{
		wire.CardFind:    {Look: looking(c.desk.CardFind), Do: booth(c.desk.CardsFound)},
		wire.CardHistory: {Do: booth(c.desk.CardHistory)},
		wire.CardWaiting: {Do: booth(c.desk.CardWaiting)},
		wire.CardAgree:   {Do: booth(c.desk.CardAgree)},
	}
	for _, kind := range []wire.Kind{wire.CardRelease, wire.CardAssist, wire.CardRemove, wire.CardFreeze, wire.CardUnfreeze, wire.CardAddress} {
		acts[kind] = session.Act{Do: booth(func(tx store.Tx, by operators.Operator, b wire.CardActBody) (wire.CardDone, error) {
			return c.desk.CardAct(tx, by, kind, b)
		})}
	}
	return acts
}

// booth makes an act of what the desk does for an operator.
func booth[B, R any](do func(store.Tx, operators.Operator, B) (R, error)) func(store.Tx, operators.Operator, []byte) (any, error) {
	return func(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
		b, err := bodyOf[B](raw)
		if err != nil {
			return nil, err
		}
		r, err := do(tx, by, b)
		if no, ok := errors.AsType[desk.No](err); ok {
			return nil, socket.Refuse("%v", no)
		}
		return r, err
	}
}

// looking is the first half of an act: what the desk finds, for the second.
func looking[B, R any](do func(store.Tx, operators.Operator, B) (R, error)) func(store.Tx, operators.Operator, []byte) ([]byte, error) {
	find := booth(do)
	return func(tx store.Tx, by operators.Operator, raw []byte) ([]byte, error) {
		found, err := find(tx, by, raw)
		if err != nil {
			return nil, err
		}
		return json.Marshal(found)
	}
}

// actHere does an act for somebody at the local socket, who may do whatever
// one operator may.
func (c *Central) actHere(r *http.Request, body []byte) (any, error) {
	if !json.Valid(body) {
		return nil, socket.Refuse("an act has a body in JSON")
	}
	return c.Do(r.Context(), operators.Operator{Role: wire.Admin}, wire.Kind(r.PathValue("kind")), json.RawMessage(body))
}
