// Package enrol makes a terminal's keys and has it join: with the one-time
// code that an engineer types, or that lies on the boot partition, it becomes
// a terminal of one central, and knows whom to believe.
//
// Its words: the keys are made here and never leave the machine; to join is
// to send their public halves to central and to get an identity back, which
// is written as one file.
//
// The way to central is not believed in: before it has joined, a terminal
// knows no authority that could vouch for the broker. The code does instead.
// Both ends hold its secret half and send it nowhere: each text carries a MAC
// under a key of it, so whoever sits between can read the request, which has
// public keys only, and can answer nothing; the reply is sealed to the
// terminal besides.
package enrol

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Config of one joining. Code, URL and Identity are needed.
type Config struct {
	Code     wire.EnrolCode
	URL      string // of the broker's enrolment listener
	Identity string // path of the file that is made; the keys lie beside it
	Name     string // the id to ask for; central may have decided another
	Build    string

	Again    time.Duration // after which what was not answered goes out again; 3 s
	Progress chan<- Step   // hears how far it is; nil: nobody. It has to be read.
}

// Step is how far a joining is.
type Step string

// The steps, in their order.
const (
	KeysReady Step = "keys ready"
	Connected Step = "broker reached"
	Answered  Step = "central answered"
	Saved     Step = "identity saved"
)

// Why a terminal does not join.
var (
	ErrEnrolled = errors.New("this terminal has an identity already")
	ErrNoBroker = errors.New("the broker cannot be reached")
	ErrSilent   = errors.New("central does not answer: compare the code with the one that it gave, and look whether central runs")
)

// RefusedError is central's no to a genuine code.
type RefusedError struct{ Refusal wire.Refusal }

func (e *RefusedError) Error() string {
	switch e.Refusal {
	case wire.CodeEnded:
		return "the code is older than a day: have central give a new one"
	case wire.CodeUsed:
		return "another device has used this code: tell central IT, and have central give a new one"
	case wire.NameTaken:
		return "there is, or was, a terminal of this name: choose another, or have central give a code for another"
	}
	return "central refuses: " + string(e.Refusal)
}

// Join enrols the terminal and saves its identity. Give ctx a time limit: it
// asks until then. It may be called again with the same code after whatever
// went wrong, a power cut included.
func Join(ctx context.Context, c Config) (wire.Enrolled, error) {
	if c.Again == 0 {
		c.Again = 3 * time.Second
	}
	got, err := c.join(ctx)
	if err != nil {
		return wire.Enrolled{}, fmt.Errorf("enrol the terminal: %w", err)
	}
	return got, nil
}

func (c Config) join(ctx context.Context) (got wire.Enrolled, err error) {
	if _, err := os.Lstat(c.Identity); err == nil {
		return got, fmt.Errorf("%w: %s; to enrol it anew, retire it at central and move the file away", ErrEnrolled, c.Identity)
	}
	keys, err := LoadKeys(c.Identity)
	if err != nil {
		return got, err
	}
	c.tell(ctx, KeysReady)
	request, err := keys.request(c.Name, c.Build)
	if err != nil {
		return got, err
	}
	payload, err := c.Code.Write(wire.EnrolAsks, request)
	if err != nil {
		return got, err
	}
	reply, err := c.ask(ctx, payload)
	if err != nil {
		return got, err
	}
	c.tell(ctx, Answered)
	if got, err = c.open(keys, reply); err != nil {
		return got, err
	}
	if err := identity(keys, got).Save(c.Identity); err != nil {
		return got, err
	}
	c.tell(ctx, Saved)
	return got, os.Remove(KeysFile(c.Identity)) // the identity has them now
}

func (c Config) tell(ctx context.Context, s Step) {
	if c.Progress == nil {
		return
	}
	select {
	case c.Progress <- s:
	case <-ctx.Done():
	}
}

// ask sends the request until a reply comes that was written with the code.
func (c Config) ask(ctx context.Context, payload []byte) (wire.EnrolReply, error) {
	line := link.New(link.Config{URL: c.URL, ClientID: c.Code.ID, TLS: unverified(),
		Subscribe: []string{wire.EnrolReplyTopic(c.Code.ID)}, Wait: link.Wait{Most: 5 * time.Second}})
	online, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = line.Run(online) // its end is ours
	}()
	defer func() { hangUp(); <-ended }()
	return c.converse(ctx, line, payload)
}

// unverified takes any broker: see the package's comment.
func unverified() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}
}

func (c Config) converse(ctx context.Context, line *link.Session, payload []byte) (reply wire.EnrolReply, err error) {
	again := time.NewTicker(c.Again)
	defer again.Stop()
	up, reached := false, false
	for {
		select {
		case <-ctx.Done():
			return reply, c.inVain(ctx, line, reached)
		case up = <-line.Up():
			if up && !reached {
				reached = true
				c.tell(ctx, Connected)
			}
		case m := <-line.Messages():
			m.Ack()
			if c.Code.Read(wire.EnrolAnswers, m.Payload, &reply) == nil {
				return reply, nil
			}
			continue // somebody else's words
		case <-again.C:
		}
		if up {
			// What gets lost is sent again.
			_ = line.Publish(ctx, wire.EnrolRequestTopic(c.Code.ID), payload, false)
		}
	}
}

// inVain says why there was no answer.
func (c Config) inVain(ctx context.Context, line *link.Session, reached bool) error {
	switch {
	case !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return ctx.Err()
	case reached:
		return ErrSilent
	}
	if why := line.Err(); why != nil {
		return fmt.Errorf("%w at %s: %w", ErrNoBroker, c.URL, why)
	}
	return fmt.Errorf("%w at %s", ErrNoBroker, c.URL)
}

// open reads a genuine reply.
func (c Config) open(keys Keys, reply wire.EnrolReply) (got wire.Enrolled, err error) {
	if reply.Refused != "" {
		return got, &RefusedError{reply.Refused}
	}
	own, err := wire.ParseSealKey(keys.Seal)
	if err != nil {
		return got, err
	}
	if reply.V != wire.Version || reply.Sealed == nil {
		return got, errors.New("central answers in another version: this program is too old or too new for it")
	}
	plain, err := own.Unseal("", wire.EnrolContext(c.Code.ID), *reply.Sealed)
	if err != nil {
		return got, err
	}
	return got, wire.Decode(plain, &got)
}

// identity is the file that the terminal starts with.
func identity(keys Keys, e wire.Enrolled) wire.Identity {
	return wire.Identity{
		Realm: e.Realm, Site: e.Site.ID, ID: e.ID, Name: e.Name, NoteKey: keys.Note, SealKey: keys.Seal,
		Central: e.Central, RegistryKey: e.RegistryKey, ConsoleKey: e.ConsoleKey, Root: e.Root, Keys: e.Keys,
		MQTT: wire.MQTT{URL: e.URL, User: e.ID, Authority: e.Authority, Certificate: e.Certificate, Key: keys.TLS},
	}
}
