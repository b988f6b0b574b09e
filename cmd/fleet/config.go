package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"unlockpoint/sync/wire"
)

type configCmd struct {
	Get  configGet  `cmd:"" help:"Show settings, and where each comes from."`
	Set  configSet  `cmd:"" help:"Change settings. Terminals take them over at once, those that are away when they are back."`
	Diff configDiff `cmd:"" help:"Show which terminals are set otherwise than they should be."`
}

// knownChanges are beginnings of changes, and whole ones where there are few.
func knownChanges() (list []string) {
	for _, key := range wire.SettingKeys() {
		list = append(list, key+"=")
		for _, value := range wire.SettingValues(key) {
			list = append(list, key+"="+value)
		}
	}
	return list
}

// scope says whom settings are for.
type scope struct {
	Site     string `xor:"scope" help:"Of one site."`
	Terminal string `xor:"scope" help:"Of one terminal."`
}

func (s scope) wire() wire.Scope { return wire.Scope{Site: s.Site, Terminal: s.Terminal} }

type configGet struct {
	scope
	Keys   []string `arg:"" values:"settings" optional:"" name:"key" help:"Only these, or those of these parts: policy, site."`
	Output form     `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help teaches by example.
func (configGet) Help() string {
	return `Examples:
  fleet config get
  fleet config get policy.page_timeout_s
  fleet config get --terminal ward7-door site readers log`
}

// Run shows settings.
func (c *configGet) Run(ctx context.Context, top *cli) error {
	var v wire.ConfigView
	if err := top.ask(ctx, wire.ConfigGet, c.wire(), &v); err != nil {
		return err
	}
	for _, key := range c.Keys {
		if !slices.ContainsFunc(v.Values, func(value wire.ConfigValue) bool { return names(key, value.Key) }) {
			return fmt.Errorf("there is no setting %s: \"fleet config get\" lists them all", key)
		}
	}
	v.Values = slices.DeleteFunc(v.Values, func(value wire.ConfigValue) bool { return !c.wants(value.Key) })
	t := table{head: []string{"setting", "value", "from"}, data: v}
	for _, value := range v.Values {
		t.rows = append(t.rows, []string{value.Key, orDash(wire.Shown(value.Value)), value.From})
	}
	return t.print(top.out, c.Output)
}

func (c *configGet) wants(key string) bool {
	return len(c.Keys) == 0 || slices.ContainsFunc(c.Keys, func(typed string) bool { return names(typed, key) })
}

// names reports whether what was typed is a setting's key, a part before it, or
// the end of it.
func names(typed, key string) bool {
	return typed == key || strings.HasPrefix(key, typed+".") || strings.HasSuffix(key, "."+typed)
}

type configSet struct {
	scope
	Changes []string `arg:"" values:"changes" optional:"" name:"key=value" help:"Settings and their new values; lists have commas."`
	Unset   []string `values:"settings" placeholder:"KEY" help:"Settings that are to come from above again: from the site, the fleet, central's file."`
	Reason  string   `default:"routine" help:"Why, for the audit log; ${default} when left out. Name nobody."`
}

// Help teaches by example.
func (configSet) Help() string {
	return `A terminal's settings go over its site's, these over the fleet's, and these over
central's own file. Rules that central itself keeps are the whole fleet's.

Examples:
  fleet config set page_timeout_s=90
  fleet config set --site ward7 "hours=Monday to Friday, 7am to 7pm" --reason "new rota"
  fleet config set --terminal ward7-door log=debug "readers=omnikey, acr39"
  fleet config set --terminal ward7-door --unset log`
}

// Run changes settings.
func (c *configSet) Run(ctx context.Context, top *cli) error {
	body := wire.ConfigSetBody{Scope: c.wire(), Unset: c.Unset, Reason: c.Reason}
	for _, change := range c.Changes {
		key, value, ok := strings.Cut(change, "=")
		if !ok {
			return fmt.Errorf("%q: write KEY=VALUE, in quotes when the value has spaces", change)
		}
		body.Set = append(body.Set, wire.ConfigChange{Key: strings.TrimSpace(key), Value: value})
	}
	var v wire.ConfigView
	if err := top.ask(ctx, wire.ConfigSet, body, &v); err != nil {
		return err
	}
	_, err := fmt.Fprintf(top.out, "%s: version %d\n", c.wire(), v.Version)
	return err
}

type configDiff struct {
	scope
	Output form `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help says what it means.
func (configDiff) Help() string {
	return `It ends with 1 when a terminal is not set as it should be: one that is away takes
its settings over when it is back.

Examples:
  fleet config diff
  fleet config diff --terminal ward7-door`
}

// Run shows what differs.
func (c *configDiff) Run(ctx context.Context, top *cli) error {
	var diffs []wire.ConfigDiff
	if err := top.ask(ctx, wire.ConfigDrift, c.wire(), &diffs); err != nil {
		return err
	}
	behind := slices.DeleteFunc(diffs, func(d wire.ConfigDiff) bool { return d.Desired == d.Reported && len(d.Differs) == 0 })
	t := table{head: []string{"terminal", "desired", "reported", "setting", "should be", "is"}, data: behind}
	for _, d := range behind {
		row := []string{d.Terminal, fmt.Sprint(d.Desired), fmt.Sprint(d.Reported)}
		if len(d.Differs) == 0 {
			t.rows = append(t.rows, append(row, "-", "-", "-"))
		}
		for _, line := range d.Differs {
			t.rows = append(t.rows, append(slices.Clone(row), line.Key, orDash(wire.Shown(line.Desired)), orDash(wire.Shown(line.Reported))))
		}
	}
	if err := t.print(top.out, c.Output); err != nil || len(behind) == 0 {
		return err
	}
	return exit(1)
}
