// Package pcsc reaches real card readers through the PC/SC service of the
// machine (pcscd). It is the only package that needs cgo.
//
// Its words: a [Slot] is the one approved reader that the terminal uses; its
// watcher follows cards and readers coming and going; a link is an exclusive
// session with the card that is in. Watcher and links each have a PC/SC
// context of their own, owned by one goroutine, as the service serialises the
// calls of a context. The service may start late and restart at any time.
//
// What PC/SC calls errors is translated here, once, into those of package
// reader.
package pcsc

import (
	"context"
	"strings"
	"sync"

	"unlockpoint/reader"
)

// Config says which readers are approved.
type Config struct {
	// Readers are parts of the names of approved readers, in any case:
	// "omnikey" approves every reader that has it in its name. Without any,
	// every reader is approved.
	Readers []string
}

// Slot is the first approved reader of this machine.
type Slot struct {
	approved []string

	mu      sync.Mutex
	epoch   uint16 // counts readers and services: event counters start again with each
	present string // the reader that the watcher follows
}

var _ reader.Slot = (*Slot)(nil)

// NewSlot makes a slot. It needs no service yet.
func NewSlot(cfg Config) *Slot {
	s := &Slot{}
	for _, part := range cfg.Readers {
		s.approved = append(s.approved, strings.ToLower(part))
	}
	return s
}

// Watch follows the slot. Call it once: each call asks the service anew, and
// only one watcher may count its restarts.
func (s *Slot) Watch(ctx context.Context) <-chan reader.Presence {
	w := &watcher{slot: s, out: make(chan reader.Presence, 1)}
	go w.run(ctx)
	return w.out
}

// choose returns the reader to use, staying with the present one, and whether
// it is approved. Without any reader the name is empty.
func (s *Slot) choose(readers []string, present string) (name string, approved bool) {
	for _, r := range readers {
		switch {
		case !s.approves(r):
			if name == "" {
				name = r
			}
		case r == present:
			return r, true
		case !approved:
			name, approved = r, true
		}
	}
	return name, approved
}

func (s *Slot) approves(name string) bool {
	name = strings.ToLower(name)
	for _, part := range s.approved {
		if strings.Contains(name, part) {
			return true
		}
	}
	return len(s.approved) == 0
}

// nextEpoch is called by the watcher when event counters start again.
func (s *Slot) nextEpoch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
}

// follow notes which reader the watcher follows, for Open to use the same one.
func (s *Slot) follow(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.present = name
}

func (s *Slot) followed() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.present
}

// insertion makes one number of the epoch and the event counter that PC/SC
// keeps in the upper half of a reader's state.
func (s *Slot) insertion(counter uint16) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return uint32(s.epoch)<<16 | uint32(counter)
}
