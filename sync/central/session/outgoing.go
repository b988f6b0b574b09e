package session

import (
	"encoding/json"
	"fmt"

	"unlockpoint/sync/wire"
)

// sealed makes the note of a sealed reply.
func (s *Server) sealed(e wire.Envelope, sealTo, body []byte) (note []byte, err error) {
	if e.Sealed, err = wire.Seal(sealTo, s.Realm, e, body); err != nil {
		return nil, fmt.Errorf("sealing a reply: %w", err)
	}
	return s.Signer.Sign(e)
}

// refuse makes the note of a refusal that may travel open: it names neither
// card nor person, and changes nothing.
func (s *Server) refuse(in letter, r wire.Refusal) ([]byte, error) {
	return s.plain(s.replyTo(in), wire.Refuse(r))
}

// plain makes the note of an open body.
func (s *Server) plain(e wire.Envelope, body any) ([]byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", e.Kind, err)
	}
	e.Body = raw
	return s.Signer.Sign(e)
}

func (s *Server) replyTo(in letter) wire.Envelope {
	return wire.Envelope{V: wire.Version, Kind: in.note.Kind.Reply(), ID: wire.NewID(), Re: in.note.ID,
		From: wire.Central, To: in.note.From, Sess: in.note.Sess}
}

// down addresses a note to the terminal that in came from.
func down(in incoming, class wire.Class, note []byte) []Out {
	return []Out{{Topic: wire.DownTopic(in.from.Site, in.from.ID, class), Payload: note}}
}
