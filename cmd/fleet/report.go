package main

import (
	"context"
	"fmt"
	"strconv"

	"unlockpoint/device/journey"
	"unlockpoint/sync/completion"
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
they were asked to take it. Whoever does so where all is done has finished. At
the end, how many of those who began were told that it is done.

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
	pages := completion.Of(rows, journey.Names())
	if len(pages) == 0 && s.Output == "table" {
		_, err := fmt.Fprintf(top.out, "Nobody was shown a page in the last %d days.\n", s.Days)
		return err
	}
	t := table{head: []string{"page", "shown", "seconds", "went on", "finished", "stopped", "stopped %"}, data: pages}
	for _, p := range pages {
		t.rows = append(t.rows, []string{p.Page, strconv.Itoa(p.Shown), fmt.Sprintf("%.1f", p.Seconds),
			strconv.Itoa(p.WentOn), strconv.Itoa(p.Finished), strconv.Itoa(p.Stopped), fmt.Sprintf("%.0f", p.Share)})
	}
	if err := t.print(top.out, s.Output); err != nil || s.Output != "table" {
		return err
	}
	for _, j := range completion.Journeys(pages) {
		fmt.Fprintf(top.out, "\n%s: %d of %d who began finished", j.Name, j.Finished, j.Begun)
	}
	_, err := fmt.Fprintln(top.out)
	return err
}
