package pcsc

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader/simcard"
)

// client is a context of the daemon. One call at a time: a second one waits,
// but for Cancel.
type client struct {
	d      *daemon
	life   *life
	turn   chan struct{}
	cancel chan struct{} // there while a wait can be cancelled
}

func (d *daemon) establish() (service, error) {
	d.pass()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.life == nil {
		return nil, scard.ErrNoService
	}
	d.contexts++
	return &client{d: d, life: d.life, turn: make(chan struct{}, 1)}, nil
}

// enter begins a call; the daemon's lock is held until leave.
func (c *client) enter() error {
	c.turn <- struct{}{}
	c.d.pass()
	c.d.mu.Lock()
	if c.d.life != c.life {
		c.leave()
		return scard.ErrNoService
	}
	return nil
}

func (c *client) leave() {
	c.d.mu.Unlock()
	<-c.turn
}

func (c *client) Release() error {
	err := c.enter()
	if err == nil {
		c.leave()
	}
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	c.d.contexts--
	return err
}

func (c *client) ListReaders() ([]string, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	var names []string
	for _, r := range c.d.readers {
		names = append(names, r.name)
	}
	if names == nil {
		return nil, scard.ErrNoReadersAvailable
	}
	return names, nil
}

// GetStatusChange writes into the states only when it succeeds, as scard does.
func (c *client) GetStatusChange(states []scard.ReaderState, limit time.Duration) error {
	c.d.happens()
	if err := c.enter(); err != nil {
		return err
	}
	defer func() { c.cancel = nil; c.leave() }()
	c.d.waits++
	for _, s := range states {
		if s.Reader != plugAndPlay && c.d.find(s.Reader) == nil {
			return scard.ErrUnknownReader
		}
	}
	late := time.NewTimer(limit)
	defer late.Stop()
	count := len(c.d.readers)
	for {
		if now, news := c.d.compare(states, count); news {
			copy(states, now)
			return nil
		}
		if limit == 0 {
			return scard.ErrTimeout
		}
		if err := c.await(late.C); err != nil {
			return err
		}
	}
}

// await waits for a change, without the lock.
func (c *client) await(late <-chan time.Time) error {
	changed, cancel := c.d.changed, make(chan struct{}, 1)
	c.cancel = cancel
	c.d.mu.Unlock()
	var err error
	select {
	case <-changed:
	case <-cancel:
		err = scard.ErrCancelled
	case <-late:
		err = scard.ErrTimeout
	case <-c.life.ended:
		err = scard.ErrCommError
	}
	c.d.pass() // also to take back the registration
	c.d.mu.Lock()
	if err == nil && c.d.life != c.life {
		err = scard.ErrCommError
	}
	return err
}

func (c *client) Cancel() error {
	c.d.pass()
	c.d.mu.Lock()
	defer c.d.mu.Unlock()
	if c.cancel != nil {
		select {
		case c.cancel <- struct{}{}:
		default:
		}
	}
	return nil
}

// compare fills in what is new to whoever believes in these states.
func (d *daemon) compare(states []scard.ReaderState, count int) (now []scard.ReaderState, news bool) {
	now = slices.Clone(states)
	for i := range now {
		s := &now[i]
		s.EventState = 0
		r := d.find(s.Reader)
		switch {
		case s.Reader == plugAndPlay:
			if len(d.readers) != count {
				s.EventState = scard.StateChanged
			}
		case r == nil:
			s.EventState = scard.StateUnknown | scard.StateUnavailable
			if s.CurrentState&scard.StateUnknown == 0 {
				s.EventState |= scard.StateChanged
			}
		default:
			r.describe(s)
		}
		news = news || s.EventState&scard.StateChanged != 0
	}
	return now, news
}

// describe is the long middle of SCardGetStatusChange.
func (r *socket) describe(s *scard.ReaderState) {
	const bits = scard.StateEmpty | scard.StatePresent | scard.StateMute | scard.StateUnavailable |
		scard.StateExclusive | scard.StateInuse
	is := r.state.shown
	if is&scard.StatePresent != 0 {
		s.Atr = r.state.atr
	}
	switch {
	case is&scard.StateUnavailable != 0:
	case r.state.told < 0:
		is |= scard.StateExclusive
	case r.state.told > 0 && is&scard.StatePresent != 0:
		is |= scard.StateInuse
	}
	s.EventState = is
	if is&scard.StateUnavailable == 0 {
		s.EventState |= scard.StateFlag(r.state.counter) << 16
	}
	believed := s.CurrentState
	changed := believed == scard.StateUnaware ||
		believed>>16 != 0 && uint16(believed>>16) != r.state.counter ||
		(believed^is)&bits&^(scard.StateExclusive|scard.StateInuse) != 0 ||
		believed&(scard.StateExclusive|scard.StateInuse) != 0 && (believed^is)&(scard.StateExclusive|scard.StateInuse) != 0
	if changed {
		s.EventState |= scard.StateChanged
	}
}

// handle is a card that a client holds.
type handle struct {
	c        *client
	r        *socket
	protocol scard.Protocol
	fate     error
}

func (c *client) Connect(name string, mode scard.ShareMode, _ scard.Protocol) (card, error) {
	if err := c.enter(); err != nil {
		return nil, err
	}
	defer c.leave()
	r := c.d.find(name)
	for r != nil && r.state.locked != nil && r.state.holders >= 0 {
		locked := r.state.locked
		c.d.mu.Unlock()
		select {
		case <-locked:
		case <-c.life.ended:
		}
		c.d.mu.Lock()
		if c.d.life != c.life {
			return nil, scard.ErrCommError
		}
		r = c.d.find(name)
	}
	switch {
	case r == nil:
		return nil, scard.ErrUnknownReader
	case r.state.shown&scard.StateUnavailable != 0:
		return nil, scard.ErrReaderUnavailable
	case r.state.holders < 0:
		return nil, scard.ErrSharingViolation
	case mode == scard.ShareDirect: // whatever is in it
	case r.state.shown&scard.StatePresent == 0:
		return nil, scard.ErrNoSmartcard
	case r.state.shown&scard.StateMute != 0:
		return nil, scard.ErrUnpoweredCard
	case mode == scard.ShareExclusive && r.state.holders > 0:
		return nil, scard.ErrSharingViolation
	}
	h := &handle{c: c, r: r, protocol: scard.ProtocolT1}
	if len(r.state.atr) < 3 { // no TD1
		h.protocol = scard.ProtocolT0
	}
	if r.state.holders++; mode == scard.ShareExclusive {
		r.state.holders = -1
	}
	r.state.handles = append(r.state.handles, h)
	c.d.handles++
	return h, nil
}

func (h *handle) ActiveProtocol() scard.Protocol { return h.protocol }

// enter begins a call with the card.
func (h *handle) enter() error {
	if err := h.c.enter(); err != nil {
		return err
	}
	err := h.fate
	if err == nil && h.r.state.shown&scard.StateUnavailable != 0 {
		err = scard.ErrReaderUnavailable
	}
	if err != nil {
		h.c.leave()
	}
	return err
}

func (h *handle) Status() (*scard.CardStatus, error) {
	if err := h.enter(); err != nil {
		return nil, err
	}
	defer h.c.leave()
	return &scard.CardStatus{Reader: h.r.name, ActiveProtocol: h.protocol, Atr: slices.Clone(h.r.state.atr)}, nil
}

func (h *handle) Transmit(apdu []byte) ([]byte, error) {
	return h.work(func(ctx context.Context, card *simcard.Card) ([]byte, error) {
		if h.r.short && extended(apdu) {
			return nil, scard.ErrNotTransacted
		}
		answer, err := card.Answer(ctx, apdu)
		if errors.Is(err, simcard.ErrPulled) {
			h.c.d.pull(h.r.name)
		}
		return answer, err
	})
}

// work powers the card for one command, which a pull ends.
func (h *handle) work(do func(context.Context, *simcard.Card) ([]byte, error)) ([]byte, error) {
	if err := h.enter(); err != nil {
		return nil, err
	}
	defer h.c.leave()
	switch {
	case h.r.state.shown&scard.StateEmpty != 0:
		return nil, scard.ErrNoSmartcard
	case h.r.inside == nil:
		return nil, scard.ErrNotTransacted
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.r.power = cancel
	card := h.r.inside
	h.c.d.mu.Unlock()
	answer, err := do(ctx, card)
	over := ctx.Err() != nil
	cancel()
	h.c.d.mu.Lock()
	h.r.power = nil
	switch {
	case h.c.d.life != h.c.life:
		return nil, scard.ErrCommError
	case err != nil, over:
		return nil, scard.ErrNotTransacted
	}
	return answer, nil
}

func (h *handle) Control(code uint32, in []byte) ([]byte, error) {
	return h.work(func(context.Context, *simcard.Card) ([]byte, error) {
		if h.r.control == nil {
			return nil, scard.ErrUnsupportedFeature
		}
		return h.r.control(code, in)
	})
}

func (h *handle) Disconnect(disposition scard.Disposition) error {
	err := h.c.enter()
	if err != nil {
		h.c.d.mu.Lock()
		defer h.c.d.mu.Unlock()
	} else {
		defer h.c.leave()
	}
	h.c.d.handles--
	s := &h.r.state
	i := slices.Index(s.handles, h)
	if err != nil || i < 0 {
		return err
	}
	s.handles = slices.Delete(s.handles, i, i+1)
	s.holders = max(s.holders-1, 0)
	if disposition == scard.ResetCard {
		h.r.restart()
	}
	return nil
}

// restart is a reset at the end of a session. That of a card that has gone
// leaves the look-out in the belief that nothing happened.
func (r *socket) restart() {
	for _, h := range r.state.handles {
		h.fate = scard.ErrResetCard
	}
	switch {
	case r.look() == scard.StateEmpty:
		r.state.shown = scard.StateEmpty
	case r.look() == scard.StatePresent:
		r.inside.Reset()
		r.show(scard.StatePresent)
	}
}

// begin and end are a transaction of another program.
func (h *handle) begin() {
	h.c.d.mu.Lock()
	defer h.c.d.mu.Unlock()
	h.r.state.locked = make(chan struct{})
}

func (h *handle) end() {
	h.c.d.mu.Lock()
	defer h.c.d.mu.Unlock()
	close(h.r.state.locked)
	h.r.state.locked = nil
}
