package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"unlockpoint/sync/wire"
)

type lsCmd struct {
	Output form     `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
	Where  []string `sep:"," values:"conditions" placeholder:"FIELD=VALUE" help:"Only terminals whose site, state or version is, or with != is not, that. Several have to hold all."`
}

// Help teaches by example.
func (lsCmd) Help() string {
	return `Examples:
  fleet ls
  fleet ls --where state=offline
  fleet ls --where site=ward7,version!=1.4 -o csv > ward7.csv`
}

// Run lists the terminals.
func (l *lsCmd) Run(ctx context.Context, top *cli) error {
	keep, err := conditions(l.Where)
	if err != nil {
		return err
	}
	var views []wire.TerminalView
	if err := top.ask(ctx, wire.FleetLs, struct{}{}, &views); err != nil {
		return err
	}
	views = slices.DeleteFunc(views, func(v wire.TerminalView) bool { return !keep(v) })
	return listOf(views).print(top.out, l.Output)
}

func listOf(views []wire.TerminalView) table {
	t := table{head: []string{"terminal", "site", "state", "version", "since", "faults", "name"}, data: views}
	for _, v := range views {
		t.rows = append(t.rows, []string{v.ID, v.Site, string(v.State), orDash(v.Build), moment(v.Since), titles(v), v.Name})
	}
	return t
}

// titles are the faults of a terminal that is there.
func titles(v wire.TerminalView) string {
	if v.State == wire.Quarantine {
		return v.Why
	}
	var list []string
	for _, f := range faults(v) {
		list = append(list, f.Title)
	}
	return orDash(strings.Join(list, "; "))
}

// faults that there are now: what one that is away said last is over.
func faults(v wire.TerminalView) []wire.Fault {
	if v.State != wire.Online || v.Vitals == nil {
		return nil
	}
	return v.Vitals.Faults
}

// field of a terminal that conditions are about.
type field struct {
	name  string
	of    func(wire.TerminalView) string
	known []string // its values, where there are few
}

var fields = []field{
	{"site", func(v wire.TerminalView) string { return v.Site }, nil},
	{"state", func(v wire.TerminalView) string { return string(v.State) }, wire.Conditions()},
	{"version", func(v wire.TerminalView) string { return v.Build }, nil},
}

// knownConditions are those that can be told, and beginnings of the others.
func knownConditions() (list []string) {
	for _, f := range fields {
		list = append(list, f.name+"=")
		for _, value := range f.known {
			list = append(list, f.name+"="+value)
		}
	}
	return list
}

// conditions makes a filter of "site=ward7", "state!=online" and the like.
func conditions(where []string) (func(wire.TerminalView) bool, error) {
	var all []func(wire.TerminalView) bool
	for _, one := range where {
		name, value, ok := strings.Cut(one, "=")
		name, not := strings.CutSuffix(name, "!")
		at := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if !ok || at < 0 {
			return nil, fmt.Errorf("--where %s: write site=, state= or version= and a value, such as state=offline", one)
		}
		all = append(all, func(v wire.TerminalView) bool { return (fields[at].of(v) == value) != not })
	}
	return func(v wire.TerminalView) bool {
		return !slices.ContainsFunc(all, func(holds func(wire.TerminalView) bool) bool { return !holds(v) })
	}, nil
}

type showCmd struct {
	Terminal string `arg:"" help:"Id of the terminal."`
	Output   form   `short:"o" enum:"text,json" default:"text" help:"text or json."`
}

// Help teaches by example.
func (showCmd) Help() string {
	return `Examples:
  fleet show ward7-door
  fleet show ward7-door -o json | jq .vitals.faults`
}

// Run shows one terminal.
func (s *showCmd) Run(ctx context.Context, top *cli) error {
	var v wire.TerminalView
	if err := top.ask(ctx, wire.FleetShow, wire.TerminalBody{Terminal: s.Terminal}, &v); err != nil {
		return err
	}
	if s.Output == "json" {
		return printJSON(top.out, v)
	}
	return describe(top.out, v)
}

func describe(out io.Writer, v wire.TerminalView) error {
	rows := [][]string{{"terminal", v.ID}, {"name", v.Name}, {"site", v.Site}, {"state", string(v.State)}, {"since", moment(v.Since)}}
	if v.Why != "" {
		rows = append(rows, []string{"why", v.Why})
	}
	rows = append(rows, []string{"version", orDash(v.Build)}, []string{"session", orDash(v.Sess)})
	if !v.Until.IsZero() {
		rows = append(rows, []string{"certificate", "until " + moment(v.Until)})
	}
	if v.Vitals != nil {
		rows = append(rows, []string{"uptime", (time.Duration(v.Vitals.Uptime) * time.Second).String()},
			[]string{"store", fmt.Sprintf("%.1f MiB, %.0f MiB free", float64(v.Vitals.Store)/(1<<20), float64(v.Vitals.Free)/(1<<20))},
			[]string{"facts to send", fmt.Sprint(v.Vitals.Outbox)})
	}
	for _, f := range faults(v) {
		rows = append(rows, []string{string(f.Severity), fmt.Sprintf("%s, since %s", f.Title, moment(f.Since))}, []string{"", f.Do})
	}
	return columns(out, rows)
}
