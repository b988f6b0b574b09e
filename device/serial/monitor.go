package serial

import (
	"context"
	"fmt"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/display"
)

func monitorVerbs() []verb {
	return []verb{
		{word: "reader", help: "readers and cards as they come and go", run: monitoring(func(r health.Reading) string {
			if r.Reader.Name == "" {
				return "no reader"
			}
			return fmt.Sprintf("%s, may be used: %t, card: %t %s", r.Reader.Name, r.Reader.Approved, r.Reader.Card, r.Reader.Profile)
		})},
		{word: "keys", help: "keys and touches", run: (*session).monitorKeys},
		{word: "link", help: "the line to central as it comes and goes", run: monitoring(func(r health.Reading) string {
			if r.Link.Up {
				return "up"
			}
			return "down: " + r.Link.Why
		})},
	}
}

// look is how often a monitor looks: more often than a person does.
const look = 200 * time.Millisecond

// monitoring makes a command that prints a part of a reading whenever that is
// another one.
func monitoring(part func(health.Reading) string) func(*session, context.Context, []string) error {
	return func(s *session, ctx context.Context, _ []string) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return watch(ctx, s, s.changes(ctx, part), s.stamped)
	}
}

func (s *session) changes(ctx context.Context, part func(health.Reading) string) <-chan string {
	out := make(chan string)
	go func() {
		again := time.NewTicker(look)
		defer again.Stop()
		last := ""
		for {
			r, err := s.cfg.Terminal.Health(ctx)
			if now := part(r); err == nil && now != last {
				select {
				case out <- now:
				case <-ctx.Done():
					return
				}
				last = now
			}
			select {
			case <-again.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (s *session) stamped(text string) {
	s.Printf("%s  %s\n", time.Now().UTC().Format("15:04:05"), plain(text))
}

func (s *session) monitorKeys(ctx context.Context, _ []string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return watch(ctx, s, s.cfg.Terminal.Events(ctx), func(e display.Event) {
		switch {
		case e.Key != "":
			s.stamped("key " + e.Key)
		case e.Touch != nil:
			s.stamped(fmt.Sprintf("finger %d %s at %d,%d", e.Touch.Finger, phases[e.Touch.Phase], e.Touch.X, e.Touch.Y))
		default:
			s.stamped(fmt.Sprintf("character %c", e.Rune))
		}
	})
}

var phases = [...]string{display.Down: "down", display.Move: "moves", display.Up: "up", display.Lost: "lost"}
