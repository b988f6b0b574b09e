package web

import (
	"net/http"
	"net/url"

	"unlockpoint/sync/wire"
)

// settings are what holds for the fleet, a site or a terminal, and where each
// comes from.
func (s site) settings(w http.ResponseWriter, r *http.Request, v view) {
	asked := wire.Scope{Site: r.URL.Query().Get("site"), Terminal: r.URL.Query().Get("terminal")}
	var set wire.ConfigView
	if s.do(w, r, v, wire.ConfigGet, asked, &set) {
		v.Data = set
		s.show(w, http.StatusOK, "settings", v)
	}
}

// set changes one setting, or has it come from further up again.
func (s site) set(w http.ResponseWriter, r *http.Request, v view) {
	body := wire.ConfigSetBody{Scope: wire.Scope{Site: r.PostFormValue("site"), Terminal: r.PostFormValue("terminal")},
		Reason: r.PostFormValue("reason")}
	if key := r.PostFormValue("key"); r.PostFormValue("unset") != "" {
		body.Unset = []string{key}
	} else {
		body.Set = []wire.ConfigChange{{Key: key, Value: r.PostFormValue("value")}}
	}
	var done struct{}
	if s.do(w, r, v, wire.ConfigSet, body, &done) {
		back := url.Values{"site": {body.Site}, "terminal": {body.Terminal}}
		http.Redirect(w, r, s.Base+"/settings?"+back.Encode(), http.StatusSeeOther)
	}
}
