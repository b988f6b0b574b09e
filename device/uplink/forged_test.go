package uplink

import (
	"testing"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// forged are notes that look like the reply and must not pass for it.
func forged(t *testing.T, s *scene, m link.Message) map[string]link.Message {
	e, err := wire.Peek(m.Payload)
	must(t, err)
	public := s.centre.hellos[len(s.centre.hellos)-1].SealTo
	mallory, err := wire.NewSigner(wire.Central, other(t))
	must(t, err)
	header := func(change func(*wire.Envelope)) wire.Envelope {
		h := wire.Envelope{Kind: e.Kind, ID: wire.NewID(), Re: e.Re, From: e.From, To: e.To, Sess: e.Sess}
		change(&h)
		return h
	}
	lie := wire.CardLookReply{Standing: wire.StandsFrozen}
	sealed := func(h wire.Envelope, to []byte) link.Message { return s.centre.sealed(h, to, lie) }
	same := func(*wire.Envelope) {}

	byMallory := header(same)
	byMallory.Sealed = mustSeal(t, public, byMallory)
	moved := header(same)
	moved.Sealed = mustSeal(t, public, header(same)) // sealed for another note
	return map[string]link.Message{
		"other signer":    s.centre.sign(m.Topic, mallory, byMallory),
		"other request":   sealed(header(func(h *wire.Envelope) { h.Re = wire.NewID() }), public),
		"other kind":      sealed(header(func(h *wire.Envelope) { h.Kind = wire.CodeStatus.Reply() }), public),
		"other addressee": sealed(header(func(h *wire.Envelope) { h.To = "t-2" }), public),
		"other key":       sealed(header(same), sealKey(t).Public()),
		"other note":      s.centre.sign(m.Topic, s.centre.signer, moved),
		"cut short":       {Topic: m.Topic, Payload: m.Payload[:len(m.Payload)/2]},
		"other topic":     {Topic: wire.DownTopic(site, terminal, wire.ClassCmd), Payload: m.Payload},
		"nothing":         {Topic: m.Topic},
	}
}

func mustSeal(t *testing.T, to []byte, h wire.Envelope) *wire.Sealed {
	s, err := wire.Seal(to, realm, h, []byte(`{"standing":"frozen"}`))
	must(t, err)
	return s
}

func TestForgedRepliesAreNotHeard(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.centre.mislead = func(m link.Message) []link.Message {
			var all []link.Message
			for _, f := range forged(t, s, m) {
				all = append(all, f)
			}
			return append(all, m)
		}
		for range 3 {
			if r, err := s.look(s.t.Context()); err != nil || r.Standing != wire.StandsRegistered {
				t.Errorf("%+v, %v", r, err)
			}
		}
	})
}

func TestAnOldReplyAnswersNothingNew(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		_, err := s.look(s.t.Context())
		must(t, err)
		old := s.centre.last
		s.centre.answer = func(wire.Kind, wire.Envelope, []byte) any {
			return wire.CardLookReply{Standing: wire.StandsLocked}
		}
		s.centre.mislead = func(m link.Message) []link.Message { return []link.Message{old, m, old} }
		if r, err := s.look(s.t.Context()); err != nil || r.Standing != wire.StandsLocked {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
