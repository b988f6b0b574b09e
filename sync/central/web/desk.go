package web

import (
	"encoding/json"
	"net/http"
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
		s.cameOf(w, v, result{form: form{Title: string(agreed.Kind), About: "card"}, Subject: agreed.Act.Card, raw: raw})
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

// audit is the audit log, from its beginning or behind a number.
func (s site) audit(w http.ResponseWriter, r *http.Request, v view) {
	after, _ := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64) // anything else is the beginning
	var lines []struct{ Entry wire.AuditEntry }
	if s.do(w, r, v, wire.AuditLs, wire.AuditPageBody{After: after}, &lines) {
		entries := make([]wire.AuditEntry, len(lines))
		for i, l := range lines {
			entries[i] = l.Entry
			after = l.Entry.Seq
		}
		v.Data = struct {
			Entries []wire.AuditEntry
			Last    uint64
		}{entries, after}
		s.show(w, http.StatusOK, "audit", v)
	}
}
