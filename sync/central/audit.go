package central

import (
	"cmp"
	"errors"
	"strings"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// linesAtOnce of the audit log are an answer that any way can carry.
const linesAtOnce = 1000

// auditActs read the audit log. The lines of a page end with the log. Hashes
// stand over all entries: without those of other sites nothing is proved.
func (c *Central) auditActs() map[wire.Kind]session.Act {
	return map[wire.Kind]session.Act{
		wire.AuditLs:     {Reads: true, Do: c.auditLines},
		wire.AuditExport: {Reads: true, Do: everywhere(c.auditLines)},
		wire.AuditVerify: {Reads: true, Do: everywhere(c.auditVerify)},
	}
}

// everywhere is an act for operators of all sites.
func everywhere(do func(store.Tx, operators.Operator, []byte) (any, error)) func(store.Tx, operators.Operator, []byte) (any, error) {
	return func(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
		if len(by.Sites) > 0 {
			return nil, socket.Refuse("the whole audit log is for operators of all sites, and you are of %s: \"fleet audit ls\" lists what happened there", strings.Join(by.Sites, " and "))
		}
		return do(tx, by, raw)
	}
}

// noted writes down what somebody at the local socket did.
func (c *Central) noted(tx store.Tx, what, site, note string) error {
	return c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: what, By: audit.Local, Site: site, Note: note})
}

// notedOf writes down what was done to a terminal, at its site.
func (c *Central) notedOf(tx store.Tx, what, by, terminal, note string) error {
	t, err := terminals.Find(tx, terminal)
	if err != nil {
		return err
	}
	return c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: what, By: by, Site: t.Site, Note: note})
}

// acted writes down what an operator did to machines, with the reason they gave.
func (c *Central) acted(tx store.Tx, by operators.Operator, what, site, note, reason string) error {
	reason = cmp.Or(reason, wire.Routine)
	if !wire.ValidReason(reason) {
		return socket.Refuse("a reason has 3 to 200 printable characters")
	}
	return c.log.Add(tx, wire.AuditEntry{At: c.cfg.Now(), What: what, By: audit.Operator(by.ID), Site: site, Note: note, Why: reason})
}

// auditLines are a page of the log: of what happened at an operator's sites.
// What belongs to none, such as what other operators may do, is for those of
// all sites.
func (c *Central) auditLines(tx store.Tx, by operators.Operator, raw []byte) (any, error) {
	b, err := bodyOf[wire.AuditPageBody](raw)
	if err != nil {
		return nil, err
	}
	if b.Last < 0 || b.Last > linesAtOnce {
		return nil, socket.Refuse("last is %d: write 1 to %d", b.Last, linesAtOnce)
	}
	here := func(e wire.AuditEntry) bool { return by.At(e.Site) }
	if b.Last > 0 {
		return c.log.Newest(tx, b.Before, b.Last, here)
	}
	return c.log.Lines(tx, b.After, linesAtOnce, here)
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
