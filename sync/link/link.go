// Package link keeps one MQTT 3.1.1 session up, or tries to, for as long as
// it is run.
//
// Its words: a [Session] is the whole life, over many connections; a
// connection counts as up when every subscription is granted and the birth is
// out. A [Message] that came in is acknowledged by whoever read it, once its
// effect is safe.
//
// The package does not know what a message says. It keeps nothing over a lost
// connection: sessions at the broker are clean, and what must not be lost is
// the sender's to send again.
package link

import (
	"context"
	"crypto/tls"
	"errors"
	"sync/atomic"
	"time"
)

// Message is one publication. Ack is set on those that came in; call it once,
// from any goroutine. A few that are never acknowledged stop the flow: the
// broker sends no more than it may have in flight.
type Message struct {
	Topic    string
	Payload  []byte
	Retained bool
	Ack      func()
}

// Config of a session. URL, ClientID and Subscribe are needed.
type Config struct {
	URL       string // mqtt://host:port or mqtts://host:port
	ClientID  string
	User      string
	Password  string
	TLS       *tls.Config
	Subscribe []string // filters, QoS 1
	Will      *Message // published by the broker when we vanish, by us when we leave
	Birth     *Message // published each time the link is up
	Wait      Wait
}

// Limits of one session.
const (
	// inFlight is how many publications may wait for the broker's word. With
	// 20 a terminal clears a day's facts in seconds and a slow line holds
	// little that has to be sent again.
	inFlight = 20
	// queue is how many messages may wait for the reader. At 64 KiB each this
	// is at most 16 MiB, and a reader is rarely behind by more than a few.
	queue = 256

	connectLimit = 10 * time.Second // for TCP, TLS and CONNACK; then again for SUBACK and birth
	writeLimit   = 10 * time.Second
	keepAlive    = 15 * time.Second // a dead line is noticed while the person still waits
	leaveLimit   = 2 * time.Second  // to say good-bye
)

// Errors of Publish.
var (
	ErrDown = errors.New("link is down")
	ErrLost = errors.New("link was lost before the broker answered")
)

// Session is one client's life at the broker.
type Session struct {
	config   Config
	messages chan Message
	up       chan bool
	hurry    chan struct{}
	slots    chan struct{} // in flight
	current  atomic.Pointer[connection]
	dropped  atomic.Uint64
	last     atomic.Pointer[error]
	url      atomic.Pointer[string]
	moved    chan struct{}
}

// New prepares a session. Run starts it.
func New(c Config) *Session {
	s := &Session{
		config:   c,
		moved:    make(chan struct{}, 1),
		messages: make(chan Message, queue),
		up:       make(chan bool, 1),
		hurry:    make(chan struct{}, 1),
		slots:    make(chan struct{}, inFlight),
	}
	s.url.Store(&c.URL)
	return s
}

// Up tells when the link comes up or goes down. Only the newest state waits
// to be read: a slow reader may miss a short outage, never the present.
func (s *Session) Up() <-chan bool { return s.up }

// Messages are what came in, in the broker's order. Read them always: what
// does not fit into the queue is dropped.
func (s *Session) Messages() <-chan Message { return s.messages }

// Dropped counts the messages that did not fit into the queue.
func (s *Session) Dropped() uint64 { return s.dropped.Load() }

// Hurry skips the present wait for the next try: a person is at the screen.
// One hurry an outage.
func (s *Session) Hurry() {
	select {
	case s.hurry <- struct{}{}:
	default:
	}
}

// Move leaves the broker for the one at another address, without a wait.
func (s *Session) Move(url string) {
	s.url.Store(&url)
	s.last.Store(nil) // it was said of the other
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

// Renew gives the present connection up for lost: what it was connected to
// answers, but does not do its work.
func (s *Session) Renew() {
	if c := s.current.Load(); c != nil {
		c.lost()
	}
}

// Publish hands a message to the broker and waits for its word, QoS 1. That
// word proves nothing about the addressee, nor that the broker let it pass.
func (s *Session) Publish(ctx context.Context, topic string, payload []byte, retained bool) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	c := s.current.Load()
	if c == nil {
		return ErrDown
	}
	return c.publish(ctx, Message{Topic: topic, Payload: payload, Retained: retained})
}

// tell replaces the state that waits to be read. Only Run calls it.
func (s *Session) tell(up bool) {
	select {
	case <-s.up:
	default:
	}
	s.up <- up
}

// take queues a message for the reader, never blocking: paho's goroutine runs
// it. A dropped one is acknowledged, or the broker would stop sending.
func (s *Session) take(m Message) {
	select {
	case s.messages <- m:
	default:
		s.dropped.Add(1)
		m.Ack()
	}
}
