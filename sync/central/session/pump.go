package session

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

const (
	lanes        = 8  // terminals served at a time; the store has one writer anyway
	counters     = 4  // operators served at a time: no terminal waits behind a long list
	laneLength   = 32 // messages that may wait in a lane
	publishLimit = 10 * time.Second
)

// Link is the line to the broker.
type Link interface {
	Messages() <-chan link.Message
	Publish(ctx context.Context, topic string, payload []byte, retained bool) error
}

// Pump receives what comes in from the link and publishes the answers, until
// ctx ends. Messages of one sender are handled one after the other, in order.
// After each, done is called: something may have changed.
func (s *Server) Pump(ctx context.Context, l Link, done func()) {
	var work sync.WaitGroup
	queues := make([]chan link.Message, lanes+counters)
	for i := range queues {
		queues[i] = make(chan link.Message, laneLength)
		work.Go(func() {
			for m := range queues[i] {
				s.one(ctx, l, m)
				done()
			}
		})
	}
	deal(ctx, l.Messages(), queues)
	work.Wait()
}

// deal puts each message into its sender's lane, and closes the lanes at
// the end.
func deal(ctx context.Context, in <-chan link.Message, queues []chan link.Message) {
	defer func() {
		for _, q := range queues {
			close(q)
		}
	}()
	seed := maphash.MakeSeed()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-in:
			select {
			case queues[lane(seed, m.Topic)] <- m:
			case <-ctx.Done():
				return
			}
		}
	}
}

// lane is the queue of a topic's sender.
func lane(seed maphash.Seed, topic string) uint64 {
	if operator, ok := wire.ParseAct(topic); ok {
		return lanes + maphash.String(seed, operator)%counters
	}
	_, terminal, _, _ := wire.ParseUp(topic)
	return maphash.String(seed, terminal) % lanes
}

// one handles a message. It is acknowledged even when we could not serve it:
// the broker would hold back all others, and its sender sends it again.
func (s *Server) one(ctx context.Context, l Link, m link.Message) {
	defer m.Ack()
	if ctx.Err() != nil {
		return
	}
	out, err := s.Receive(ctx, m.Topic, m.Payload)
	if err != nil {
		if ctx.Err() == nil {
			s.Metrics.faults.Inc()
			s.Log.Error("a message could not be handled", "err", err)
		}
		return
	}
	for _, o := range out {
		s.publish(ctx, l, o)
	}
}

// publish sends an answer. One that does not get out is asked for again.
func (s *Server) publish(ctx context.Context, l Link, o Out) {
	limited, cancel := context.WithTimeout(ctx, publishLimit)
	defer cancel()
	if err := l.Publish(limited, o.Topic, o.Payload, o.Retained); err != nil && ctx.Err() == nil {
		s.Log.Warn("an answer did not get out", "topic", o.Topic, "err", err)
	}
}
