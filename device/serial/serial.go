// Package serial is the field engineers' console: a menu and a command line in
// one, on a serial line, a pseudo terminal or whatever else can be read from
// and written to.
//
// Its words: the line is what the engineer sits at; a verb is a word of the
// command line and a line of the menu at once; a session is from the banner to
// the end, or to the time at which nobody has pressed a key for too long.
//
// It is written for 80 columns, 24 rows and 9600 baud, in ASCII. Nothing that
// it says is about a person or their card: who looks after terminals never
// needs that. What the terminal is, and what its tests find, is for package
// health.
package serial

import (
	"context"
	"errors"
	"io"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/local"
	"unlockpoint/display"
	"unlockpoint/sync/wire"
)

// Config is what the console of one terminal is made of.
type Config struct {
	Terminal Terminal
	Machine  Machine
	Local    *local.Keeper
	// AddressAtRestart: the system takes another address only when the machine
	// is restarted.
	AddressAtRestart bool
	Log              *Log
	// Joins is set for a terminal that is nobody yet: there is no Terminal then.
	Joins Joins
	// Bare is what there is to test where there is no Terminal.
	Bare health.Subject
	// Stopped is why there is no Terminal for now, though it is somebody: its
	// disk is full.
	Stopped  []health.Fault
	Settings string        // of terminal.toml, without anything secret
	Idle     time.Duration // a session ends after so long without a key; 0: 10 minutes
}

// Joins makes a terminal that is nobody yet one of central's.
type Joins interface {
	// Enrol joins with the code that central gave, at a broker's address or
	// where the configuration says, and returns who the terminal is now.
	Enrol(ctx context.Context, code, broker string) (who string, err error)
}

// Terminal is the running terminal.
type Terminal interface {
	health.Subject
	// Account is all that the terminal tells of itself.
	Account(context.Context) (health.Report, error)
	// Page is what people see.
	Page() display.Page
	// Identify draws eyes and ears to the terminal until ctx ends.
	Identify(ctx context.Context) error
	// Report writes a fact for central's audit log, by the words of package wire.
	Report(what string) error
	// Told waits until central has all facts, and says whether it has.
	Told(ctx context.Context) bool
}

// Console serves engineers, one session after the other. It may serve several
// lines at once.
type Console struct{ cfg Config }

// New makes the console of a terminal.
func New(cfg Config) *Console {
	if cfg.Idle == 0 {
		cfg.Idle = 10 * time.Minute
	}
	return &Console{cfg}
}

// Serve is one session on a line of somebody who needs no log-in: from the banner until the engineer leaves,
// nobody has pressed a key for too long, the line ends or ctx does. Reading
// the line has to end when the caller closes it: Serve does not wait for that.
func (c *Console) Serve(ctx context.Context, line io.ReadWriter) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := c.begin(ctx, line)
	s.did(wire.ConsoleLocal)
	return s.serve(ctx)
}

func (c *Console) begin(ctx context.Context, line io.ReadWriter) *session {
	s := &session{Console: c, port: newPort(line, c.cfg.Idle)}
	s.anew(s.key)
	go s.listen(ctx)
	return s
}

// Attend serves one session after the other on a line that stays, such as a
// serial one, until ctx or the line ends. Each begins with a key, and with the
// log-in at the gate; nil: there is nothing to guard.
func (c *Console) Attend(ctx context.Context, line io.ReadWriter, gate *Gate) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := c.begin(ctx, line)
	for s.wakes(ctx) {
		s.anew(s.key)
		s.Printf("\n")
		if gate != nil {
			if !s.logIn(ctx, gate) {
				continue
			}
			s.did(wire.ConsoleIn)
		}
		if err := s.serve(ctx); err != nil {
			return err
		}
	}
	return nil
}

// wakes waits for a key. It is false when there will be none.
func (s *session) wakes(ctx context.Context) bool {
	select {
	case <-s.in:
		return true
	case <-s.ended:
		return false
	case <-ctx.Done():
		return false
	}
}

// errLeft says that the engineer has left.
var errLeft = errors.New("left")
