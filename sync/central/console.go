package central

import (
	"errors"
	"net/http"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// consoleRespond answers the challenge of a terminal's console for an
// operator, so that whoever stands there gets in.
func (c *Central) consoleRespond(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.ConsoleBody](raw)
	if err != nil {
		return nil, err
	}
	t, err := terminalOf(tx, by, b.Terminal)
	if err != nil {
		return nil, err
	}
	return c.answerConsole(tx, by, t, b)
}

func (c *Central) localConsole(r *http.Request, body []byte) (out any, err error) {
	var b wire.ConsoleBody
	if err := socket.Read(body, &b); err != nil {
		return nil, err
	}
	err = c.db.Update(r.Context(), func(tx store.Tx) error {
		t, err := terminals.Find(tx, b.Terminal)
		if errors.Is(err, terminals.ErrUnknown) {
			return socket.Refuse("there is no terminal %q", b.Terminal)
		}
		if err == nil {
			out, err = c.answerConsole(tx, operators.Operator{}, t, b)
		}
		return err
	})
	return out, err
}

func (c *Central) answerConsole(tx store.Tx, by operators.Operator, t terminals.Terminal, b wire.ConsoleBody) (wire.ConsoleReply, error) {
	challenge, err := wire.ReadChallenge(b.Challenge)
	if err != nil {
		return wire.ConsoleReply{}, socket.Refuse("challenge %q is %v", b.Challenge, err)
	}
	answer := wire.ConsoleAnswer(c.ring.ConsoleKey(t.ID), t.ID, challenge)
	return wire.ConsoleReply{Answer: wire.Spaced(answer)}, c.acted(tx, by, audit.ConsoleOpened, t.Site, t.ID, b.Reason)
}
