package web

import (
	"bytes"
	"net/http"
	"net/url"

	"unlockpoint/sync/wire"
)

// away is how long a terminal that is away may take for what it is told, in
// seconds: somebody waits for it.
const away = 120

// run tells a terminal, or those of a site, to do something, and shows what
// becomes of it.
func (s site) run(w http.ResponseWriter, r *http.Request, v view) {
	chosen := []string{r.PostFormValue("terminal")}
	if at := r.PostFormValue("site"); at != "" {
		var all []wire.TerminalView
		if !s.do(w, r, v, wire.FleetLs, struct{}{}, &all) {
			return
		}
		chosen = []string{}
		for _, t := range all {
			if t.Site == at && t.State != wire.Gone {
				chosen = append(chosen, t.ID)
			}
		}
	}
	var job wire.JobBody
	body := wire.RunBody{Do: wire.Work(r.PostFormValue("do")), Terminals: chosen, Within: away, Reason: r.PostFormValue("reason")}
	if s.do(w, r, v, wire.FleetRun, body, &job) {
		http.Redirect(w, r, s.Base+"/jobs/"+url.PathEscape(job.Job), http.StatusSeeOther)
	}
}

// job is what became of a work.
func (s site) job(w http.ResponseWriter, r *http.Request, v view) {
	p := &answers{site: s, w: w, r: r, by: v.By}
	if s.do(w, r, v, wire.FleetJob, wire.JobBody{Job: r.PathValue("job")}, &p.Job) {
		v.Data = p
		s.show(w, http.StatusOK, "job", v)
	}
}

// brought is what a work brought from a terminal: a picture, or a text.
func (s site) brought(w http.ResponseWriter, r *http.Request, v view) {
	var raw []byte
	if !s.do(w, r, v, wire.FleetFetch, wire.FetchBody{Job: r.PathValue("job"), Terminal: r.PathValue("terminal")}, &raw) {
		return
	}
	form := "text/plain; charset=utf-8"
	if bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")) {
		form = "image/png"
	}
	w.Header().Set("Content-Type", form)
	w.Write(raw)
}
