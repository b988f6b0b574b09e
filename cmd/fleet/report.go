package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"unlockpoint/sync/wire"
)

type reportCmd struct {
	Steps stepsCmd `cmd:"" help:"Where people go on and where they stop, page by page."`
}

type stepsCmd struct {
	Days   int    `default:"30" help:"The last days, today included; ${default} when left out."`
	Site   string `help:"Only this site."`
	Output form   `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help says how to read the table.
func (stepsCmd) Help() string {
	return `Each page with how often it was shown, for how long, how often people went on
to another page of a journey, and how often they stopped there: their card was
taken out, or they were asked to take it.

Examples:
  fleet report steps --days 7
  fleet report steps --site ward7 -o csv > ward7.csv`
}

// Run shows completion by step.
func (s *stepsCmd) Run(ctx context.Context, top *cli) error {
	var rows []wire.StepRow
	if err := top.ask(ctx, wire.FleetSteps, wire.StepsBody{Days: s.Days, Site: s.Site}, &rows); err != nil {
		return err
	}
	pages := stepsOf(rows)
	t := table{head: []string{"page", "shown", "seconds", "went on", "stopped", "stopped %"}, data: pages}
	for _, p := range pages {
		t.rows = append(t.rows, []string{p.Page, strconv.Itoa(p.Shown), fmt.Sprintf("%.1f", p.Seconds),
			strconv.Itoa(p.WentOn), strconv.Itoa(p.Stopped), fmt.Sprintf("%.0f", p.Share)})
	}
	return t.print(top.out, s.Output)
}

// stepLine is what became of one page.
type stepLine struct {
	Page    string  `json:"page"`
	Shown   int     `json:"shown"`
	Seconds float64 `json:"seconds"` // each time, on average
	WentOn  int     `json:"went_on"`
	Stopped int     `json:"stopped"`
	Share   float64 `json:"stopped_percent"`
}

// ends are the pages behind which nobody goes on.
var ends = []string{"idle", "take-card", "removed-early", "out-of-service", "reader-missing", "reader-unapproved"}

// stepsOf adds up the ways from each page that somebody had a card in for.
func stepsOf(rows []wire.StepRow) (lines []stepLine) {
	where := map[string]int{}
	for _, r := range rows {
		if slices.Contains(ends, r.Page) || r.Page == "starting" {
			continue
		}
		i, known := where[r.Page]
		if !known {
			i, where[r.Page] = len(lines), len(lines)
			lines = append(lines, stepLine{Page: r.Page})
		}
		lines[i].Shown += r.N
		lines[i].Seconds += float64(r.Seconds)
		if slices.Contains(ends, r.Next) {
			lines[i].Stopped += r.N
		} else {
			lines[i].WentOn += r.N
		}
	}
	for i := range lines {
		lines[i].Seconds /= float64(lines[i].Shown)
		lines[i].Share = 100 * float64(lines[i].Stopped) / float64(lines[i].Shown)
	}
	return lines
}
