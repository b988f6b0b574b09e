package link

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAFleetDoesNotComeBackAtOnce(t *testing.T) {
	w := Wait{First: 20 * time.Second}
	for try, want := range []time.Duration{20 * time.Second, 1 * time.Second, 2 * time.Second, 4 * time.Second} {
		if got := w.limit(try); got != want {
			t.Errorf("try %d waits at most %v, want %v", try, got, want)
		}
	}
	if got := w.limit(1000); got != 300*time.Second {
		t.Errorf("the longest wait is %v", got)
	}
}

func TestAWaitStaysWithinItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Wait{Step: time.Second, Most: 8 * time.Second}
		for try := range 20 {
			start := time.Now()
			w.sleep(t.Context(), try, nil, nil)
			if took := time.Since(start); took > w.limit(try) {
				t.Errorf("try %d waited %v", try, took)
			}
		}
	})
}

func TestHurryCutsAWaitShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Config{})
		s.Hurry()
		start := time.Now()
		w := Wait{First: time.Hour}
		if !w.sleep(context.Background(), 0, s.hurry, nil) || time.Since(start) != 0 {
			t.Error("hurry did not cut the wait short")
		}
		w.sleep(context.Background(), 0, nil, nil)
		if time.Since(start) == 0 {
			t.Error("a second hurry has nothing to cut")
		}
	})
}

// What paho cannot send, it may have lost its line without a word.
func TestWhatCannotBeWrittenEndsTheConnection(t *testing.T) {
	c := New(Config{URL: "mqtt://127.0.0.1:1", ClientID: "wall-1"}).newConnection(t.Context())
	if err := c.publish(t.Context(), Message{Topic: "a"}); !errors.Is(err, ErrLost) {
		t.Errorf("it is published: %v", err)
	}
	select {
	case <-c.gone:
	default:
		t.Error("it goes on")
	}
}
