package session

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// Order tells a terminal to do something until a time.
func (s *Server) Order(ctx context.Context, l Link, to terminals.Terminal, until time.Time, body wire.CommandBody) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("writing a command: %w", err)
	}
	e := wire.Envelope{V: wire.Version, Kind: wire.Command, ID: wire.NewID(), From: wire.Central, To: to.ID, Exp: until}
	note, err := s.sealed(e, to.SealKey, raw)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	return l.Publish(ctx, wire.DownTopic(to.Site, to.ID, wire.ClassCmd), note, false)
}

// Wish tells a terminal what it should be set to, retained: one that is away
// finds it when it is back.
func (s *Server) Wish(ctx context.Context, l Link, to terminals.Terminal, want wire.Settings) error {
	note, err := s.plain(wire.Envelope{Kind: wire.Want, ID: wire.NewID(), From: wire.Central, To: to.ID}, want)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	return l.Publish(ctx, wire.DownTopic(to.Site, to.ID, wire.ClassWant), note, true)
}
