package desk

import (
	"slices"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// reports counts what terminals reported, by its kind.
func reports() store.Table[int] { return store.Table[int]{Name: "reports"} }

// reported are the kinds that terminals of today know. Those of a newer one
// are counted together: no terminal may fill the store with names.
func reported() []string {
	return []string{
		"card.blocked-for-good", "card.factory-key", "card.left", "passcode.changed",
		"reader.back", "reader.missing", "reader.unapproved", "store.damaged",
	}
}

const otherReport = "other"

// report takes in that something worth keeping happened at a terminal.
func (d *Desk) report(t turn, b wire.AuditBody) error {
	if slices.Contains(wire.ConsoleActs(), b.What) {
		return d.consoleAct(t, b)
	}
	what := b.What
	if !slices.Contains(reported(), what) {
		what = otherReport
	}
	err := fleet.Happened(t.tx, wire.Event{At: t.now, Kind: wire.Reported, Terminal: t.who.ID, Site: t.who.Site, Text: what})
	if err != nil {
		return err
	}
	n, _, err := reports().Find(t.tx, what)
	if err != nil {
		return err
	}
	return reports().Put(t.tx, what, n+1)
}

// consoleAct writes down what was done at a terminal's console, with the time
// that it was there: the fact may come days later.
func (d *Desk) consoleAct(t turn, b wire.AuditBody) error {
	return d.log.Add(t.tx, wire.AuditEntry{At: t.now, What: b.What, By: t.who.by(), Site: t.who.Site,
		Note: "at " + b.At.UTC().Format(time.RFC3339)})
}

func reportsSoFar(tx store.Tx) (map[string]int, error) {
	all := map[string]int{}
	for row, err := range reports().Each(tx, "") {
		if err != nil {
			return nil, err
		}
		all[row.Key] = row.Value
	}
	return all, nil
}
