package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/wire"
)

// ErrLink says that central could not be reached or did not answer in time.
// What it did, it did once: the same question may be asked again.
var ErrLink = errors.New("central cannot be reached")

// RefusedError is central's no. The reply was filled in all the same.
type RefusedError struct{ Refusal wire.Refusal }

func (e *RefusedError) Error() string { return "central refused: " + string(e.Refusal) }

// call is one request. The caller waits for done; all else is the loop's.
type call struct {
	kind wire.Kind
	body []byte
	done chan answer // holds one

	until   time.Time // to wait for a session before the first try
	id      string
	session *session // that the note was written in
	note    []byte
	sent    time.Time
}

// answer is how a call ended.
type answer struct {
	envelope wire.Envelope
	plain    []byte
	err      error
}

// Call asks central and waits for the reply, which it decodes into the struct
// that reply points to. Give ctx a time limit: the request is repeated, over
// reconnections too, until ctx ends. Without a link it waits a short while
// for one. The errors are ErrLink, *RefusedError, and ctx's when it was
// cancelled.
func (u *Uplink) Call(ctx context.Context, kind wire.Kind, body, reply any) error {
	text, err := wire.Marshal(body)
	if err != nil {
		return fmt.Errorf("write %s: %w", kind, err)
	}
	defer clear(text)
	got, err := u.ask(ctx, &call{kind: kind, body: text, done: make(chan answer, 1), until: time.Now().Add(u.cfg.Grace)})
	if err != nil {
		return fmt.Errorf("ask %s: %w", kind, err)
	}
	defer clear(got.plain)
	return got.into(kind, reply)
}

// ask hands the call to the loop and waits. When it returns, the loop has let
// go of the call.
func (u *Uplink) ask(ctx context.Context, c *call) (answer, error) {
	select {
	case u.asked <- c:
	case <-ctx.Done():
		return answer{}, givenUp(ctx)
	case <-u.ended:
		return answer{}, ErrLink
	}
	select {
	case a := <-c.done:
		return a, a.err
	case <-u.ended:
		return answer{}, ErrLink
	case <-ctx.Done():
	}
	select {
	case u.dropped <- c:
	case <-u.ended:
	}
	return answer{}, givenUp(ctx)
}

// givenUp tells waiting in vain from no longer wanting to know.
func givenUp(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ErrLink
	}
	return ctx.Err()
}

func (a answer) into(kind wire.Kind, reply any) error {
	if err := wire.Decode(a.plain, reply); err != nil {
		return fmt.Errorf("read the reply to %s: %w", kind, err)
	}
	if g, ok := reply.(*GrantReply); ok {
		g.envelope = a.envelope
	}
	var said wire.Answered
	if err := wire.Decode(a.plain, &said); err != nil {
		return fmt.Errorf("read the reply to %s: %w", kind, err)
	}
	if said.Refused != "" {
		return &RefusedError{Refusal: said.Refused}
	}
	return nil
}

// GrantReply is the reply to give Call for wire.UnlockGrant; it keeps what
// OpenGrant needs.
type GrantReply struct {
	wire.UnlockGrantReply
	envelope wire.Envelope
}

// OpenGrant opens the grant with the key of the insertion that asked for it.
func (u *Uplink) OpenGrant(r GrantReply, key wire.SealKey) (wire.Grant, error) {
	var g wire.Grant
	if r.Grant == nil {
		return g, errors.New("open the grant: there is none in the reply")
	}
	plain, err := key.Unseal(u.cfg.Identity.Realm, r.envelope, *r.Grant)
	if err != nil {
		return g, fmt.Errorf("open the grant: %w", err)
	}
	defer clear(plain)
	if err := wire.Decode(plain, &g); err != nil {
		return g, fmt.Errorf("open the grant: %w", err)
	}
	return g, nil
}
