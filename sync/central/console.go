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
	return c.answerConsole(tx, audit.Operator(by.ID), t, b.Challenge)
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
			out, err = c.answerConsole(tx, audit.Local, t, b.Challenge)
		}
		return err
	})
	return out, err
}

func (c *Central) answerConsole(tx store.Tx, by string, t terminals.Terminal, typed string) (wire.ConsoleReply, error) {
	challenge, err := wire.ReadChallenge(typed)
	if err != nil {
		return wire.ConsoleReply{}, socket.Refuse("challenge %q is %v", typed, err)
	}
	answer := wire.ConsoleAnswer(c.ring.ConsoleKey(t.ID), t.ID, challenge)
	return wire.ConsoleReply{Answer: wire.Spaced(answer)},
		c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: audit.ConsoleOpened, By: by, Site: t.Site, Note: t.ID})
}
