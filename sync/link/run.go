package link

import (
	"context"
	"errors"
	"time"
)

// Run connects, and connects again whenever the link is lost, until ctx ends;
// it returns ctx's error. Call it once.
func (s *Session) Run(ctx context.Context) error {
	hurry := s.hurry
	var came, moved bool
	var held time.Duration
	for try := 0; ctx.Err() == nil; try++ {
		if !moved && s.config.Wait.sleep(ctx, try, hurry, s.moved) {
			hurry = nil // once an outage
		}
		if ctx.Err() != nil {
			break
		}
		came, held, moved = s.connect(ctx)
		if came {
			s.forgetHurry()
			hurry = s.hurry
		}
		if moved || held > proven {
			try = -1
		}
	}
	return ctx.Err()
}

// connect holds one connection for as long as it lasts. It says whether the
// link came up, how long it held, and whether it was left for another broker.
func (s *Session) connect(ctx context.Context) (came bool, held time.Duration, moved bool) {
	select {
	case <-s.moved: // what it asked for is done by connecting
	default:
	}
	c := s.newConnection(ctx)
	if err := c.open(ctx, s.config); err != nil {
		s.failed(err)
		c.close()
		return false, 0, false
	}
	since := time.Now()
	s.last.Store(nil)
	s.current.Store(c)
	s.tell(true)
	defer func() { s.tell(false) }()
	select {
	case <-c.gone:
		s.current.Store(nil)
		s.failed(errGone)
		c.hangUp() // without a good-bye: our will stands until we are back
	case <-s.moved:
		s.current.Store(nil)
		c.leave(s.config.Will)
		moved = true
	case <-ctx.Done():
		s.current.Store(nil)
		c.leave(s.config.Will)
	}
	return true, time.Since(since), moved
}

// errGone is why a link is down that was up.
var errGone = errors.New("the broker ended the connection, or the network did")

// failed keeps why there is no link, for whoever asks.
func (s *Session) failed(err error) { s.last.Store(&err) }

// Err says why the last try to connect failed, or that the link was lost since;
// nil while it is up, and until a first try has failed.
func (s *Session) Err() error {
	if err := s.last.Load(); err != nil {
		return *err
	}
	return nil
}

// forgetHurry drops a hurry that came when there was nothing to wait for.
func (s *Session) forgetHurry() {
	select {
	case <-s.hurry:
	default:
	}
}
