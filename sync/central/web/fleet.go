package web

import (
	"net/http"
	"slices"

	"unlockpoint/sync/wire"
)

// newest is how many events are a page.
const newest = 200

// events are the newest ones, the last one first.
func (s site) events(w http.ResponseWriter, r *http.Request, v view) {
	var got wire.EventsBody
	if s.do(w, r, v, wire.FleetFollow, wire.FollowBody{Last: newest}, &got) {
		slices.Reverse(got.Events)
		v.Data = got
		s.show(w, http.StatusOK, "events", v)
	}
}

// differences are what terminals are set to otherwise than they should be.
func (s site) differences(w http.ResponseWriter, r *http.Request, v view) {
	var all []wire.ConfigDiff
	asked := wire.Scope{Site: r.URL.Query().Get("site"), Terminal: r.URL.Query().Get("terminal")}
	if s.do(w, r, v, wire.ConfigDrift, asked, &all) {
		v.Data = slices.DeleteFunc(all, func(d wire.ConfigDiff) bool { return d.Desired == d.Reported && len(d.Differs) == 0 })
		s.show(w, http.StatusOK, "differences", v)
	}
}
