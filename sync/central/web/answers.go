package web

import (
	"encoding/json"
	"iter"
	"net/http"
	"time"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/wire"
)

// How often the page of a job looks for answers, and for how long.
const (
	look        = 500 * time.Millisecond
	longestLook = 5 * time.Minute
)

// answers is the page of a job. It is sent on while it is being read, and ends
// with the last answer: it has no need to be made anew, which would take focus
// and place from who reads it.
type answers struct {
	wire.Job
	Left int // terminals that are still awaited when the page ends

	site site
	w    http.ResponseWriter
	r    *http.Request
	by   operators.Operator
}

// Each is what came of the job at each terminal, as it comes.
func (a *answers) Each() iter.Seq[wire.JobResult] {
	return func(yield func(wire.JobResult) bool) {
		told := map[string]bool{}
		for end := time.Now().Add(longestLook); ; {
			for _, one := range a.Results {
				if one.End == wire.Pending || told[one.Terminal] {
					continue
				}
				if told[one.Terminal] = true; !yield(one) {
					return
				}
			}
			if a.Left = len(a.Results) - len(told); a.Left == 0 || time.Now().After(end) || !a.again() {
				return
			}
		}
	}
}

// again sends what there is, waits a little, and looks for more. It says
// whether it could.
func (a *answers) again() bool {
	if http.NewResponseController(a.w).Flush() != nil {
		return false
	}
	select {
	case <-time.After(look):
	case <-a.r.Context().Done():
		return false
	}
	raw, err := a.site.Central.Do(a.r.Context(), a.by, wire.FleetJob, wire.JobBody{Job: a.ID})
	return err == nil && json.Unmarshal(raw, &a.Job) == nil
}
