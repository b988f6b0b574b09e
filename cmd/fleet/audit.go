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
	After  uint64 `help:"Only entries behind this number."`
	Output form   `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Run lists the log.
func (l *auditLsCmd) Run(ctx context.Context, top *cli) error {
	list := []wire.AuditEntry{}
	err := top.auditLines(ctx, wire.AuditLs, l.After, func(line wire.AuditLine) error {
		e, err := line.Read()
		list = append(list, e)
		return err
	})
	if err != nil {
		return err
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

// Run verifies the log.
func (v *auditVerifyCmd) Run(ctx context.Context, top *cli) error {
	var done wire.AuditVerified
	if err := top.ask(ctx, wire.AuditVerify, wire.AuditVerifyBody{Was: v.Was}, &done); err != nil {
		return err
	}
	_, err := fmt.Fprint(top.out, done)
	return err
}
