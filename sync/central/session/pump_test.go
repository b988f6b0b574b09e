package session_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// line is a link in memory, which keeps what was published.
type line struct {
	in  chan link.Message
	out chan session.Out
	err error
}

var _ session.Link = (*line)(nil)

func (l *line) Messages() <-chan link.Message { return l.in }

func (l *line) Publish(ctx context.Context, topic string, payload []byte, retained bool) error {
	if l.err == nil {
		l.out <- session.Out{Topic: topic, Payload: payload, Retained: retained}
	}
	return l.err
}

func TestThePumpKeepsTheOrderOfEachTerminal(t *testing.T) {
	const facts = 20
	h := open(t)
	l := &line{in: make(chan link.Message), out: make(chan session.Out, 10*facts)}
	ctx, cancel := context.WithCancel(t.Context())
	var pump, acked sync.WaitGroup
	pump.Go(func() { h.server.Pump(ctx, l, func() {}) })
	var all []*terminal
	for i := range 5 {
		all = append(all, h.terminal(fmt.Sprint("ward-", i)))
	}
	for i := range facts {
		for _, x := range all {
			acked.Add(1)
			l.in <- link.Message{Topic: x.up("fact"), Payload: x.fact(fmt.Sprint(i)), Ack: acked.Done}
		}
	}
	acked.Wait()
	cancel()
	pump.Wait()
	for i := range facts {
		if n := all[0].taken(fmt.Sprint(i)); n != len(all) {
			t.Errorf("fact %d was taken from %d of %d terminals", i, n, len(all))
		}
	}
	if len(l.out) != facts*len(all) { // no gap was ever complained of
		t.Errorf("%d answers", len(l.out))
	}
}

func TestAMessageThatCannotBeHandledDoesNotStopTheOthers(t *testing.T) {
	x := open(t).terminal("ward-7")
	l := &line{in: make(chan link.Message), out: make(chan session.Out, 10)}
	ctx, cancel := context.WithCancel(t.Context())
	var pump, acked sync.WaitGroup
	pump.Go(func() { x.server.Pump(ctx, l, func() {}) })
	acked.Add(2)
	x.desk.err = fmt.Errorf("disk full")
	note := x.fact("one")
	l.in <- link.Message{Topic: x.up("fact"), Payload: note, Ack: acked.Done}
	l.in <- link.Message{Topic: x.up("req"), Payload: x.helloNote(nil), Ack: acked.Done}
	acked.Wait()
	cancel()
	pump.Wait()
	if out := <-l.out; out.Topic != wire.DownTopic(site, "ward-7", "reply") {
		t.Fatal(out.Topic)
	}
}

func TestTheHeraldTellsEachChangeOnce(t *testing.T) {
	x := open(t).terminal("ward-7")
	l := &line{out: make(chan session.Out, 10)}
	herald := x.server.NewHerald()
	tell := func() {
		t.Helper()
		if err := herald.Tell(t.Context(), l, []string{site}); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	tell()
	if len(l.out) != 1 {
		t.Fatalf("told %d times that there is nothing", len(l.out))
	}
	<-l.out
	x.update(func(tx store.Tx) error { return registry.Tell(tx, site, wire.RegistryChange{Card: "ab"}) })
	tell()
	out := <-l.out
	if out.Topic != wire.HeadTopic(site) || !out.Retained {
		t.Fatalf("%+v", out)
	}
	v, err := x.id.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	var head wire.HeadBody
	if e, err := v.Open(out.Payload, wire.Everyone); err != nil || wire.Decode(e.Body, &head) != nil || head.Head != 1 {
		t.Fatalf("%+v, %v", head, err)
	}

	// A site that could not be told is told the next time, and all are told
	// again when the broker may be another one.
	x.update(func(tx store.Tx) error { return registry.Tell(tx, site, wire.RegistryChange{Card: "cd"}) })
	l.err = link.ErrDown
	if herald.Tell(t.Context(), l, []string{site}) == nil {
		t.Fatal("no error")
	}
	l.err = nil
	tell()
	herald.Forget()
	tell()
	if len(l.out) != 2 {
		t.Fatalf("told %d times", len(l.out))
	}
}
