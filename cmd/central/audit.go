package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"unlockpoint/sync/wire"
)

type auditCmd struct {
	Ls     lsAudit     `cmd:"" help:"List what was done. Persons are pseudonyms."`
	Verify verifyAudit `cmd:"" help:"Check that no entry was changed, moved or taken out."`
	Export exportAudit `cmd:"" help:"Print every entry as a line of JSON, with its hash."`
}

type lsAudit struct {
	After uint64 `help:"Only entries behind this number."`
}

// Run lists the log.
func (l *lsAudit) Run(ctx context.Context, top *cli) error {
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tTIME\tWHAT\tBY\tSITE\tPERSON\tNOTE\tREASON")
	err := top.auditLines(ctx, l.After, func(line wire.AuditLine) error {
		e, err := line.Read()
		if err != nil {
			return err
		}
		by := e.By
		if e.Second != "" {
			by += ", " + e.Second
		}
		_, err = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%.8s\t%s\t%s\n", e.Seq, e.At.Format(time.DateTime), e.What, by, e.Site, e.Person, e.Note, e.Said())
		return err
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

type exportAudit struct {
	After uint64 `help:"Only entries behind this number."`
}

// Run exports the log.
func (x *exportAudit) Run(ctx context.Context, top *cli) error {
	out := json.NewEncoder(top.out)
	return top.auditLines(ctx, x.After, func(line wire.AuditLine) error { return out.Encode(line) })
}

// auditLines goes through the entries behind a number.
func (top *cli) auditLines(ctx context.Context, after uint64, do func(wire.AuditLine) error) error {
	page := func(after uint64) (list []wire.AuditLine, err error) {
		err = top.ask(ctx, "POST", "/acts/audit.export", wire.AuditPageBody{After: after}, &list)
		return list, err
	}
	return wire.EachAuditLine(after, page, do)
}

type verifyAudit struct {
	Was string `placeholder:"HEAD" help:"Head that an earlier call printed: the log has to go on from there. Without it, an older copy of the whole store is not told from the newest."`
}

// Run verifies the log.
func (v *verifyAudit) Run(ctx context.Context, top *cli) error {
	var done wire.AuditVerified
	if err := top.ask(ctx, "POST", "/acts/audit.verify", wire.AuditVerifyBody{Was: v.Was}, &done); err != nil {
		return err
	}
	_, err := fmt.Fprint(top.out, done)
	return err
}
