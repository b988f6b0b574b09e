package appliance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"unlockpoint/device/uplink"
	"unlockpoint/sync/wire"
)

// errSlow says that central has not answered yet; the errand goes on.
var errSlow = errors.New("central is slow to answer")

// errand is one question to central. It outlives the effect that asked it: a
// person who tries again joins the errand under way, so that an attempt or a
// code try whose answer was lost is never spent twice (PROTOCOL, "Link
// session, requests, facts").
type errand struct {
	kind  wire.Kind
	body  []byte
	reply any // the pointer the reply is decoded into
	done  chan struct{}
	err   error
}

// caller is the uplink as errands need it.
type caller interface {
	Call(ctx context.Context, kind wire.Kind, body, reply any) error
}

var _ caller = (*uplink.Uplink)(nil)

// errands are those of one visit. The visit's goroutine owns the list; each
// errand's goroutine owns its reply until done is closed.
type errands struct {
	uplink caller
	open   []*errand
	ended  sync.WaitGroup

	// A proof is sent even when its person has taken the card meanwhile: the
	// attempt is paid for (PROTOCOL, "Registration and attempts"). It lives
	// as long as the appliance, for lateFor at the most.
	life context.Context
	late *sync.WaitGroup
}

// lateFor is how long a proof may take to reach central without its visit.
const lateFor = time.Minute

// wait waits until nothing is under way but a late proof, and wipes what was
// never asked again.
func (es *errands) wait() {
	es.ended.Wait()
	for _, e := range es.open {
		clear(e.body)
	}
	es.open = nil
}

// ask puts a question to central, or joins the same question under way, and
// waits for as long as a person would.
func ask[R any](ctx context.Context, v *visit, kind wire.Kind, body any) (R, error) {
	var none R
	e, err := v.errands.find(ctx, kind, body, func() any { return new(R) })
	if err != nil {
		return none, err
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case <-e.done:
		v.errands.drop(e)
		return *e.reply.(*R), e.err
	case <-wait.C:
		return none, errSlow
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (es *errands) find(ctx context.Context, kind wire.Kind, body any, reply func() any) (*errand, error) {
	text, err := wire.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", kind, err)
	}
	for _, e := range es.open {
		if e.kind == kind && bytes.Equal(e.body, text) {
			return e, nil
		}
	}
	e := &errand{kind: kind, body: text, reply: reply(), done: make(chan struct{})}
	es.open = append(es.open, e)
	own := wire.Written(bytes.Clone(text)) // an errand may outlive the visit, which wipes its text
	if kind == wire.AttemptProve {
		es.late.Go(func() {
			ctx, cancel := context.WithTimeout(es.life, lateFor)
			defer cancel()
			es.call(ctx, e, own)
		})
		return e, nil
	}
	es.ended.Go(func() { es.call(ctx, e, own) })
	return e, nil
}

func (es *errands) call(ctx context.Context, e *errand, body wire.Written) {
	defer close(e.done)
	e.err = es.uplink.Call(ctx, e.kind, body, e.reply)
}

func (es *errands) drop(e *errand) {
	clear(e.body)
	for i, o := range es.open {
		if o == e {
			es.open = append(es.open[:i], es.open[i+1:]...)
			return
		}
	}
}
