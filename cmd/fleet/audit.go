package main

import (
	"context"
	"encoding/json"
	"fmt"

	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

type auditCmd struct {
	Ls     auditLsCmd     `cmd:"" help:"List what was done. Persons are pseudonyms."`
	Verify auditVerifyCmd `cmd:"" help:"Check that no entry was changed, moved or taken out."`
	Export auditExportCmd `cmd:"" help:"Print every entry as a line of JSON, with its hash."`
}

type auditLsCmd struct {
	Last   int     `short:"n" default:"50" help:"How many, at most 1000; ${default} when left out."`
	Before uint64  `xor:"page" placeholder:"NUMBER" help:"Only entries before this number; the newest when left out."`
	After  *uint64 `xor:"page" placeholder:"NUMBER" help:"Only entries behind this number, from there on."`
	Output form    `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help teaches by example.
func (auditLsCmd) Help() string {
	return `It lists the newest; "fleet audit export" prints all.

Examples:
  fleet audit ls
  fleet audit ls -n 100 --before 1200
  fleet audit ls --after 1200 -o csv > log.csv`
}

// Run lists a page of the log.
func (l *auditLsCmd) Run(ctx context.Context, top *cli) error {
	if l.Last < 1 || l.Last > 1000 {
		return fmt.Errorf("--last is %d: write 1 to 1000", l.Last)
	}
	body := wire.AuditPageBody{Last: l.Last, Before: l.Before}
	if l.After != nil {
		body = wire.AuditPageBody{After: *l.After}
	}
	var lines []wire.AuditLine
	if err := top.ask(ctx, wire.AuditLs, body, &lines); err != nil {
		return err
	}
	list := []wire.AuditEntry{}
	for _, line := range lines[:min(len(lines), l.Last)] {
		e, err := line.Read()
		if err != nil {
			return err
		}
		list = append(list, e)
	}
	t := table{head: []string{"number", "time", "what", "by", "site", "person", "note", "reason"}, data: list}
	for _, e := range list {
		t.rows = append(t.rows, []string{fmt.Sprint(e.Seq), moment(e.At), e.What, both(e.By, e.Second), orDash(e.Site), orDash(fmt.Sprintf("%.8s", e.Person)), orDash(e.Note), orDash(e.Said())})
	}
	return t.print(top.out, l.Output)
}

type auditExportCmd struct {
	After uint64 `help:"Only entries behind this number."`
}

// Help teaches by example.
func (auditExportCmd) Help() string {
	return `The hash of a line is the SHA-256 of the hash before it and the entry's text.

Examples:
  fleet audit export > log.jsonl
  fleet audit export --after 1200 >> log.jsonl`
}

// Run exports the log.
func (x *auditExportCmd) Run(ctx context.Context, top *cli) error {
	out := json.NewEncoder(top.out)
	return top.auditLines(ctx, wire.AuditExport, x.After, func(line wire.AuditLine) error { return out.Encode(line) })
}

// auditLines goes through the entries behind a number.
func (top *cli) auditLines(ctx context.Context, kind wire.Kind, after uint64, do func(wire.AuditLine) error) error {
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		page := func(after uint64) (list []wire.AuditLine, err error) {
			err = top.put(ctx, line, kind, wire.AuditPageBody{After: after}, &list)
			return list, err
		}
		return wire.EachAuditLine(after, page, do)
	})
}

type auditVerifyCmd struct {
	Was string `placeholder:"HEAD" help:"Head that an earlier call printed: the log has to go on from there. Without it, an older copy of the whole store is not told from the newest."`
}

// Help teaches by example.
func (auditVerifyCmd) Help() string {
	return `Write down the head that it prints, elsewhere, and hand it in the next time.

Examples:
  fleet audit verify
  fleet audit verify --was "$(cat head)"`
}

// Run verifies the log.
func (v *auditVerifyCmd) Run(ctx context.Context, top *cli) error {
	var done wire.AuditVerified
	if err := top.ask(ctx, wire.AuditVerify, wire.AuditVerifyBody{Was: v.Was}, &done); err != nil {
		return err
	}
	_, err := fmt.Fprint(top.out, done)
	return err
}
