// Package pcsc reaches real card readers through the PC/SC service of the
// machine (pcscd). It is the only package that needs cgo.
//
// Its words: a [Slot] is the place for a card that the approved readers of the
// machine make together: whichever has a card is served, and keeps its turn
// while the card is in; a follower watches cards and readers coming and going;
// a link is an exclusive session with the card that is in. Follower and links
// each have a PC/SC context of their own, owned by one goroutine, as the
// service serialises the calls of a context.
//
// The service may start late, restart at any time, or hang. So nobody but an
// owner calls it, and nobody waits for an owner without a limit: a stuck owner
// is left behind and ends when the service lets it go.
//
// What PC/SC calls errors is translated here, once, into those of package
// reader.
package pcsc

import (
	"context"
	"slices"
	"strings"
	"sync"

	"unlockpoint/reader"
)

// Config says which readers are approved.
type Config struct {
	// Readers name approved readers, in any case. A text approves every
	// reader that has it in its name ("omnikey"); one with * or ? means the
	// whole name, as in a shell ("gemalto * 00 0?"). Without any, every
	// reader is approved.
	Readers []string
	// NoPinPad leaves keys that readers have alone: they are not looked for,
	// and no link is a reader.PinPad.
	NoPinPad bool
}

// Slot is the place for a card in the approved readers of this machine.
type Slot struct {
	noPinPad  bool
	numbers   numbers
	establish func() (service, error)
	sessions  chan struct{} // holds one for each session that has not ended

	mu       sync.Mutex
	approved []pattern
	served   string // the reader that the follower has chosen
}

var _ reader.Slot = (*Slot)(nil)

// NewSlot makes a slot. It needs no service yet.
func NewSlot(cfg Config) *Slot {
	s := &Slot{noPinPad: cfg.NoPinPad, establish: establish, sessions: make(chan struct{}, mostSessions)}
	s.Approve(cfg.Readers)
	return s
}

// Approve makes these the approved readers, named as in Config. It holds from
// the next look at the readers, within seconds; a card that is in stays with
// its link.
func (s *Slot) Approve(readers []string) {
	approved := patternsOf(readers)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.approved = approved
}

// Approved says whether readers, named as in Config, approve one of that name.
func Approved(readers []string, name string) bool { return approve(patternsOf(readers), name) }

func patternsOf(readers []string) (list []pattern) {
	for _, name := range readers {
		list = append(list, pattern(strings.ToLower(strings.TrimSpace(name))))
	}
	return list
}

func approve(patterns []pattern, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p pattern) bool { return p.fits(name) })
}

// Watch follows the slot. Call it once: each call asks the service anew, and
// only one follower may number the insertions.
func (s *Slot) Watch(ctx context.Context) <-chan reader.Presence {
	w := &watcher{slot: s, out: make(chan reader.Presence, 1)}
	go w.run(ctx)
	return w.out
}

// part parts the names of readers into approved ones and others.
func (s *Slot) part(names []string) (approved, others []string) {
	s.mu.Lock()
	patterns := s.approved
	s.mu.Unlock()
	for _, name := range names {
		if approve(patterns, name) {
			approved = append(approved, name)
		} else {
			others = append(others, name)
		}
	}
	return approved, others
}

// serve notes which reader the follower has chosen, for Open to use it too.
func (s *Slot) serve(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served = name
}

func (s *Slot) serves() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.served
}
