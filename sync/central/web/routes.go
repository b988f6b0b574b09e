package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// route is one address. Kind is the act that is behind it, and so says whose
// roles may see it; without one, every operator may.
type route struct {
	pattern string
	kind    wire.Kind
	serve   func(s site, w http.ResponseWriter, r *http.Request, v view)
}

// routes are all that need a log-in. What is about a card is asked by POST: no
// name and no card is in an address, which logs and histories keep.
var routes = []route{
	{"GET /{$}", wire.FleetLs, site.overview},
	{"GET /terminals/{terminal}", wire.FleetShow, site.terminal},
	{"POST /act", "", site.act}, // the role is that of the act
	{"GET /password", "", site.password},
	{"POST /password", "", site.password},
	{"POST /leave", "", site.leave},
}

func (s site) overview(w http.ResponseWriter, r *http.Request, v view) {
	o, err := s.Central.Overview(r.Context())
	if err != nil {
		s.fault(w, err)
		return
	}
	var terminals []wire.TerminalView
	s.page(w, r, v, "overview", wire.FleetLs, struct{}{}, &terminals, func() any {
		return struct {
			Overview
			Terminals []wire.TerminalView
		}{o, terminals}
	})
}

func (s site) terminal(w http.ResponseWriter, r *http.Request, v view) {
	var t wire.TerminalView
	s.page(w, r, v, "terminal", wire.FleetShow, wire.TerminalBody{Terminal: r.PathValue("terminal")}, &t, func() any { return t })
}

// page does an act that a page shows the result of.
func (s site) page(w http.ResponseWriter, r *http.Request, v view, name string, kind wire.Kind, body, into any, data func() any) {
	raw, err := s.Central.Do(r.Context(), v.By, kind, body)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	switch refused, ok := errors.AsType[socket.Refused](err); {
	case ok:
		v.Why = refused.Errors
		s.show(w, http.StatusUnprocessableEntity, "refused", v)
	case err != nil:
		s.fault(w, err)
	default:
		v.Data = data()
		s.show(w, http.StatusOK, name, v)
	}
}

// act does what a form asks for, and shows what it brought.
func (s site) act(w http.ResponseWriter, r *http.Request, v view) {
	at := slices.IndexFunc(forms, func(f form) bool { return string(f.Kind) == r.PostFormValue("kind") })
	if at < 0 {
		v.Why = []string{"There is no such form."}
		s.show(w, http.StatusNotFound, "refused", v)
		return
	}
	f := forms[at]
	if err := v.By.Role.May(f.Kind); err != nil {
		v.Why = []string{err.Error()}
		s.show(w, http.StatusForbidden, "refused", v)
		return
	}
	body := map[string]string{f.About: r.PostFormValue(f.About)}
	for _, a := range f.Asks {
		body[a.Name] = strings.TrimSpace(r.PostFormValue(a.Name))
	}
	var raw json.RawMessage
	s.page(w, r, v, "done", f.Kind, body, &raw, func() any {
		return struct {
			form
			Subject string
			Result  []pair
		}{f, body[f.About], pairs(raw)}
	})
}

// pair is one line of a result.
type pair struct{ Name, Value string }

// pairs are the fields of a JSON object, in its order; of anything else, none.
func pairs(raw json.RawMessage) (all []pair) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return all
		}
		text := string(value)
		var s string
		if json.Unmarshal(value, &s) == nil {
			text = s
		}
		all = append(all, pair{strings.ReplaceAll(name.(string), "_", " "), text})
	}
	return all
}
