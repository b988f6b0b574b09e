package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// patience before a terminal is asked again to close the same gap: the facts
// already on their way would otherwise ask once each.
const patience = 5 * time.Second

// A mark says how far central has taken the facts of one incarnation of a
// terminal's store.
type mark struct {
	Seq   uint64    `json:"seq"`
	Chain string    `json:"chain"`          // hash up to Seq, hex
	Asked time.Time `json:"asked,omitzero"` // when a gap was last complained of
}

func marks() store.Table[mark] { return store.Table[mark]{Name: "fact-mark"} }

func markOf(tx store.Tx, terminal, inc string) (mark, error) {
	m, there, err := marks().Find(tx, terminal+"/"+inc)
	if err != nil {
		return m, fmt.Errorf("reading how far the facts of %s are: %w", terminal, err)
	}
	if !there {
		m.Chain = inc // h0
	}
	return m, nil
}

// contradicts says what in a hello cannot be true of the only terminal with
// this identity, or nothing.
func (m mark) contradicts(h wire.HelloBody) string {
	switch {
	case h.Seq < m.Seq:
		return "it knows fewer facts than it has sent: its disk was set back"
	case h.Seq == m.Seq && h.Chain != m.Chain:
		return "it has other facts than it has sent: there are two of it"
	}
	return ""
}

// next is the chain's hash after one more fact: SHA-256(hash || fact).
func (m mark) next(fact []byte) (string, error) {
	before, err := hex.DecodeString(m.Chain)
	if err != nil {
		return "", fmt.Errorf("reading the chain: %w", err)
	}
	sum := sha256.Sum256(append(before, fact...))
	return hex.EncodeToString(sum[:]), nil
}

// fact takes one fact and acknowledges all up to it, or asks for those
// before it.
func (s *Server) fact(ctx context.Context, in incoming) ([]Out, error) {
	var body wire.FactBody
	if err := wire.Decode(in.plain, &body); err != nil || !validInc(body.Inc) || body.Seq == 0 {
		return nil, drop("malformed")
	}
	var ack *wire.AckBody
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if in.from, err = serving(tx, in.from.ID); err != nil {
			return err
		}
		ack, err = s.take(tx, in, body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", in.note.Kind, in.from.ID, err)
	}
	if ack == nil {
		return nil, nil
	}
	note, err := s.plain(wire.Envelope{Kind: wire.Ack, ID: wire.NewID(), From: wire.Central, To: in.from.ID}, ack)
	if err != nil {
		return nil, err
	}
	return down(in, wire.ClassAck, note), nil
}

// take applies a fact and moves the mark in one transaction. No ack means
// that the terminal gets no answer: its facts are not wanted, or the gap was
// complained of already.
func (s *Server) take(tx store.Tx, in incoming, f wire.FactBody) (*wire.AckBody, error) {
	if in.from.Quarantine != "" {
		s.Metrics.facts.WithLabelValues(string(in.note.Kind), "quarantine").Inc()
		return nil, nil
	}
	m, err := markOf(tx, in.from.ID, f.Inc)
	if err != nil {
		return nil, err
	}
	chain, err := m.next(f.Fact)
	switch {
	case err != nil:
		return nil, err
	case f.Seq > m.Seq+1:
		return s.gap(tx, in, f.Inc, m)
	case f.Seq == m.Seq && f.Chain != m.Chain, f.Seq == m.Seq+1 && f.Chain != chain:
		s.Metrics.facts.WithLabelValues(string(in.note.Kind), "chain").Inc()
		return nil, s.quarantine(tx, in, "its facts do not follow from those before: there are two of it")
	case f.Seq <= m.Seq:
		s.Metrics.facts.WithLabelValues(string(in.note.Kind), "again").Inc()
		return &wire.AckBody{Inc: f.Inc, Seq: m.Seq}, nil
	}
	if err := s.Desk.Fact(tx, who(in, nil), in.note.Kind, f.Fact); err != nil {
		return nil, fmt.Errorf("taking a fact: %w", err)
	}
	s.Metrics.facts.WithLabelValues(string(in.note.Kind), "taken").Inc()
	return &wire.AckBody{Inc: f.Inc, Seq: f.Seq}, s.setMark(tx, in, f.Inc, mark{Seq: f.Seq, Chain: chain})
}

// gap asks for the facts behind the mark again.
func (s *Server) gap(tx store.Tx, in incoming, inc string, m mark) (*wire.AckBody, error) {
	s.Metrics.facts.WithLabelValues(string(in.note.Kind), "gap").Inc()
	if since := s.Now().Sub(m.Asked); since >= 0 && since < patience {
		return nil, nil
	}
	m.Asked = s.Now()
	return &wire.AckBody{Inc: inc, Seq: m.Seq, Resend: true}, s.setMark(tx, in, inc, m)
}

func (s *Server) setMark(tx store.Tx, in incoming, inc string, m mark) error {
	if err := marks().Put(tx, in.from.ID+"/"+inc, m); err != nil {
		return fmt.Errorf("keeping how far the facts of %s are: %w", in.from.ID, err)
	}
	return nil
}
