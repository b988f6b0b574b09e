package health

import (
	"context"
	"errors"

	"unlockpoint/display"
)

// Nobody is a terminal that is not enrolled: it has a network, and may know the
// address of the broker at which it is going to enrol. It stands no other test.
type Nobody struct{ Broker string }

var _ Subject = Nobody{}

var errNobody = errors.New("the terminal is not enrolled")

// Health tells of the broker.
func (n Nobody) Health(context.Context) (Reading, error) {
	return Reading{Link: Link{Broker: n.Broker}}, nil
}

// ProbeStore implements Subject: there is none.
func (Nobody) ProbeStore() error { return errNobody }

// ProbeCentral implements Subject: there is none.
func (Nobody) ProbeCentral(context.Context) error { return errNobody }

// Show implements Subject: the panel says that the terminal is not set up.
func (Nobody) Show(context.Context, display.Page) error { return errNobody }

// Events implements Subject: nobody waits for any.
func (Nobody) Events(context.Context) <-chan display.Event { return nil }
