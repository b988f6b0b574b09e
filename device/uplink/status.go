package uplink

import (
	"context"
	"time"

	"unlockpoint/sync/wire"
)

// Status is how the uplink stands.
type Status struct {
	Linked   bool // the broker lets this terminal in
	Up       bool // central can be asked: it welcomed this connection and has not gone since
	Central  bool // central says that it is there
	Settings wire.Settings
}

// Changes has the newest status whenever it changed. It is for one receiver;
// one that is slow misses what was overtaken.
func (u *Uplink) Changes() <-chan Status { return u.changes }

// Status is the newest one, for those who look on.
func (u *Uplink) Status() Status {
	if s := u.status.Load(); s != nil {
		return *s
	}
	return Status{}
}

// Why says why there is no link to the broker, as far as is known; nil while
// there is one.
func (u *Uplink) Why() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.line == nil {
		return u.unfit
	}
	return u.line.Err()
}

// Certificate is the life of the certificate of the next connection; zero
// without one.
func (u *Uplink) Certificate() (from, until time.Time) {
	if pair := u.pair.Load(); pair != nil {
		from, until = pair.Leaf.NotBefore, pair.Leaf.NotAfter
	}
	return from, until
}

// Probe asks central something that changes nothing: whether the registry has
// changed. The errors are those of Call.
func (u *Uplink) Probe(ctx context.Context) error {
	ask, err := u.sync.next()
	if err != nil {
		return err
	}
	_, err = u.sync.page(ctx, ask)
	return err
}

// announce is for the loop only: it is the one sender.
func (u *Uplink) announce(s Status) {
	u.status.Store(&s)
	newest(u.changes, s)
}

// newest puts v in the place of what nobody has taken yet. c has room for one,
// and one sender.
func newest[T any](c chan T, v T) {
	select {
	case <-c:
	default:
	}
	c <- v
}

// Session is a link session, for proofs that are made in it.
type Session struct {
	ID    string
	Prove []byte // the nonce that card proofs sign
}

// Session is the one that requests go out in now; false without one. A proof
// made for a session that has ended when the request reaches central is
// refused (wire.NoProof) and nothing is changed: look again, and let the card
// prove itself once more if Prove is another.
func (u *Uplink) Session() (Session, bool) {
	s := u.current.Load()
	if s == nil {
		return Session{}, false
	}
	return s.Session, true
}

// session is a Session with what opens its replies.
type session struct {
	Session
	seal   wire.SealKey
	acked  uint64 // facts central had at the welcome
	births int    // told in it

	clock
}

// clock is central's.
type clock struct {
	time  time.Time // when it was heard of
	since time.Time // that was, on the monotonic clock
}

func (c clock) now() time.Time { return c.time.Add(time.Since(c.since)) }

// Now is central's time where it is known, and else that of the terminal's
// clock or, when that is behind it, what is certainly over.
func (u *Uplink) Now() time.Time {
	if t := u.Time(); !t.IsZero() {
		return t
	}
	return u.notBefore()
}

// Time is central's time, by its newest welcome; zero before the first.
func (u *Uplink) Time() time.Time {
	if c := u.clock.Load(); c != nil {
		return c.now()
	}
	return time.Time{}
}
