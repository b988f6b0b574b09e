package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/sync/operator"
)

// page keeps what was written; it may be read meanwhile.
type page struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *page) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// shows is what stands on it now.
func (s *page) shows() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	pictures := strings.Split(s.text.String(), clear)
	return pictures[len(pictures)-1]
}

// Who looks on is told that nothing is heard, within seconds, and sees on by
// themselves when it is over.
func TestWhoLooksOnIsToldThatNothingIsHeard(t *testing.T) {
	w := newWorld(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	var runs, copies sync.WaitGroup
	var watch, events, errs page
	copies.Go(func() { io.Copy(&watch, master) }) // it ends with an error, as terminals do
	t.Cleanup(func() { cancel(); runs.Wait(); tty.Close(); master.Close(); copies.Wait() })
	look := func(out, errs io.Writer, args ...string) {
		runs.Go(func() {
			if err := Run(ctx, append([]string{"--as", w.Badge(), "--timeout", "60s"}, args...), out, errs); err != nil {
				t.Errorf("fleet %v ended: %v", args, err)
			}
		})
	}
	look(tty, io.Discard, "watch")
	look(&events, &errs, "events", "-f")
	w.terminal(0)
	hospitaltest.Await(t, "that one comes", func() bool {
		return strings.Contains(watch.shows(), "online") && strings.Contains(events.shows(), "online")
	})

	w.Mosquitto.Stop()
	hospitaltest.Await(t, "a word that nothing is heard", func() bool {
		return strings.Contains(watch.shows(), "Nothing heard of central since") && strings.Contains(watch.shows(), "ward7-1") &&
			strings.Contains(errs.shows(), "Nothing heard of central since")
	})
	if _, err := run(t.Context(), "--as", w.Badge(), "--timeout", "1s", "events", "-f"); !errors.Is(err, operator.ErrNoBroker) {
		t.Errorf("without a broker from the start: %v", err)
	}
	w.Mosquitto.Start()
	hospitaltest.Await(t, "central to be heard again", func() bool {
		return strings.Contains(watch.shows(), "TERMINAL") && !strings.Contains(watch.shows(), "Nothing heard") &&
			strings.Contains(errs.shows(), "heard again")
	})
}
