package session

import (
	"context"
	"fmt"

	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Herald tells sites that their registry has changed. One goroutine owns it.
type Herald struct {
	server *Server
	told   map[string]uint64 // the newest change that a site was told of
}

// NewHerald returns a herald that has told nobody anything yet.
func (s *Server) NewHerald() *Herald { return &Herald{s, map[string]uint64{}} }

// Forget makes the herald tell every site anew: the broker may have lost what
// it retained.
func (h *Herald) Forget() { clear(h.told) }

// Tell publishes, retained, the newest change number of each site that has a
// newer one than was told.
func (h *Herald) Tell(ctx context.Context, l Link, sites []string) error {
	for _, site := range sites {
		if err := h.tell(ctx, l, site); err != nil {
			return fmt.Errorf("telling %s how new its registry is: %w", site, err)
		}
	}
	return nil
}

func (h *Herald) tell(ctx context.Context, l Link, site string) error {
	var head uint64
	err := h.server.Store.View(ctx, func(tx store.Tx) (err error) {
		head, err = registry.Head(tx, site)
		return err
	})
	if told, known := h.told[site]; err != nil || known && told == head {
		return err
	}
	note, err := h.server.plain(wire.Envelope{Kind: wire.Head, ID: wire.NewID(), From: wire.Central, To: wire.Everyone},
		wire.HeadBody{Site: site, Head: head})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	if err := l.Publish(ctx, wire.HeadTopic(site), note, true); err != nil {
		return err
	}
	h.told[site] = head
	return nil
}

// Birth and Will of central, for its link. Both are retained.
func (s *Server) Birth(build string) (Out, error) {
	return s.stateOf(wire.StateBody{Online: true, Build: build})
}

// Will is what the broker says for central when it has gone.
func (s *Server) Will() (Out, error) { return s.stateOf(wire.StateBody{}) }

func (s *Server) stateOf(body wire.StateBody) (Out, error) {
	note, err := s.plain(wire.Envelope{Kind: wire.State, ID: wire.NewID(), From: wire.Central, To: wire.Everyone}, body)
	if err != nil {
		return Out{}, fmt.Errorf("making central's birth and will: %w", err)
	}
	return Out{Topic: wire.CentralStateTopic, Payload: note, Retained: true}, nil
}
