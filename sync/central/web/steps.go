package web

import (
	"net/http"
	"strconv"

	"unlockpoint/sync/completion"
	"unlockpoint/sync/wire"
)

// fewDays is how many are shown to who does not say.
const fewDays = 30

// steps is where people went on and where they stopped, page by page.
func (s site) steps(w http.ResponseWriter, r *http.Request, v view) {
	asked := wire.StepsBody{Days: fewDays, Site: r.URL.Query().Get("site")}
	if typed := r.URL.Query().Get("days"); typed != "" {
		asked.Days, _ = strconv.Atoi(typed) // what is no number is 0, which is refused in words
	}
	var rows []wire.StepRow
	if s.do(w, r, v, wire.FleetSteps, asked, &rows) {
		lines := completion.Of(rows, s.Steps)
		v.Data = struct {
			wire.StepsBody
			Lines    []completion.Line
			Journeys []completion.Journey
		}{asked, lines, completion.Journeys(lines)}
		s.show(w, http.StatusOK, "steps", v)
	}
}
