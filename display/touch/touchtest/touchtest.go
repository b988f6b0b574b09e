// Package touchtest has touch controllers as their datasheets describe them:
// models that speak the bus, drive the interrupt, and keep time. What a driver
// must not do they write down as complaints.
//
// A test puts fingers on the glass with Touch, in the units the controller
// counts in, and makes faults: lost interrupts, noise, a bus that fails, a
// controller that resets itself.
package touchtest

import (
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

// chip is what every model has.
type chip struct {
	mu         sync.Mutex // guards the whole model: its test is another goroutine
	name       string
	complaints []string
	fail       error // what every transfer says, if anything
	lost       int   // every so many transfers one is; 0: none
	on         []image.Point
	transfers  int
}

func (c *chip) complain(format string, args ...any) {
	c.complaints = append(c.complaints, c.name+": "+fmt.Sprintf(format, args...))
}

// Complaints are the rules that were broken.
func (c *chip) Complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.complaints
}

// Break makes every transfer fail, or with nil work again.
func (c *chip) Break(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = err
}

// Lose makes one in so many transfers fail, as noise does; 0 is none.
func (c *chip) Lose(oneIn int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost = oneIn
}

// transfer counts one, and says why it fails.
func (c *chip) transfer() error {
	c.transfers++
	if c.lost > 0 && c.transfers%c.lost == 0 {
		return errors.New("lost")
	}
	return c.fail
}

// Transfers is how many there were on the bus.
func (c *chip) Transfers() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.transfers
}

// MaxTxSize is the smallest limit that is about; conn.Limits.
const maxTxSize = 64

// Pin is a line between a controller and the host. The controller's side is
// set by the model.
type Pin struct {
	gpio.PinIO // what nobody needs

	mu         sync.Mutex // guards all below
	name       string
	level      gpio.Level
	rest       gpio.Level // what the controller drives
	edge       gpio.Edge
	edges      chan struct{}
	deaf       bool // edges get lost
	plain      bool // the line cannot report edges
	out        bool // the host drives it
	complaints []string
	driven     func(gpio.Level) // the model hears of what the host drives
}

// NewPin returns a line that is high.
func NewPin(name string) *Pin {
	return &Pin{PinIO: gpio.INVALID, name: name, level: gpio.High, rest: gpio.High, edges: make(chan struct{}, 1024)}
}

// Deafen makes edges get lost, or come again.
func (p *Pin) Deafen(deaf bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = deaf
}

// Plain makes a line that cannot report edges.
func (p *Pin) Plain() *Pin {
	p.plain = true
	return p
}

// Complaints are the rules that were broken.
func (p *Pin) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.complaints
}

func (p *Pin) complain(format string, args ...any) {
	p.complaints = append(p.complaints, p.name+": "+fmt.Sprintf(format, args...))
}

// set is the controller's side.
func (p *Pin) set(l gpio.Level) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out {
		p.complain("both ends drive it")
		return
	}
	p.rest = l
	if p.level == l {
		return
	}
	p.level = l
	wanted := p.edge == gpio.BothEdges || p.edge == gpio.RisingEdge && l == gpio.High || p.edge == gpio.FallingEdge && l == gpio.Low
	if !wanted || p.deaf {
		return
	}
	select {
	case p.edges <- struct{}{}:
	default: // the kernel keeps a few as well
	}
}

// pulse is the controller's side, to a level and back.
func (p *Pin) pulse(to gpio.Level) {
	p.set(!to)
	p.set(to)
	p.set(!to)
}

// Name implements pin.Pin.
func (p *Pin) Name() string { return p.name }

// String implements conn.Resource.
func (p *Pin) String() string { return p.name }

// Halt implements conn.Resource.
func (p *Pin) Halt() error { return nil }

// In implements gpio.PinIn.
func (p *Pin) In(_ gpio.Pull, edge gpio.Edge) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.plain && edge != gpio.NoEdge {
		return fmt.Errorf("%s has no edges", p.name)
	}
	p.out, p.edge, p.level = false, edge, p.rest
	return nil
}

// Read implements gpio.PinIn.
func (p *Pin) Read() gpio.Level {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.level
}

// WaitForEdge implements gpio.PinIn.
func (p *Pin) WaitForEdge(timeout time.Duration) bool {
	p.mu.Lock()
	if p.edge == gpio.NoEdge {
		p.complain("waiting for an edge that was not asked for")
	}
	if timeout <= 0 {
		p.complain("a wait of %s is for ever on some lines", timeout)
	}
	p.mu.Unlock()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-p.edges:
		return true
	case <-timer.C:
		return false
	}
}

// Out implements gpio.PinOut.
func (p *Pin) Out(l gpio.Level) error {
	p.mu.Lock()
	p.out, p.level = true, l
	driven := p.driven
	p.mu.Unlock()
	if driven != nil {
		driven(l)
	}
	return nil
}
