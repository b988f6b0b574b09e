package central

import (
	"errors"
	"net/http"

	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
)

// Office answers what an operator on the same machine asks for. It is served
// on the local socket only: some answers hold secrets.
func (c *Central) Office() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /overview", socket.Handle(func(r *http.Request, _ []byte) (any, error) {
		return c.Overview(r.Context())
	}))
	mux.Handle("GET /terminals", socket.Handle(c.listTerminals))
	mux.Handle("POST /terminals", socket.Handle(c.addTerminal))
	mux.Handle("POST /terminals/{id}/retire", socket.Handle(c.retireTerminal))
	mux.Handle("POST /terminals/{id}/release", socket.Handle(c.releaseTerminal))
	mux.Handle("POST /console", socket.Handle(c.localConsole))
	mux.Handle("GET /operators", socket.Handle(c.listOperators))
	mux.Handle("POST /operators", socket.Handle(c.addOperator))
	mux.Handle("DELETE /operators/{id}", socket.Handle(c.removeOperator))
	mux.Handle("POST /operators/{id}/login", socket.Handle(c.giveLogin))
	mux.Handle("GET /keys", socket.Handle(c.listKeys))
	mux.Handle("POST /keys", socket.Handle(c.publishKeys))
	mux.Handle("POST /enrolments", socket.Handle(c.invite))
	mux.Handle("GET /broker", socket.Handle(func(r *http.Request, _ []byte) (any, error) {
		return c.Access(r.Context())
	}))
	mux.Handle("GET /sites", socket.Handle(func(*http.Request, []byte) (any, error) { return c.cfg.Sites, nil }))
	mux.Handle("GET /cards", socket.Handle(c.listCards))
	mux.Handle("POST /cards", socket.Handle(c.addCard))
	mux.Handle("POST /cards/import", socket.Handle(c.importCards))
	mux.Handle("POST /acts/{kind}", socket.Handle(c.actHere))
	return mux
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

// done is the answer of an act on one terminal.
func done(r *http.Request, err error) (any, error) {
	if errors.Is(err, terminals.ErrUnknown) {
		return nil, socket.Refuse("there is no terminal %q", r.PathValue("id"))
	}
	return struct{}{}, err
}
