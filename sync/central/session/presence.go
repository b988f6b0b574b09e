package session

import (
	"maps"
	"sync"
	"time"

	"unlockpoint/sync/wire"
)

// Presence is which terminals are there, by what they last said or by the
// will that the broker published for them. The broker could lie about it:
// nothing but a display depends on it.
type Presence struct {
	mu sync.Mutex
	at map[string]Seen
}

// Seen is a terminal's last birth or will.
type Seen struct {
	Online bool      `json:"online"`
	Build  string    `json:"build,omitempty"`
	Since  time.Time `json:"since"`
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

func (p *Presence) set(id string, s Seen) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at[id] = s
}

// state notes a birth or a will.
func (s *Server) state(in incoming) error {
	var body wire.StateBody
	if err := wire.Decode(in.plain, &body); err != nil {
		return drop("malformed")
	}
	s.Presence.set(in.from.ID, Seen{Online: body.Online, Build: body.Build, Since: s.Now()})
	return nil
}
