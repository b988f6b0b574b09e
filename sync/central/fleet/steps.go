package fleet

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// tally is what became of a page at one site on one day.
type tally struct {
	N       int `json:"n"`
	Seconds int `json:"seconds"`
}

// steps are kept by day, site, page and next page. Pages are few, so that
// their number does not grow with the people.
func steps() store.Table[tally] { return store.Table[tally]{Name: "step"} }

// widths counts the rows of a day and site: no terminal may fill the store
// with names of pages that there are not.
func widths() store.Table[int] { return store.Table[int]{Name: "step-width"} }

const (
	widest   = 2000 // ways between pages; there are a few hundred
	keepDays = 400  // a year, and the month to compare it with
	other    = "other"
)

// longest is the most seconds that one page counts for: a terminal whose
// clock jumped says more.
const longest = 3600

// Stepped counts one step.
func Stepped(tx store.Tx, site string, now time.Time, b wire.StepBody) error {
	key, err := place(tx, now.UTC().Format(time.DateOnly)+"/"+site, b)
	if err != nil {
		return fmt.Errorf("counting a step: %w", err)
	}
	t, _, err := steps().Find(tx, key)
	if err != nil {
		return fmt.Errorf("counting a step: %w", err)
	}
	return steps().Put(tx, key, tally{t.N + 1, t.Seconds + min(max(b.Seconds, 0), longest)})
}

// place is the row of a step on a day at a site. What is no page's name, or
// one too many, is counted as other.
func place(tx store.Tx, day string, b wire.StepBody) (string, error) {
	none := day + "/" + other + "/" + other
	if !pageName.MatchString(b.Page) || !pageName.MatchString(b.Next) {
		return none, nil
	}
	key := day + "/" + b.Page + "/" + b.Next
	_, known, err := steps().Find(tx, key)
	if err != nil || known {
		return key, err
	}
	width, _, err := widths().Find(tx, day)
	if err != nil || width >= widest {
		return none, err
	}
	return key, widths().Put(tx, day, width+1)
}

var pageName = regexp.MustCompile(`^[a-z][a-z.-]{0,39}$`)

// ForgetSteps drops rows of days that are long over, as many as one
// transaction takes, and says whether there are more.
func ForgetSteps(tx store.Tx, now time.Time) (more bool, err error) {
	end := now.UTC().AddDate(0, 0, -keepDays).Format(time.DateOnly)
	for row, err := range steps().Each(tx, "") {
		if err != nil || row.Key >= end {
			return false, err
		}
		if tx.Full() {
			return true, nil
		}
		day := strings.Join(strings.Split(row.Key, "/")[:2], "/")
		if err := errors.Join(steps().Delete(tx, row.Key), widths().Delete(tx, day)); err != nil {
			return false, fmt.Errorf("forgetting steps: %w", err)
		}
	}
	return false, nil
}

// Steps adds up the steps of some days until now at the sites that at says.
func Steps(tx store.Tx, now time.Time, days int, at func(site string) bool) ([]wire.StepRow, error) {
	var rows []wire.StepRow
	where := map[[2]string]int{}
	first := now.UTC().AddDate(0, 0, 1-days).Format(time.DateOnly)
	for row, err := range steps().After(tx, "", first, 0) {
		if err != nil {
			return nil, fmt.Errorf("adding up steps: %w", err)
		}
		level := strings.Split(row.Key, "/") // day, site, page, next
		if len(level) != 4 || !at(level[1]) {
			continue
		}
		way := [2]string{level[2], level[3]}
		i, seen := where[way]
		if !seen {
			i, where[way] = len(rows), len(rows)
			rows = append(rows, wire.StepRow{Page: way[0], Next: way[1]})
		}
		rows[i].N += row.Value.N
		rows[i].Seconds += row.Value.Seconds
	}
	return rows, nil
}
