package operator

import (
	"encoding/json"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// hear takes one message. What is not central's, or not for this program, is
// dropped.
func (l *Line) hear(m link.Message) {
	if m.Topic != wire.OperatorTopic(l.badge.ID, wire.ClassAnswer) {
		return
	}
	e, err := l.central.Open(m.Payload, l.badge.ID)
	if err != nil || e.Sealed == nil {
		return
	}
	plain, err := l.seal.Unseal(l.badge.Realm, e, *e.Sealed)
	if err != nil {
		return
	}
	if e.Kind == wire.Events {
		full(l.news)
		return
	}
	l.answered(e, plain)
}

// full wakes who waits at a channel that holds one.
func full(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// answered takes a part of an answer.
func (l *Line) answered(e wire.Envelope, plain []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.waiting[e.Re]
	var part wire.Part
	if q == nil || e.Kind != q.kind.Reply() || wire.Decode(plain, &part) != nil {
		return
	}
	whole, done, err := q.parts.Take(part)
	if err != nil || !done {
		return
	}
	var a wire.Answer
	if json.Unmarshal(whole, &a) != nil {
		return
	}
	select {
	case q.done <- a:
	default: // it came twice
	}
}
