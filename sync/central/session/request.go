package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// request serves a request, or sends the reply of the first time again.
func (s *Server) request(ctx context.Context, in incoming) ([]Out, error) {
	var note []byte
	err := s.Store.Update(ctx, func(tx store.Tx) (err error) {
		if in.from, err = serving(tx, in.from.ID); err != nil {
			return err
		}
		if note, err = answered(tx, in.letter); err != nil || note != nil {
			return err
		}
		note, err = s.serve(tx, in)
		return err
	})
	if errors.Is(err, errOtherText) {
		s.Log.Warn("request with a used id and another text", "terminal", in.from.ID, "kind", in.note.Kind)
		s.count(in.letter, wire.OtherBody)
		note, err = s.refuse(in.letter, wire.OtherBody)
	}
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", in.note.Kind, in.from.ID, err)
	}
	return down(in, wire.ClassReply, note), nil
}

// serve lets the desk serve a request that is new. Refusals for want of a
// session are not kept: the same request may come again in another.
func (s *Server) serve(tx store.Tx, in incoming) ([]byte, error) {
	session, err := s.enter(tx, in)
	if err != nil {
		return nil, err
	}
	if session == nil {
		s.count(in.letter, wire.NewSession)
		return s.refuse(in.letter, wire.NewSession)
	}
	if held, err := terminals.Find(tx, in.from.ID); err != nil || held.Quarantine != "" {
		s.count(in.letter, wire.BadRequest)
		note, refuseErr := s.refuse(in.letter, wire.BadRequest)
		return note, errors.Join(err, refuseErr)
	}
	e := s.replyTo(in.letter)
	answer, err := s.Desk.Serve(tx, who(in, session.Nonce), in.note.Kind, in.plain, e)
	if err != nil {
		return nil, fmt.Errorf("serving: %w", err)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("writing a reply: %w", err)
	}
	note, err := s.sealed(e, session.SealTo, body)
	if err != nil {
		return nil, err
	}
	s.count(in.letter, refusal(body))
	return note, keep(tx, in.letter, note, s.Now())
}

func who(in incoming, nonce []byte) Who {
	return Who{ID: in.from.ID, Name: in.from.Name, Site: in.from.Site, SessNonce: nonce}
}

// count counts a reply by kind and refusal.
func (s *Server) count(in letter, r wire.Refusal) {
	s.Metrics.requests.WithLabelValues(string(in.note.Kind), string(r)).Inc()
}

// refusal finds what a reply's body refuses: every one embeds Answered.
func refusal(body []byte) wire.Refusal {
	var a wire.Answered
	if json.Unmarshal(body, &a) != nil {
		return "unreadable" // cannot be: we have just written it
	}
	return a.Refused
}
