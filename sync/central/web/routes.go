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
	{"GET /events", wire.FleetFollow, site.events},
	{"GET /differences", wire.ConfigDrift, site.differences},
	{"GET /steps", wire.FleetSteps, site.steps},
	{"GET /settings", wire.ConfigGet, site.settings},
	{"POST /settings", wire.ConfigSet, site.set},
	{"POST /run", wire.FleetRun, site.run},
	{"GET /jobs/{job}", wire.FleetJob, site.job},
	{"GET /jobs/{job}/{terminal}", wire.FleetFetch, site.brought},
	{"GET /cards", wire.CardFind, site.cards},
	{"POST /cards", wire.CardFind, site.cards},
	{"POST /card", wire.CardHistory, site.card},
	{"POST /agree", wire.CardAgree, site.agree},
	{"GET /audit", wire.AuditLs, site.audit},
	{"GET /audit/export", wire.AuditExport, site.export},
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
	if s.do(w, r, v, wire.FleetLs, struct{}{}, &terminals) {
		var sites []string
		for _, t := range terminals {
			sites = append(sites, t.Site)
		}
		slices.Sort(sites)
		v.Data = struct {
			Overview
			Terminals []wire.TerminalView
			Sites     []string
		}{o, terminals, slices.Compact(sites)}
		if r.URL.Query().Get("anew") != "" { // on request alone: it takes the focus of who goes by keyboard back to the top
			v.Anew = 10
		}
		s.show(w, http.StatusOK, "overview", v)
	}
}

func (s site) terminal(w http.ResponseWriter, r *http.Request, v view) {
	var t wire.TerminalView
	if s.do(w, r, v, wire.FleetShow, wire.TerminalBody{Terminal: r.PathValue("terminal")}, &t) {
		v.Data = t
		s.show(w, http.StatusOK, "terminal", v)
	}
}

// do does an act and reads its result. Where it returns false it has answered:
// why the act was refused, or that there is a fault.
func (s site) do(w http.ResponseWriter, r *http.Request, v view, kind wire.Kind, body, into any) bool {
	raw, err := s.Central.Do(r.Context(), v.By, kind, body)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if refused, ok := errors.AsType[socket.Refused](err); ok {
		v.Why = refused.Errors
		s.show(w, http.StatusUnprocessableEntity, "refused", v)
		return false
	}
	if err != nil {
		s.fault(w, err)
	}
	return err == nil
}

// act does what a form asks for, and shows what it brought.
func (s site) act(w http.ResponseWriter, r *http.Request, v view) {
	f := formOf(wire.Kind(r.PostFormValue("kind")))
	if f.Button == "" {
		v.Why = []string{"There is no such form."}
		s.show(w, http.StatusNotFound, "refused", v)
		return
	}
	if err := v.By.Role.May(f.Kind); err != nil {
		v.Why = []string{err.Error()}
		s.show(w, http.StatusForbidden, "refused", v)
		return
	}
	subject, body := r.PostFormValue(f.About), map[string]any{}
	if f.About != "" {
		body[f.About] = subject
	}
	for _, a := range f.Asks {
		typed := strings.TrimSpace(r.PostFormValue(a.Name))
		switch {
		case a.Ticked() && typed != "":
			body[a.Name] = true
		case !a.Ticked():
			body[a.Name] = typed
		}
	}
	came := result{form: f, Subject: subject}
	v.Data = came
	if s.do(w, r, v, f.Kind, body, &came.raw) {
		s.cameOf(w, v, came)
	}
}

// result is what a form has brought. With Agree nothing was done yet.
type result struct {
	form
	Subject string
	raw     json.RawMessage
	Agree   string // number under which it waits for a second operator
	Result  []pair
}

// cameOf shows what an act has brought: done, or that it waits.
func (s site) cameOf(w http.ResponseWriter, v view, came result) {
	var done wire.CardDone
	json.Unmarshal(came.raw, &done) // what came of another kind of act has no number
	status := http.StatusOK
	if came.Agree = done.Agree; came.Agree != "" {
		status = http.StatusAccepted
	} else {
		came.Result = pairs(came.raw)
	}
	v.Data = came
	s.show(w, status, "done", v)
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
