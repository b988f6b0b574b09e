package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Presence is which terminals are there, by what they last said or by the
// will that the broker published for them. The broker could lie about it:
// nothing but a display depends on it.
type Presence struct {
	mu sync.Mutex
	at map[string]Seen
}

// Seen is a terminal's last birth or will. After a will, what the birth before
// it said is still there.
type Seen struct {
	Online bool
	Since  time.Time // it came or went
	Build  string
	Sess   string
	N      int
	Vitals *wire.Vitals
	At     time.Time // of the vitals
}

func newPresence() *Presence { return &Presence{at: map[string]Seen{}} }

// All returns what is known of each terminal.
func (p *Presence) All() map[string]Seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.at)
}

// Of returns what is known of one terminal.
func (p *Presence) Of(id string) Seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at[id]
}

// told is the last that was seen of each terminal, and told as events: a
// central that starts anew does not tell it again.
func told() store.Table[Seen] { return store.Table[Seen]{Name: "seen"} }

// LastSeen is the last that a terminal, or the broker for it, said. Whether it
// is there now is Presence's to say.
func LastSeen(tx store.Tx, id string) (Seen, error) {
	seen, _, err := told().Find(tx, id)
	return seen, err
}

// state notes a birth or a will, and keeps what changed as events. Births are
// retained: one that is older than what was seen is dropped.
func (s *Server) state(ctx context.Context, in incoming) error {
	var body wire.StateBody
	if err := wire.Decode(in.plain, &body); err != nil {
		return drop("malformed")
	}
	body = body.Plain()
	var is Seen
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		was, err := LastSeen(tx, in.from.ID)
		if err != nil {
			return err
		}
		if body.Online && (body.Sess < was.Sess || body.Sess == was.Sess && body.N < was.N) {
			return drop("old")
		}
		is = was.after(body, s.Now())
		for _, e := range changes(was, is) {
			e.At, e.Terminal, e.Site = s.Now(), in.from.ID, in.from.Site
			if err := fleet.Happened(tx, e); err != nil {
				return err
			}
		}
		return told().Put(tx, in.from.ID, is)
	})
	if err != nil {
		return fmt.Errorf("noting how %s is: %w", in.from.ID, err)
	}
	s.Presence.set(in.from.ID, is)
	return nil
}

// after is what is seen of a terminal once it has said something more.
func (was Seen) after(b wire.StateBody, now time.Time) Seen {
	is := was
	if is.Online = b.Online; b.Online {
		is.Build, is.Sess, is.N, is.Vitals, is.At = b.Build, b.Sess, b.N, b.Vitals, now
	}
	if is.Online != was.Online || was.Since.IsZero() {
		is.Since = now
	}
	return is
}

// changes are the events that lie between two sights of a terminal. Faults of
// one that was away are told again when it comes back.
func changes(was, is Seen) (news []wire.Event) {
	switch {
	case is.Online && !was.Online:
		news = append(news, wire.Event{Kind: wire.CameOnline, Text: is.Build})
	case was.Online && !is.Online:
		return []wire.Event{{Kind: wire.WentOffline}}
	}
	for _, f := range is.faults() {
		if !was.Online || !has(was.faults(), f.Code) {
			news = append(news, wire.Event{Kind: wire.FaultBegan, Text: f.Title})
		}
	}
	for _, f := range was.faults() {
		if was.Online && !has(is.faults(), f.Code) {
			news = append(news, wire.Event{Kind: wire.FaultOver, Text: f.Title})
		}
	}
	return news
}

func (s Seen) faults() []wire.Fault {
	if s.Vitals == nil {
		return nil
	}
	return s.Vitals.Faults
}

func has(faults []wire.Fault, code string) bool {
	return slices.ContainsFunc(faults, func(f wire.Fault) bool { return f.Code == code })
}

// Doubt takes nobody to be there until they are heard of again: the link to
// the broker, which would tell of their end, is down.
func (p *Presence) Doubt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, seen := range p.at {
		seen.Online = false
		p.at[id] = seen
	}
}

// Forget knows nothing of a terminal any more, until it is heard of again.
func (p *Presence) Forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.at, id)
}

func (p *Presence) set(id string, s Seen) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at[id] = s
}
