package web

import (
	"encoding/json"
	"net/http"

	"unlockpoint/sync/wire"
)

// export downloads the whole audit log, a line of JSON for each entry with its
// hash, as "fleet audit export" prints it. One that cannot go on is broken off,
// so that nobody takes it for whole.
func (s site) export(w http.ResponseWriter, r *http.Request, v view) {
	var first []wire.AuditLine
	if !s.do(w, r, v, wire.AuditExport, wire.AuditPageBody{}, &first) {
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.ndjson"`)
	page := func(after uint64) (lines []wire.AuditLine, err error) {
		if after == 0 {
			return first, nil
		}
		raw, err := s.Central.Do(r.Context(), v.By, wire.AuditExport, wire.AuditPageBody{After: after})
		if err == nil {
			err = json.Unmarshal(raw, &lines)
		}
		return lines, err
	}
	out := json.NewEncoder(w)
	if err := wire.EachAuditLine(0, page, func(l wire.AuditLine) error { return out.Encode(l) }); err != nil {
		s.Log.Warn("an export of the audit log was broken off", "err", err)
		panic(http.ErrAbortHandler)
	}
}
