package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad"
)

const (
	// mostSessions may be stuck in the service at a time; another one is not
	// begun, so that a hung service costs no more than these.
	mostSessions = 4
	// openLimit is how long a service may take to power a card. Cards take up
	// to 3 s over all voltages and speeds; another program's transaction on
	// the card may take for ever.
	openLimit = 10 * time.Second
	// closeLimit is how long Close waits for the reset of the card. A card in
	// the middle of a command may take minutes.
	closeLimit = 3 * time.Second
)

// link is a session with a card. A goroutine of its own holds the PC/SC
// context and the card, so that a caller can leave while a command is stuck.
type link struct {
	insertion uint32
	atr       []byte
	requests  chan request
	stop      chan struct{}
	stopOnce  sync.Once
	done      chan struct{}
	device    pinpad.Device // the reader's own keys
	closeErr  error         // the goroutine's last word; read it after done
}

// request is a secret that the owner uses for some work with the card, and
// where the result goes. Whoever has it last wipes the secret.
type request struct {
	secret []byte
	work   func(card, []byte) ([]byte, error)
	reply  chan<- reply // has room for one
}

type reply struct {
	answer []byte
	err    error
}

var _ reader.Link = (*link)(nil)

// Open powers the card and holds it exclusively. The link to a card in a reader
// with keys of its own is a reader.PinPad, too. A caller whose ctx ends, or a
// service that gives no answer, leaves the session to end by itself.
func (s *Slot) Open(ctx context.Context) (reader.Link, error) {
	if err := s.begin(ctx); err != nil {
		return nil, err
	}
	l := &link{requests: make(chan request), stop: make(chan struct{}), done: make(chan struct{})}
	opened := make(chan error, 1)
	go func() {
		defer func() { <-s.sessions }()
		newSession(s, l).run(ctx, opened)
	}()
	limit := time.NewTimer(openLimit)
	defer limit.Stop()
	select {
	case err := <-opened:
		if err != nil {
			within(closeLimit, l.done)
			return nil, err
		}
		return l.dressed(), nil
	case <-ctx.Done():
		l.leave()
		return nil, ctx.Err()
	case <-limit.C:
		l.leave()
		return nil, fmt.Errorf("connecting to the card: no answer: %w", reader.ErrInUse)
	}
}

// begin waits a moment for a place among the sessions.
func (s *Slot) begin(ctx context.Context) error {
	limit := time.NewTimer(heldFor)
	defer limit.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	default:
	}
	select {
	case s.sessions <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-limit.C:
		return fmt.Errorf("beginning a session: earlier ones have not ended: %w", reader.ErrInUse)
	}
}

// dressed is the link with what its reader can do beside.
func (l *link) dressed() reader.Link {
	if pad := l.device.Pad(); pad.Verifies || pad.Changes {
		return padLink{l, l.device}
	}
	return l
}

func (l *link) leave() { l.stopOnce.Do(func() { close(l.stop) }) }

// Transmit sends one command. If ctx ends first, the card may still be at it,
// and the next command waits for that.
func (l *link) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	return l.ask(ctx, apdu, transmit)
}

// ask has the owner do some work with the card. Work that was begun is done
// even if nobody waits for it any more.
func (l *link) ask(ctx context.Context, secret []byte, work func(card, []byte) ([]byte, error)) ([]byte, error) {
	answered := make(chan reply, 1)
	r := request{append([]byte(nil), secret...), work, answered}
	select {
	case l.requests <- r:
	case <-l.stop:
		clear(r.secret)
		return nil, reader.ErrCardGone
	case <-ctx.Done():
		clear(r.secret)
		return nil, ctx.Err()
	}
	select {
	case a := <-answered:
		return a.answer, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *link) Insertion() uint32 { return l.insertion }
func (l *link) ATR() []byte       { return append([]byte(nil), l.atr...) }

// errBusy: the reset comes when the card has ended what it is at.
var errBusy = errors.New("the card is still at a command")

// Close resets the card and gives it back. A card that is busy for long is
// reset later.
func (l *link) Close() error {
	l.leave()
	if !within(closeLimit, l.done) {
		return fmt.Errorf("leaving the card: %w", errBusy)
	}
	return l.closeErr
}
