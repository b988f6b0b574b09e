package main

import (
	"context"
	"fmt"
	"strings"

	"unlockpoint/sync/wire"
)

type statusCmd struct {
	Site string `help:"Only the terminals of this site."`
}

// Help says what the exit codes mean.
func (statusCmd) Help() string {
	return `It prints one line, in the way of monitoring plugins, and ends with
  0  all well
  1  warning: a terminal is offline, or has a fault with which it still serves
  2  critical: a terminal serves nobody, is in quarantine, or a whole site is offline
  3  unknown: the broker or central does not answer, or they refused; there is
     no such terminal; or what was typed is wrong

Examples:
  fleet status
  fleet status --site ward7 || mail -s "ward 7" it@example.nhs.uk`
}

// The exit codes, those of monitoring plugins.
const (
	allWell exit = iota
	warning
	critical
	unknown
)

var levels = map[exit]string{allWell: "OK", warning: "WARNING", critical: "CRITICAL", unknown: "UNKNOWN"}

// weight of a fault; a notice has none.
var weight = map[wire.Severity]exit{wire.Warning: warning, wire.Failure: critical}

// Run says how all is.
func (s *statusCmd) Run(ctx context.Context, top *cli) error {
	var views []wire.TerminalView
	if err := top.ask(ctx, wire.FleetLs, struct{}{}, &views); err != nil {
		fmt.Fprintf(top.out, "%s: %s\n", levels[unknown], wire.Plain(strings.ReplaceAll(err.Error(), "\n", "; ")))
		return unknown
	}
	level, words, online := s.judge(views)
	fmt.Fprintf(top.out, "%s: %s | terminals=%d online=%d\n", levels[level], wire.Plain(strings.Join(words, ", ")), s.count(views), online)
	if level == allWell {
		return nil
	}
	return level
}

// judge weighs what is wrong; the worst counts. Of no terminal nothing is known.
func (s *statusCmd) judge(views []wire.TerminalView) (worst exit, words []string, online int) {
	say := func(level exit, format string, args ...any) {
		worst = max(worst, level)
		words = append(words, fmt.Sprintf(format, args...))
	}
	serving, away := map[string]int{}, map[string]int{}
	for _, v := range views {
		if s.leaves(v) {
			continue
		}
		serving[v.Site]++
		switch v.State {
		case wire.Quarantine:
			say(critical, "%s in quarantine", v.ID)
		case wire.Offline:
			away[v.Site]++
			say(warning, "%s offline", v.ID)
		case wire.Online:
			online++
		}
		for _, f := range faults(v) {
			if weight[f.Severity] == allWell {
				continue
			}
			say(weight[f.Severity], "%s: %s", v.ID, f.Title)
		}
	}
	for site, n := range away {
		if n == serving[site] {
			say(critical, "all of %s offline", site)
		}
	}
	switch {
	case len(serving) == 0 && s.Site != "":
		say(unknown, "there is no terminal at site %q that is not retired", s.Site)
	case len(serving) == 0:
		say(unknown, "there is no terminal that is not retired")
	case len(words) == 0:
		say(allWell, "all well")
	}
	return worst, words, online
}

// leaves says which terminals are not looked at.
func (s *statusCmd) leaves(v wire.TerminalView) bool {
	return v.State == wire.Gone || s.Site != "" && v.Site != s.Site
}

func (s *statusCmd) count(views []wire.TerminalView) (n int) {
	for _, v := range views {
		if !s.leaves(v) {
			n++
		}
	}
	return n
}
