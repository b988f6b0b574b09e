package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
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
	lost      bool  // a command found the card gone; the goroutine's own
	closeErr  error // the goroutine's last word; read it after done
}

type request struct {
	apdu  []byte
	reply chan<- reply // has room for one
}

type reply struct {
	answer []byte
	err    error
}

var _ reader.Link = (*link)(nil)

// Open powers the card in the slot's reader and holds it exclusively. It
// returns when PC/SC does, which for a card that does not answer may take a
// few seconds, whatever becomes of ctx.
func (s *Slot) Open(ctx context.Context) (reader.Link, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := &link{requests: make(chan request), stop: make(chan struct{}), done: make(chan struct{})}
	opened := make(chan error)
	go l.own(ctx, s, opened)
	if err := <-opened; err != nil {
		<-l.done
		return nil, err
	}
	return l, nil
}

// own opens the session, serves it and closes it.
func (l *link) own(ctx context.Context, s *Slot, opened chan<- error) {
	defer close(l.done)
	service, err := scard.EstablishContext()
	if err != nil {
		opened <- translate("reaching the card service", err)
		return
	}
	defer service.Release()
	card, err := l.connect(ctx, s, service)
	opened <- err
	if err != nil {
		return
	}
	l.serve(card)
	if err := card.Disconnect(l.disposition(card)); err != nil && !over(err) {
		l.closeErr = translate("leaving the card", err)
	}
}

// selectNone is SELECT without a name (ISO/IEC 7816-4:2020, 11.2.2). Whatever
// the card says to it, it says so only if it is there.
var selectNone = []byte{0x00, 0xA4, 0x04, 0x00}

const (
	// noticeEvery and noticeFor: pcscd looks at its readers every 0.4 s.
	noticeEvery = 50 * time.Millisecond
	noticeFor   = time.Second
)

// disposition is what to do with the card at the end. Left as it is, it would
// stay verified for the next user: it is reset. But a reset of a card that was
// taken, before pcscd has noticed, makes pcscd forget the card without its own
// look-out knowing: a card that is put in again at once would never be seen.
// So the card is asked first, and pcscd gets the time to notice.
func (l *link) disposition(card *scard.Card) scard.Disposition {
	if !l.lost {
		_, err := transmit(card, selectNone)
		l.lost = errors.Is(err, reader.ErrCardGone)
	}
	if !l.lost {
		return scard.ResetCard
	}
	for range noticeFor / noticeEvery {
		if _, err := card.Status(); err != nil && over(err) {
			return scard.LeaveCard
		}
		time.Sleep(noticeEvery)
	}
	return scard.ResetCard
}

func (l *link) connect(ctx context.Context, s *Slot, service *scard.Context) (*scard.Card, error) {
	name, err := s.use(service)
	if err != nil {
		return nil, err
	}
	card, err := hold(ctx, service, name)
	if err != nil {
		return nil, notIn(translate("connecting to the card", err))
	}
	if err := l.identify(s, service, card, name); err != nil {
		card.Disconnect(scard.ResetCard)
		return nil, notIn(err)
	}
	return card, nil
}

const (
	// heldEvery and heldFor: pcscd keeps the card of a program that was killed
	// until it has seen that the program is gone.
	heldEvery = 100 * time.Millisecond
	heldFor   = 2 * time.Second
)

// hold connects to the card for ourselves alone, and waits a moment for one
// that another program still has.
func hold(ctx context.Context, service *scard.Context, name string) (*scard.Card, error) {
	for waited := time.Duration(0); ; waited += heldEvery {
		card, err := service.Connect(name, scard.ShareExclusive, scard.ProtocolAny)
		if !errors.Is(err, scard.ErrSharingViolation) || waited >= heldFor || ctx.Err() != nil {
			return card, err
		}
		pause(ctx, heldEvery)
	}
}

// notTheWatcher makes a reader's name another key of the table in which scard
// keeps the names that C is looking at, by name: with the same key our look
// would free the name under the watcher's wait, and its reader would vanish at
// the next garbage collection. C stops reading at the first zero.
const notTheWatcher = "\x00"

// use returns the reader to connect to: the one that the watcher follows, or
// without a watcher the first approved one.
func (s *Slot) use(service *scard.Context) (string, error) {
	if name := s.followed(); name != "" {
		return name, nil
	}
	names, err := list(service)
	if err != nil {
		return "", translate("listing readers", err)
	}
	name, approved := s.choose(names, "")
	if !approved {
		return "", reader.ErrNoReader
	}
	return name, nil
}

// looks is how often a reader is looked for that libpcsclite mislaid: see
// watcher.list.
const looks = 3

// identify learns which insertion this is. The card is asked after it was
// connected: if it was swapped before, the number is the new card's, and so is
// the session; if it was swapped since, the session is dead.
func (l *link) identify(s *Slot, service *scard.Context, card *scard.Card, name string) error {
	status, err := card.Status()
	if err != nil {
		return translate("reading the card's state", err)
	}
	l.atr = status.Atr
	states := []scard.ReaderState{{Reader: name + notTheWatcher}}
	for look := 0; look == 0 || look < looks && lost(states[0]); look++ {
		if err := service.GetStatusChange(states, 0); err != nil {
			return translate("reading the reader's state", err)
		}
	}
	l.insertion = s.insertion(counter(states[0]))
	return nil
}

func (l *link) serve(card *scard.Card) {
	for {
		select {
		case r := <-l.requests:
			answer, err := transmit(card, r.apdu)
			l.lost = l.lost || errors.Is(err, reader.ErrCardGone)
			clear(r.apdu) // our copy
			r.reply <- reply{answer, err}
		case <-l.stop:
			return
		}
	}
}

func transmit(card *scard.Card, apdu []byte) ([]byte, error) {
	if card.ActiveProtocol() == scard.ProtocolT0 {
		var err error
		if apdu, err = forT0(apdu); err != nil {
			return nil, err
		}
		defer clear(apdu)
	}
	answer, err := card.Transmit(apdu)
	if err != nil {
		return nil, translate("sending a command", err)
	}
	if len(answer) < 2 { // some drivers answer so for a card that has gone
		return nil, reader.ErrCardGone
	}
	return answer, nil
}

// forT0 makes a command fit for T=0, which has no extended lengths and carries
// data one way only: the answer to a command with data is fetched with GET
// RESPONSE (ISO/IEC 7816-3:2006, 12.2).
func forT0(apdu []byte) ([]byte, error) {
	c, err := iso7816.ParseCommand(apdu)
	if err != nil {
		return nil, fmt.Errorf("sending a command: %w", err)
	}
	c.Le = min(c.Le, iso7816.MaxShort)
	if len(c.Data) > 0 {
		c.Le = 0
	}
	return c.Bytes()
}

// Transmit sends one command. If ctx ends first, the card may still be at it.
func (l *link) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	answered := make(chan reply, 1)
	r := request{apdu: append([]byte(nil), apdu...), reply: answered}
	select {
	case l.requests <- r:
	case <-l.stop:
		return nil, reader.ErrCardGone
	case <-ctx.Done():
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

// Close resets the card and gives it back.
func (l *link) Close() error {
	l.stopOnce.Do(func() { close(l.stop) })
	<-l.done
	return l.closeErr
}
