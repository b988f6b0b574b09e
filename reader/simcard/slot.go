package simcard

import (
	"context"
	"errors"
	"sync"

	"unlockpoint/reader"
)

// Slot is a reader in this process. Without SetReader(false) it is there; it
// starts empty.
type Slot struct {
	mu       sync.Mutex
	name     string
	gone     bool // the reader is unplugged
	banned   bool // the reader may not be used
	card     *Card
	count    uint32
	open     *link
	watchers map[chan reader.Presence]struct{}
}

var _ reader.Slot = (*Slot)(nil)

// NewSlot makes an empty slot; name is what its presence calls it.
func NewSlot(name string) *Slot {
	return &Slot{name: name, watchers: map[chan reader.Presence]struct{}{}}
}

// Insert puts a card in, instead of the one that is in.
func (s *Slot) Insert(card *Card) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.eject()
	s.card = card
	s.count++
	s.tell()
}

// Remove takes the card out and returns it, nil if there was none.
func (s *Slot) Remove() *Card {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove()
}

func (s *Slot) remove() *Card {
	card := s.card
	if card != nil {
		s.eject()
		s.tell()
	}
	return card
}

// eject ends the power of the card that is in.
func (s *Slot) eject() {
	if s.open != nil {
		s.open.fate, s.open = reader.ErrCardGone, nil
	}
	if s.card != nil {
		s.card.Reset()
	}
	s.card = nil
}

// Card returns the card that is in, or nil.
func (s *Slot) Card() *Card {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.card
}

// SetReader plugs the reader in or out. A card that is in stays in it, without
// power while the reader is out.
func (s *Slot) SetReader(present bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone == !present {
		return
	}
	s.gone = !present
	s.unpower()
	s.tell()
}

// SetApproved says whether the reader may be used. A card that is in loses its
// power while it may not.
func (s *Slot) SetApproved(fine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.banned == !fine {
		return
	}
	s.banned = !fine
	s.unpower()
	s.tell()
}

// unpower ends the power of the card that is in, which stays.
func (s *Slot) unpower() {
	if s.open != nil {
		s.open.fate, s.open = reader.ErrCardGone, nil
	}
	if s.card != nil {
		s.card.Reset()
		s.count++
	}
}

// ResetByOther is another program resetting the card under an open link.
func (s *Slot) ResetByOther() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		s.open.fate = reader.ErrCardReset
	}
	if s.card != nil {
		s.card.Reset()
	}
}

func (s *Slot) presence() reader.Presence {
	switch {
	case s.gone:
		return reader.Presence{Insertion: s.count}
	case s.banned:
		return reader.Presence{Reader: s.name, Unapproved: true, Insertion: s.count}
	}
	return reader.Presence{
		Reader: s.name, Card: s.card != nil, Mute: s.card != nil && s.card.Mute(),
		Insertion: s.count,
	}
}

// Watch sends the presence now and at every change, the newest one winning.
func (s *Slot) Watch(ctx context.Context) <-chan reader.Presence {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(chan reader.Presence, 1)
	s.watchers[out] = struct{}{}
	out <- s.presence()
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, out)
		close(out)
	})
	return out
}

// tell sends the presence to every watcher, instead of one not yet taken.
func (s *Slot) tell() {
	p := s.presence()
	for out := range s.watchers {
		select {
		case <-out:
		default:
		}
		out <- p // has room: only we send, and we hold the lock
	}
}

// Open powers the card that is in.
func (s *Slot) Open(ctx context.Context) (reader.Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case s.gone, s.banned:
		return nil, reader.ErrNoReader
	case s.card == nil:
		return nil, reader.ErrNoCard
	case s.card.Mute():
		return nil, reader.ErrMute
	case s.open != nil:
		return nil, reader.ErrInUse
	}
	s.card.Reset()
	s.open = &link{slot: s, card: s.card, insertion: s.count}
	return s.open, nil
}

// link is a powered session with the card in a slot.
type link struct {
	slot      *Slot
	card      *Card
	insertion uint32
	fate      error // why the session is over; the slot's lock guards it
}

func (l *link) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	if err := l.over(); err != nil {
		return nil, err
	}
	answer, err := l.card.Answer(ctx, apdu)
	if errors.Is(err, ErrPulled) {
		l.pulled()
	} else if err != nil {
		return nil, err
	}
	if err := l.over(); err != nil { // gone while it worked: the answer is lost
		return nil, err
	}
	return answer, nil
}

// pulled takes the card out, unless that has been done meanwhile.
func (l *link) pulled() {
	l.slot.mu.Lock()
	defer l.slot.mu.Unlock()
	if l.fate == nil {
		l.slot.remove()
	}
}

func (l *link) over() error {
	l.slot.mu.Lock()
	defer l.slot.mu.Unlock()
	return l.fate
}

func (l *link) Insertion() uint32 { return l.insertion }
func (l *link) ATR() []byte       { return l.card.ATR() }

// Close resets the card.
func (l *link) Close() error {
	l.slot.mu.Lock()
	defer l.slot.mu.Unlock()
	if l.slot.open == l {
		l.slot.open = nil
		l.card.Reset()
	}
	if l.fate == nil {
		l.fate = reader.ErrCardGone
	}
	return nil
}
