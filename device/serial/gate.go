package serial

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"unlockpoint/sync/wire"
)

const (
	triesOfGate = 5
	firstRest   = time.Minute
	longestRest = time.Hour
)

// Gate lets in who can answer a challenge: an engineer for whom an operator
// asked central. After 5 wrong answers in a row it rests, longer each time.
//
// What it has counted is gone after a power cut. That does not help to guess
// one answer among 2^45.
type Gate struct {
	terminal string
	key      []byte
	now      func() time.Time

	mu    sync.Mutex
	wrong int // answers in a row
	rest  time.Duration
	until time.Time // of the rest
}

// NewGate is the gate of a terminal, with the key that central made for its
// console. now is the clock that rests are measured by; nil means time.Now.
func NewGate(terminal string, key []byte, now func() time.Time) *Gate {
	if now == nil {
		now = time.Now
	}
	return &Gate{terminal: terminal, key: key, now: now}
}

// Why somebody is not let in.
var (
	errNoKey = errors.New("this terminal has no key for its console: enrol it again, or be root on it and run \"terminal console\"")
	errWrong = errors.New("wrong")
)

// open says whether anybody can be let in now.
func (g *Gate) open() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch left := g.until.Sub(g.now()); {
	case len(g.key) == 0:
		return errNoKey
	case left > 0:
		return fmt.Errorf("too many wrong answers: try again in %s", spoken(left.Round(time.Second)))
	}
	return nil
}

// try takes an answer to a challenge. One that was mistyped costs nothing.
func (g *Gate) try(challenge, typed string) error {
	if err := g.open(); err != nil {
		return err
	}
	right, err := wire.RightAnswer(g.key, g.terminal, challenge, typed)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if right {
		g.wrong, g.rest = 0, 0
		return nil
	}
	if g.wrong++; g.wrong == triesOfGate {
		g.wrong, g.rest = 0, min(max(firstRest, 2*g.rest), longestRest)
		g.until = g.now().Add(g.rest)
	}
	return errWrong
}

// logIn shows a challenge, in few words as the line may be slow, until it is answered. It says whether it was.
func (s *session) logIn(ctx context.Context, g *Gate) bool {
	if err := g.open(); err != nil {
		s.say("%v.", err)
		return false
	}
	challenge := wire.NewChallenge()
	s.say("Terminal %s, challenge %s.", g.terminal, wire.Spaced(challenge))
	s.say("Ask central IT: fleet console respond %s %s", g.terminal, wire.Spaced(challenge))
	for {
		typed, err := s.ask(ctx, "Answer: ")
		if err != nil || typed == "" {
			return false
		}
		if err = g.try(challenge, typed); err == nil {
			return true
		}
		s.say("%v.", err)
		if g.open() != nil {
			s.did(wire.ConsoleWrong)
			return false
		}
	}
}
