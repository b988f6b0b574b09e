package central

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
)

// local is who acts through the local socket: root, or central's own user.
var local = audit.Operator("local")

// linesAtOnce of the audit log are an answer that any way can carry.
const linesAtOnce = 100

// Audit lists entries of the audit log behind a number, some at a time; none
// at its end.
func (c *Central) Audit(ctx context.Context, after uint64) (list []audit.Line, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) {
		list, err = c.log.Lines(tx, after, linesAtOnce)
		return err
	})
	return list, err
}

// Verify checks the whole audit log, also against a head that somebody wrote
// down earlier; zero is none. What is wrong is an audit.Broken.
func (c *Central) Verify(ctx context.Context, was audit.Head) (head audit.Head, err error) {
	err = c.db.View(ctx, func(tx store.Tx) (err error) { head, err = c.log.Verify(tx, was); return err })
	return head, err
}

func (c *Central) auditLines(r *http.Request, _ []byte) (any, error) {
	after, err := strconv.ParseUint(r.FormValue("after"), 10, 64)
	if err != nil {
		return nil, socket.Refuse("after is the number of an entry, or 0")
	}
	return c.Audit(r.Context(), after)
}

// Verified is the answer to a verification.
type Verified struct {
	Entries uint64 `json:"entries"`
	Head    string `json:"head"` // to write down
}

func (c *Central) auditVerify(r *http.Request, _ []byte) (any, error) {
	var was audit.Head
	if text := r.FormValue("was"); text != "" {
		var err error
		if was, err = audit.ParseHead(text); err != nil {
			return nil, socket.Refuse("%v", err)
		}
	}
	head, err := c.Verify(r.Context(), was)
	if broken, ok := errors.AsType[audit.Broken](err); ok {
		return nil, socket.Refuse("%v", broken)
	}
	return Verified{head.Seq, head.String()}, err
}
