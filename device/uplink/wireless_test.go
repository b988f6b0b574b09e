package uplink

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"

	"unlockpoint/device/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// wireless is a line straight to a centre, without broker and network, so
// that synctest's clock can run. The test decides when it is up and what gets
// lost.
type wireless struct {
	centre   *centre
	up       chan bool
	messages chan link.Message

	mu   sync.Mutex
	is   bool
	lose func(topic string, payload []byte) bool // what never arrives
	twin func(topic string) bool                 // what arrives twice
	sent [][]byte                                // requests, as bytes

	renewed int
}

var _ line = (*wireless)(nil)

func newWireless(c *centre) *wireless {
	return &wireless{centre: c, up: make(chan bool, 1), messages: make(chan link.Message, 1024)}
}

func (w *wireless) Run(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}
func (w *wireless) Up() <-chan bool               { return w.up }
func (w *wireless) Messages() <-chan link.Message { return w.messages }
func (w *wireless) Err() error                    { return nil }
func (w *wireless) Move(string)                   {}
func (w *wireless) Hurry()                        { w.set(true) }

// Renew makes a connection on which nothing gets lost. The outage is over
// before anybody could notice it.
func (w *wireless) Renew() {
	w.mu.Lock()
	w.renewed++
	w.lose = nil
	w.mu.Unlock()
	w.up <- true
}

// set brings the link up or down.
func (w *wireless) set(up bool) {
	w.mu.Lock()
	w.is = up
	w.mu.Unlock()
	w.up <- up
	synctest.Wait()
}

func (w *wireless) Publish(_ context.Context, topic string, payload []byte, _ bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.is {
		return link.ErrDown
	}
	if topic == wire.UpTopic(site, terminal, wire.ClassReq) {
		w.sent = append(w.sent, payload)
	}
	if w.lost(topic, payload) {
		return nil
	}
	for _, m := range w.centre.hear(topic, payload) {
		w.arrive(m)
	}
	return nil
}

func (w *wireless) lost(topic string, payload []byte) bool {
	return w.lose != nil && w.lose(topic, payload)
}

func (w *wireless) arrive(m link.Message) {
	if w.lost(m.Topic, m.Payload) {
		return
	}
	w.messages <- m
	if w.twin != nil && w.twin(m.Topic) {
		w.messages <- m
	}
}

// say lets central publish.
func (w *wireless) say(m link.Message) {
	w.messages <- m
	synctest.Wait()
}

// asking copies the request notes of a kind that went out.
func (w *wireless) asking(t *testing.T, k wire.Kind) [][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	var notes [][]byte
	for _, raw := range w.sent {
		if e, err := wire.Peek(raw); err != nil {
			t.Error(err)
		} else if e.Kind == k {
			notes = append(notes, raw)
		}
	}
	return notes
}

// scene is a terminal and a central in one bubble of time.
type scene struct {
	t      *testing.T
	centre *centre
	line   *wireless
	store  *store.Store
	up     *Uplink
	end    func() // ends Run and waits
}

// play runs a story. Every goroutine must have ended when it is over:
// synctest sees to it.
func play(t *testing.T, story func(s *scene)) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	synctest.Test(t, func(t *testing.T) {
		c, me := pair(t)
		db, err := store.Open(dir)
		must(t, err)
		defer db.Close()
		s := &scene{t: t, centre: c, line: newWireless(c), store: db}
		s.up = New(Config{Identity: me, Build: "test"}, db)
		s.up.line = s.line
		s.run()
		defer func() { s.end() }()
		story(s)
	})
}

func (s *scene) run() {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.up.Run(ctx) }()
	s.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("run ended: %v", err)
		}
	})
	synctest.Wait()
}

// look asks for a card, as a terminal would.
func (s *scene) look(ctx context.Context) (wire.CardLookReply, error) {
	var r wire.CardLookReply
	err := s.up.Call(ctx, wire.CardLook, wire.CardLookBody{Card: "5901"}, &r)
	return r, err
}

// status is the newest one.
func (s *scene) status() Status {
	s.t.Helper()
	synctest.Wait()
	select {
	case st := <-s.up.Changes():
		return st
	default:
		s.t.Fatal("no change of status")
		return Status{}
	}
}
