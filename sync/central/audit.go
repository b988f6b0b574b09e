package central

import (
	"cmp"
	"errors"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// linesAtOnce of the audit log are an answer that any way can carry.
const linesAtOnce = 1000

// auditActs read the audit log. The lines of a page end with the log.
func (c *Central) auditActs() map[wire.Kind]session.Act {
	lines := session.Act{Reads: true, Do: c.auditLines}
	return map[wire.Kind]session.Act{
		wire.AuditLs: lines, wire.AuditExport: lines,
		wire.AuditVerify: {Reads: true, Do: c.auditVerify},
	}
}

// noted writes down what somebody at the local socket did.
func (c *Central) noted(tx store.Tx, what, site, note string) error {
	return c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: what, By: audit.Local, Site: site, Note: note})
}

// acted writes down what an operator did to machines, with the reason they gave.
func (c *Central) acted(tx store.Tx, by operators.Operator, what, site, note, reason string) error {
	reason = cmp.Or(reason, wire.Routine)
	if !wire.ValidReason(reason) {
		return socket.Refuse("a reason has 3 to 200 printable characters")
	}
	return c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: what, By: audit.Operator(by.ID), Site: site, Note: note, Why: reason})
}

func (c *Central) auditLines(tx store.Tx, _ operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.AuditPageBody](raw)
	if err != nil {
		return nil, err
	}
	return c.log.Lines(tx, b.After, linesAtOnce)
}

func (c *Central) auditVerify(tx store.Tx, _ operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.AuditVerifyBody](raw)
	if err != nil {
		return nil, err
	}
	var was audit.Head
	if b.Was != "" {
		if was, err = audit.ParseHead(b.Was); err != nil {
			return nil, socket.Refuse("%v", err)
		}
	}
	head, err := c.log.Verify(tx, was)
	if broken, ok := errors.AsType[audit.Broken](err); ok {
		return nil, socket.Refuse("%v", broken)
	}
	return wire.AuditVerified{Entries: head.Seq, Head: head.String()}, err
}
