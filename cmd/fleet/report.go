package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"unlockpoint/device/journey"
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
to another page, and how often they stopped there: their card was taken out, or
they were asked to take it. At the end, how many of those who began finished.

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
	if err := t.print(top.out, s.Output); err != nil || s.Output != "table" {
		return err
	}
	for _, j := range []struct{ name, from, to journey.PageID }{
		{"registrations", journey.RegisterStart, journey.RegisterDone}, {"unlocks", journey.UnlockWarning, journey.UnlockDone},
	} {
		if begun := shown(pages, j.from); begun > 0 {
			fmt.Fprintf(top.out, "\n%s: %d of %d who began finished", j.name, shown(pages, j.to), begun)
		}
	}
	fmt.Fprintln(top.out)
	return nil
}

// shown is how often a page was shown.
func shown(pages []stepLine, id journey.PageID) int {
	for _, p := range pages {
		if p.Page == string(id) {
			return p.Shown
		}
	}
	return 0
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
	slices.SortFunc(lines, func(a, b stepLine) int { return cmp.Compare(order(a.Page), order(b.Page)) })
	for i := range lines {
		lines[i].Seconds /= float64(lines[i].Shown)
		lines[i].Share = 100 * float64(lines[i].Stopped) / float64(lines[i].Shown)
	}
	return lines
}

// order is the place of a page among all, which are listed as people meet them.
// What a newer terminal shows comes last.
func order(page string) int {
	all := journey.Pages()
	if i := slices.Index(all, journey.PageID(page)); i >= 0 {
		return i
	}
	return len(all)
}
