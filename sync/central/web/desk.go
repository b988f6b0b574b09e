package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"unlockpoint/sync/wire"
)

// cards is where cards are looked for, and where what waits for a second
// operator is agreed to.
func (s site) cards(w http.ResponseWriter, r *http.Request, v view) {
	var found []wire.CardView
	query := r.PostFormValue("query")
	if query != "" && !s.do(w, r, v, wire.CardFind, wire.CardFindBody{Query: query}, &found) {
		return
	}
	var waiting []wire.Waiting
	if !s.do(w, r, v, wire.CardWaiting, wire.CardWaitingBody{}, &waiting) {
		return
	}
	v.Data = struct {
		Asked   bool
		Query   string
		Found   []wire.CardView
		Waiting []wire.Waiting
	}{query != "", query, found, waiting}
	s.show(w, http.StatusOK, "cards", v)
}

// agree agrees to what another operator asked for, as it waits.
func (s site) agree(w http.ResponseWriter, r *http.Request, v view) {
	id := r.PostFormValue("id")
	var waiting []wire.Waiting
	if !s.do(w, r, v, wire.CardWaiting, wire.CardWaitingBody{ID: id}, &waiting) {
		return
	}
	agreed := wire.CardAgreeBody{ID: id}
	if len(waiting) > 0 {
		agreed = waiting[0].CardAgreeBody
	}
	var raw json.RawMessage
	if s.do(w, r, v, wire.CardAgree, agreed, &raw) {
		s.cameOf(w, v, result{form: formOf(agreed.Kind), Subject: agreed.Act.Card, raw: raw})
	}
}

// card is what happened to a card, and what may be done about it.
func (s site) card(w http.ResponseWriter, r *http.Request, v view) {
	before, _ := strconv.ParseUint(r.PostFormValue("before"), 10, 64) // anything else is the newest
	var h wire.History
	if s.do(w, r, v, wire.CardHistory, wire.CardHistoryBody{Card: r.PostFormValue("card"), Before: before}, &h) {
		var last uint64
		for _, e := range h.Entries {
			last = e.Seq
		}
		v.Data = struct {
			wire.History
			Last uint64
		}{h, last}
		s.show(w, http.StatusOK, "card", v)
	}
}

// auditPage is how many entries are a page of the audit log.
const auditPage = 100

// audit is the audit log, the newest entry first, or what is before a number.
func (s site) audit(w http.ResponseWriter, r *http.Request, v view) {
	before, _ := strconv.ParseUint(r.URL.Query().Get("before"), 10, 64) // anything else is the newest
	var lines []struct{ Entry wire.AuditEntry }
	if s.do(w, r, v, wire.AuditLs, wire.AuditPageBody{Last: auditPage, Before: before}, &lines) {
		slices.Reverse(lines)
		var first uint64
		for _, l := range lines {
			first = l.Entry.Seq
		}
		v.Data = struct {
			Lines         []struct{ Entry wire.AuditEntry }
			Before, First uint64
		}{lines, before, first}
		s.show(w, http.StatusOK, "audit", v)
	}
}
