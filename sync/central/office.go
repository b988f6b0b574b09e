package central

import (
	"errors"
	"net/http"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
)

// Office answers what an operator on the same machine asks for. It is served
// on the local socket only: some answers hold secrets.
func (c *Central) Office() http.Handler {
	mux := http.NewServeMux()
	for pattern, answer := range c.calls() {
		mux.Handle(pattern, socket.Handle(answer))
	}
	return mux
}

// calls are what can be asked for. Each that changes something, hands out a
// secret or tells of a person leaves an entry in the audit log.
func (c *Central) calls() map[string]func(*http.Request, []byte) (any, error) {
	return map[string]func(*http.Request, []byte) (any, error){
		"GET /overview":                func(r *http.Request, _ []byte) (any, error) { return c.Overview(r.Context()) },
		"GET /sites":                   func(*http.Request, []byte) (any, error) { return c.cfg.Sites, nil },
		"GET /terminals":               c.listTerminals,
		"POST /terminals":              c.addTerminal,
		"POST /terminals/{id}/retire":  c.retireTerminal,
		"POST /terminals/{id}/release": c.releaseTerminal,
		"POST /enrolments":             c.invite,
		"POST /console":                c.localConsole,
		"GET /operators":               c.listOperators,
		"POST /operators":              c.addOperator,
		"DELETE /operators/{id}":       c.removeOperator,
		"POST /operators/{id}/login":   c.giveLogin,
		"GET /keys":                    c.listKeys,
		"POST /keys":                   c.publishKeys,
		"GET /broker":                  c.tellBroker,
		"GET /cards":                   c.listCards,
		"POST /cards":                  c.addCard,
		"POST /cards/import":           c.importCards,
		"POST /acts/{kind}":            c.actHere,
	}
}

func (c *Central) listTerminals(r *http.Request, _ []byte) (any, error) {
	o, err := c.Overview(r.Context())
	return o.Terminals, err
}

func (c *Central) addTerminal(r *http.Request, body []byte) (any, error) {
	var n NewTerminal
	if err := socket.Read(body, &n); err != nil {
		return nil, err
	}
	id, err := c.AddTerminal(r.Context(), n)
	return id, n.refused(err)
}

func (c *Central) invite(r *http.Request, body []byte) (any, error) {
	var n NewTerminal
	if err := socket.Read(body, &n); err != nil {
		return nil, err
	}
	in, err := c.Invite(r.Context(), n)
	if errors.Is(err, ErrPasswords) {
		return nil, socket.Refuse("%v: set access = \"certificates\" under [broker], or use \"terminals add\"", err)
	}
	return in, n.refused(err)
}

// refused is why a terminal does not come about, in words for who asked.
func (n NewTerminal) refused(err error) error {
	switch {
	case errors.Is(err, ErrNoSite):
		return socket.Refuse("there is no site %q: add it to the configuration file and restart central", n.Site)
	case errors.Is(err, terminals.ErrTaken), errors.Is(err, terminals.ErrMalformed):
		return socket.Refuse("%v", err)
	}
	return err
}

func (c *Central) retireTerminal(r *http.Request, _ []byte) (any, error) {
	return done(r, c.Retire(r.Context(), r.PathValue("id")))
}

func (c *Central) releaseTerminal(r *http.Request, _ []byte) (any, error) {
	return done(r, c.Release(r.Context(), r.PathValue("id")))
}

// tellBroker hands out whom a broker is to let in, which holds secrets.
func (c *Central) tellBroker(r *http.Request, _ []byte) (any, error) {
	err := c.db.Update(r.Context(), func(tx store.Tx) error { return c.noted(tx, audit.BrokerTold, "", "") })
	if err != nil {
		return nil, err
	}
	return c.Access(r.Context())
}

// done is the answer of an act on one terminal.
func done(r *http.Request, err error) (any, error) {
	if errors.Is(err, terminals.ErrUnknown) {
		return nil, socket.Refuse("there is no terminal %q", r.PathValue("id"))
	}
	return struct{}{}, err
}
