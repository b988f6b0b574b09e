package session

import (
	"context"
	"crypto/sha256"
	"errors"

	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// drop is the reason why a message was not read. Reasons are few and fixed:
// they are labels of a counter.
type drop string

func (d drop) Error() string { return "dropped: " + string(d) }

// letter is a note that was proved to be its sender's.
type letter struct {
	note  wire.Envelope
	raw   []byte            // the whole note
	text  [sha256.Size]byte // hash of the signed line
	plain []byte            // the body, opened
}

// incoming is a terminal's letter.
type incoming struct {
	letter
	from terminals.Terminal
}

// admit finds out whose a message is and opens it, before anything it says
// counts. The site is the one on our list; the topic is only held against it.
func (s *Server) admit(ctx context.Context, topic string, payload []byte) (incoming, error) {
	if len(payload) > wire.MaxNote {
		return incoming{}, drop("too-large")
	}
	site, id, class, ok := wire.ParseUp(topic)
	if !ok {
		return incoming{}, drop("topic")
	}
	claim, err := wire.Peek(payload)
	if err != nil {
		return incoming{}, drop("malformed")
	}
	if rule, known := wire.RuleOf(claim.Kind); !known || !rule.Up || rule.Class != class || claim.From != id {
		return incoming{}, drop("topic")
	}
	from, err := s.sender(ctx, claim.From)
	if err != nil {
		return incoming{}, err
	}
	if from.Site != site {
		return incoming{}, drop("site")
	}
	return s.open(from, payload)
}

// sender looks a terminal up. What is not on the list, or not any more, is
// not answered.
func (s *Server) sender(ctx context.Context, id string) (t terminals.Terminal, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		t, err = serving(tx, id)
		return err
	})
	return t, err
}

func serving(tx store.Tx, id string) (terminals.Terminal, error) {
	t, err := terminals.Find(tx, id)
	if errors.Is(err, terminals.ErrUnknown) {
		return t, drop("unknown")
	}
	if err == nil && !t.Serving() {
		return t, drop("retired")
	}
	return t, err
}

// open checks the note with exactly this sender's key.
func (s *Server) open(from terminals.Terminal, payload []byte) (incoming, error) {
	verifier, err := from.Verifier()
	if err != nil {
		return incoming{}, err
	}
	l, err := s.read(verifier, payload)
	return incoming{l, from}, err
}

// read opens a note of one sender, and its body.
func (s *Server) read(verifier wire.Verifier, payload []byte) (letter, error) {
	e, err := verifier.Open(payload, wire.Central)
	if err != nil {
		return letter{}, drop("unproved")
	}
	l := letter{note: e, raw: payload, text: sha256.Sum256(wire.Text(payload)), plain: e.Body}
	if e.Sealed != nil {
		if l.plain, err = s.SealKey.Unseal(s.Realm, e, *e.Sealed); err != nil {
			return letter{}, drop("unsealable")
		}
	}
	return l, nil
}
