// Package operator is an operator's end of the line to central: it signs acts
// and opens the answers.
//
// Its words: an act is asked with [Line.Ask] and answered once. It goes out
// again, as the same bytes, until its answer is there; central does it once.
// It ends a while after it was signed, by central's clock: to one whose own
// clock differs, central says its time, and the act is signed anew by that.
//
// The broker is believed in nothing: what is not signed by the pinned central
// and sealed to this operator is dropped. Each Line is a client of its own at
// the broker, so one operator may run several programs at a time.
package operator

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

const (
	again    = 5 * time.Second // after which what was not answered goes out again
	actHolds = 2 * time.Minute // from signing; longer than anybody waits
)

// Errors of Ask.
var (
	ErrNoBroker = errors.New("the broker cannot be reached")
	ErrSilent   = errors.New("central does not answer")
)

// RefusedError is central's no, in lines that a person can act on.
type RefusedError struct {
	Refusal wire.Refusal
	Why     []string
}

func (e *RefusedError) Error() string {
	if len(e.Why) == 0 {
		return "central refused: " + string(e.Refusal)
	}
	return strings.Join(e.Why, "\n")
}

// Line is one operator's line. Its methods may be called from any goroutine
// while Run runs.
type Line struct {
	badge   wire.Badge
	signer  wire.Signer
	central wire.Verifier
	seal    wire.SealKey
	session *link.Session
	up      chan struct{} // closed when the broker was reached for the first time
	news    chan struct{} // holds one: there are new events
	down    atomic.Bool   // the link to the broker, after it was up
	moved   chan struct{} // holds one: it came up or went down
	ahead   atomic.Int64  // of central's clock before ours, in ns

	mu      sync.Mutex // Ask adds and removes, hear looks up
	waiting map[string]*question
}

// question is an act on its way.
type question struct {
	kind  wire.Kind
	parts wire.Parts
	done  chan wire.Answer // holds one
}

// New makes a line. Nothing happens before Run.
func New(b wire.Badge) (*Line, error) {
	l, err := newLine(b)
	if err != nil {
		return nil, fmt.Errorf("making a line to central: %w", err)
	}
	return l, nil
}

func newLine(b wire.Badge) (*Line, error) {
	signer, err := b.Signer()
	if err != nil {
		return nil, err
	}
	central, err := b.Verifier()
	if err != nil {
		return nil, err
	}
	seal, err := wire.ParseSealKey(b.SealKey)
	if err != nil {
		return nil, err
	}
	secure, err := secured(b.MQTT)
	if err != nil {
		return nil, err
	}
	return &Line{badge: b, signer: signer, central: central, seal: seal,
		session: link.New(link.Config{URL: b.MQTT.URL, ClientID: b.ID + "-" + strings.ToLower(rand.Text()[:8]),
			User: b.MQTT.User, Password: b.MQTT.Password, TLS: secure, Subscribe: wire.OperatorTopics(b.ID),
			Wait: link.Wait{Most: 5 * time.Second}}), // somebody sits in front of it
		up: make(chan struct{}), news: make(chan struct{}, 1), moved: make(chan struct{}, 1), waiting: map[string]*question{}}, nil
}

// secured is the configuration for a broker that is reached by TLS.
func secured(m wire.MQTT) (*tls.Config, error) {
	if m.Certificate != "" {
		return m.TLS()
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	if m.CA == "" {
		return config, nil
	}
	text, err := os.ReadFile(m.CA)
	if err != nil {
		return nil, fmt.Errorf("reading the broker's authority: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("reading the broker's authority: no certificate in %s", m.CA)
	}
	return config, nil
}

// Run keeps the line up until ctx ends. Call it once.
func (l *Line) Run(ctx context.Context) {
	var lines sync.WaitGroup
	lines.Go(func() { l.session.Run(ctx) }) // it returns ctx's error
	defer lines.Wait()
	reached := sync.OnceFunc(func() { close(l.up) })
	for {
		select {
		case <-ctx.Done():
			return
		case up := <-l.session.Up():
			if up {
				reached()
			}
			l.down.Store(!up)
			full(l.moved)
		case m := <-l.session.Messages():
			l.hear(m)
			m.Ack()
		}
	}
}

// Ask has central do an act and decodes its result into what result points
// to, unless that is nil. Give ctx a limit. The errors are *RefusedError,
// ErrNoBroker, ErrSilent, and ctx's own when it was cancelled.
func (l *Line) Ask(ctx context.Context, kind wire.Kind, body, result any) error {
	a, err := l.ask(ctx, kind, body)
	if err == nil && a.Refused == wire.Expired {
		l.ahead.Store(int64(time.Until(a.Time)))
		a, err = l.ask(ctx, kind, body)
	}
	if err != nil {
		return fmt.Errorf("asking for %q: %w", kind.Typed(), err)
	}
	if a.Refused != "" {
		return &RefusedError{a.Refused, a.Why}
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(a.Result, result); err != nil {
		return fmt.Errorf("reading the answer to %q: %w", kind.Typed(), err)
	}
	return nil
}

// Now is central's time, as far as it is known.
func (l *Line) Now() time.Time { return time.Now().Add(time.Duration(l.ahead.Load())) }

func (l *Line) ask(ctx context.Context, kind wire.Kind, body any) (wire.Answer, error) {
	note, id, err := l.sign(kind, body)
	if err != nil {
		return wire.Answer{}, err
	}
	q := &question{kind: kind, done: make(chan wire.Answer, 1)}
	l.remember(id, q)
	defer l.remember(id, nil)
	select {
	case <-l.up:
	case <-ctx.Done():
		return wire.Answer{}, l.unreached(ctx)
	}
	for {
		if err := l.session.Publish(ctx, wire.OperatorTopic(l.badge.ID, wire.ClassAct), note, false); ctx.Err() != nil {
			return wire.Answer{}, l.unreached(ctx)
		} else if err != nil && !errors.Is(err, link.ErrDown) && !errors.Is(err, link.ErrLost) {
			return wire.Answer{}, err
		}
		retry := time.NewTimer(again)
		select {
		case a := <-q.done:
			retry.Stop()
			return a, nil
		case <-ctx.Done():
			retry.Stop()
			return wire.Answer{}, l.silent(ctx)
		case <-retry.C:
		}
	}
}

// unreached says why nothing was sent in time.
func (l *Line) unreached(ctx context.Context) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return l.unlinked()
}

// unlinked says why there is no link to the broker, as far as that is known.
func (l *Line) unlinked() error {
	if why := l.session.Err(); why != nil {
		return fmt.Errorf("%w at %s: %w", ErrNoBroker, l.badge.MQTT.URL, why)
	}
	return fmt.Errorf("%w at %s", ErrNoBroker, l.badge.MQTT.URL)
}

func (l *Line) silent(ctx context.Context) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || l.down.Load() {
		return l.unreached(ctx)
	}
	return ErrSilent
}

func (l *Line) sign(kind wire.Kind, body any) (note []byte, id string, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, "", err
	}
	e := wire.Envelope{Kind: kind, ID: wire.NewID(), From: l.badge.ID, To: wire.Central,
		Exp: l.Now().Add(actHolds).UTC().Truncate(time.Second)}
	if e.Sealed, err = wire.Seal(l.badge.Central.SealKey, l.badge.Realm, e, text); err != nil {
		return nil, "", err
	}
	note, err = l.signer.Sign(e)
	return note, e.ID, err
}

// remember notes that an act waits for its answer; nil: not any more.
func (l *Line) remember(id string, q *question) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q == nil {
		delete(l.waiting, id)
		return
	}
	l.waiting[id] = q
}
