// Package session is everything between the broker and the desk: whose a note
// is, whether it was seen before, and what goes back.
//
// Its words: a terminal says hello and gets a session; a request names the
// session and is answered once, however often it comes: the reply is kept,
// in the transaction of its effect, and sent again byte for byte; a fact is
// counted once, in order, and acknowledged; an operator's act is done once and
// answered, sealed to the operator. Whatever does not prove whose it is, is
// dropped: it adds to a counter and does nothing else.
//
// [Server.Receive] takes one message and returns what to publish; [Pump]
// joins it to a link. What a request means is the desk's business, and the
// broker is not trusted with anything.
package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// Who is the terminal that asks, from central's own list.
type Who struct {
	ID, Name, Site string
	SessNonce      []byte // what a card has to sign in this session
}

// Desk serves requests and takes facts. It works inside the transaction that
// it is given and has no other effects.
type Desk interface {
	// Serve returns the reply's body; reply is the header of the note it will
	// travel in. Refusals are replies; an error is a fault of ours, and
	// nothing of the request is kept.
	Serve(tx store.Tx, who Who, kind wire.Kind, body []byte, reply wire.Envelope) (any, error)

	// Fact takes a fact. A fact that it does not believe is not an error.
	Fact(tx store.Tx, who Who, kind wire.Kind, body []byte) error
}

// Act is how central does one kind of what operators ask for. Its body is
// theirs; what Do returns is the answer's result, as JSON. A [socket.Refused]
// is an answer, too; any other error is a fault of ours.
type Act struct {
	Reads bool // changes nothing: it is done again when it is asked again
	Do    func(tx store.Tx, by operators.Operator, body []byte) (any, error)

	// Look, unless it is nil, goes first, and on a snapshot: nobody has to wait
	// for what takes long. What it finds is Do's body.
	Look func(tx store.Tx, by operators.Operator, body []byte) ([]byte, error)
}

// Looked is the body that Do gets.
func (a Act) Looked(ctx context.Context, s store.Store, by operators.Operator, body []byte) (found []byte, err error) {
	if a.Look == nil {
		return body, nil
	}
	err = s.View(ctx, func(tx store.Tx) (err error) { found, err = a.Look(tx, by, body); return err })
	return found, err
}

// Config is what a server works with.
type Config struct {
	Store   store.Store
	Desk    Desk
	Acts    map[wire.Kind]Act
	Realm   string
	Signer  wire.Signer
	SealKey wire.SealKey
	// Settings is what a terminal should be set to.
	Settings func(tx store.Tx, t terminals.Terminal) (wire.Settings, error)
	Now      func() time.Time
	Log      *slog.Logger
	Metrics  *Metrics
}

// Server is central's end of all links. It may be used by many goroutines,
// but for one terminal by one at a time.
type Server struct {
	Config
	Presence *Presence
}

// New returns a server.
func New(c Config) *Server { return &Server{c, newPresence()} }

// Out is a message to publish.
type Out struct {
	Topic    string
	Payload  []byte
	Retained bool
}

// Receive takes one message and returns the answers, which count once they
// are returned: their cause is on disk. An error is a fault of ours; nothing
// of the message was kept, and it may come again.
func (s *Server) Receive(ctx context.Context, topic string, payload []byte) ([]Out, error) {
	out, err := s.receive(ctx, topic, payload)
	if err == nil {
		return out, nil
	}
	if reason, ok := errors.AsType[drop](err); ok {
		s.Metrics.dropped.WithLabelValues(string(reason)).Inc()
		return nil, nil
	}
	return nil, fmt.Errorf("receiving a note: %w", err)
}

func (s *Server) receive(ctx context.Context, topic string, payload []byte) ([]Out, error) {
	if operator, ok := wire.ParseAct(topic); ok {
		return s.act(ctx, operator, payload)
	}
	in, err := s.admit(ctx, topic, payload)
	if err != nil {
		return nil, err
	}
	return s.handle(ctx, in)
}

func (s *Server) handle(ctx context.Context, in incoming) ([]Out, error) {
	rule, _ := wire.RuleOf(in.note.Kind)
	switch {
	case in.note.Kind == wire.Hello:
		return s.hello(ctx, in)
	case rule.Class == wire.ClassReq:
		return s.request(ctx, in)
	case rule.Class == wire.ClassFact:
		return s.fact(ctx, in)
	case in.note.Kind == wire.State:
		return nil, s.state(ctx, in)
	}
	return nil, drop("kind")
}
