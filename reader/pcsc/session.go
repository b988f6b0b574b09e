package pcsc

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
	"unlockpoint/reader/pinpad"
)

// session is the owner of a PC/SC context and a card: the goroutine behind a
// link.
type session struct {
	slot     *Slot
	link     *link
	lost     bool      // a command found the card gone
	answered time.Time // when the card last did
}

func newSession(s *Slot, l *link) *session { return &session{slot: s, link: l} }

// run opens the session, serves it and closes it.
func (s *session) run(ctx context.Context, opened chan<- error) {
	defer close(s.link.done)
	service, err := s.slot.establish()
	if err != nil {
		opened <- translate("reaching the card service", err)
		return
	}
	defer service.Release()
	card, err := s.connect(ctx, service)
	opened <- err
	if err != nil {
		return
	}
	s.serve(card)
	if err := card.Disconnect(s.disposition(card)); err != nil && !over(err) {
		s.link.closeErr = translate("leaving the card", err)
	}
}

// serve does what it is asked until the link is left.
func (s *session) serve(card card) {
	for {
		select {
		case <-s.link.stop:
			return
		default:
		}
		select {
		case r := <-s.link.requests:
			answer, err := r.work(card, r.secret)
			clear(r.secret)
			s.lost = s.lost || errors.Is(err, reader.ErrCardGone)
			if err == nil {
				s.answered = time.Now()
			}
			r.reply <- reply{answer, err}
		case <-s.link.stop:
			return
		}
	}
}

// selectNone is SELECT without a name (ISO/IEC 7816-4:2020, 11.2.2). Whatever
// the card says to it, it says so only if it is there.
var selectNone = []byte{0x00, 0xA4, 0x04, 0x00}

const (
	// noticeEvery and noticeFor: pcscd looks at its readers every 0.4 s.
	noticeEvery = 50 * time.Millisecond
	noticeFor   = time.Second
	// justNow: nobody takes a card out and puts it in again in so short a time.
	justNow = 50 * time.Millisecond
)

// disposition is what to do with the card at the end. Left as it is, it would
// stay verified for the next user: it is reset. But a reset of a card that was
// taken, before pcscd has noticed, makes pcscd forget the card without its own
// look-out knowing: a card that is put in again at once would never be seen.
// And one that it has noticed it would then take for present, until another
// comes. So a card that has not answered just now is asked first, pcscd is asked
// what it has noticed, and gets the time to.
func (s *session) disposition(card card) scard.Disposition {
	if !s.lost && time.Since(s.answered) > justNow {
		_, err := transmit(card, selectNone)
		s.lost = errors.Is(err, reader.ErrCardGone)
	}
	if _, err := card.Status(); err != nil && over(err) {
		return scard.LeaveCard
	}
	if !s.lost {
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

func (s *session) connect(ctx context.Context, service service) (card, error) {
	name, err := s.slot.use(service)
	if err != nil {
		return nil, err
	}
	card, err := hold(ctx, service, name)
	if unreached(err) {
		card, err = s.reach(ctx, service, name, err)
	}
	if err != nil {
		return nil, notIn(translate("connecting to the card", err))
	}
	if err := s.identify(service, card, name); err != nil {
		card.Disconnect(scard.ResetCard)
		return nil, notIn(err)
	}
	if !s.slot.noPinPad {
		s.link.device = pinpad.Find(ctx, controls{card})
	}
	return card, nil
}

// unreached says that a card which is told of does not answer.
func unreached(err error) bool { return err != nil && errors.Is(translate("", err), reader.ErrMute) }

// reach looks again for a card that does not answer: it may have gone, see
// watched.ghost, or answer the second time. One that is mute stays so.
func (s *session) reach(ctx context.Context, service service, name string, mute error) (card, error) {
	ask(service, name)
	states, err := look(service, []string{name})
	if err != nil {
		return nil, err
	}
	switch now := s.slot.sight(states[0]); {
	case !now.card:
		return nil, scard.ErrNoSmartcard
	case now.mute:
		return nil, mute
	}
	return hold(ctx, service, name)
}

const (
	// heldEvery and heldFor: pcscd keeps the card of a program that was killed
	// until it has seen that the program is gone.
	heldEvery = 100 * time.Millisecond
	heldFor   = 2 * time.Second
)

// hold connects to the card for ourselves alone, and waits a moment for one
// that another program still has.
func hold(ctx context.Context, service service, name string) (card, error) {
	for waited := time.Duration(0); ; waited += heldEvery {
		card, err := service.Connect(name, scard.ShareExclusive, scard.ProtocolAny)
		if !errors.Is(err, scard.ErrSharingViolation) || waited >= heldFor || ctx.Err() != nil {
			return card, err
		}
		pause(ctx, heldEvery)
	}
}

// use returns the reader to connect to: the one that the follower has chosen,
// or without one the one that it would choose.
func (s *Slot) use(service service) (string, error) {
	if name := s.serves(); name != "" {
		return name, nil
	}
	names, err := list(service)
	if err != nil {
		return "", translate("listing readers", err)
	}
	approved, _ := s.part(names)
	states, err := look(service, approved)
	if err != nil {
		return "", err
	}
	sights := make([]sight, len(states))
	for i, state := range states {
		sights[i] = s.sight(state)
	}
	best, works := choose(sights, "")
	if !works {
		return "", reader.ErrNoReader
	}
	return best.reader, nil
}

// notTheFollower makes a reader's name another key of the table in which scard
// keeps the names that C is looking at, by name: with the same key our look
// would free the name under the follower's wait, and its reader would vanish at
// the next garbage collection. C stops reading at the first zero.
const notTheFollower = "\x00"

// cut is a name as C reads it.
func cut(name string) string {
	name, _, _ = strings.Cut(name, "\x00")
	return name
}

// looks is how often a reader is looked for that libpcsclite mislaid: see
// follower.list.
const looks = 3

// look asks what readers look like at this moment.
func look(service service, names []string) ([]scard.ReaderState, error) {
	states := make([]scard.ReaderState, len(names))
	if len(names) == 0 {
		return states, nil // scard panics at none
	}
	for i, name := range names {
		states[i].Reader = name + notTheFollower
	}
	for range looks {
		err := service.GetStatusChange(states, 0)
		if err != nil && !errors.Is(err, scard.ErrUnknownReader) {
			return nil, translate("looking at the readers", err)
		}
		if err == nil && !anyMissing(states) {
			return states, nil
		}
	}
	return nil, translate("looking at the readers", scard.ErrUnknownReader)
}

func anyMissing(states []scard.ReaderState) bool {
	for _, s := range states {
		if missing(s) {
			return true
		}
	}
	return false
}

// identify learns which insertion this is. The card is asked after it was
// connected: if it was swapped before, the number is the new card's, and so is
// the session; if it was swapped since, the session is dead.
func (s *session) identify(service service, card card, name string) error {
	status, err := card.Status()
	if err != nil {
		return translate("reading the card's state", err)
	}
	states, err := look(service, []string{name})
	if err != nil {
		return err
	}
	s.link.atr = status.Atr
	s.link.insertion = s.slot.numbers.of(name, counter(states[0]))
	return nil
}
