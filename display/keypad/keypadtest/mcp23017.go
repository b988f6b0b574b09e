package keypadtest

import (
	"errors"
	"math/rand/v2"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
)

// The registers of one port, in the order of IOCON.BANK = 1 (DS20001952C,
// 3.5.1 to 3.5.11, pages 18 to 24).
const (
	iodir = iota
	ipol
	gpinten
	defval
	intcon
	iocon
	gppu
	intf
	intcap
	pins // GPIO in the data sheet
	olat
	registers
)

// The bits of IOCON (DS20001952C, 3.5.6).
const (
	bank   = 0x80
	mirror = 0x40
	seqop  = 0x20
	odr    = 0x04
	intpol = 0x02
	noBit  = 0x01
)

// MCP23017 is the chip, as an I2C bus that it is alone on. It may be used from
// any goroutine.
type MCP23017 struct {
	// IntA and IntB are the host's pins that INTA and INTB are connected with.
	IntA, IntB *Line

	m       *Matrix
	address uint16
	wires   [16]int // what each pin is connected with, or -1

	// With m.mu:
	ports   [2][registers]byte
	config  byte // IOCON
	pointer byte
	seen    [2]byte // each port, when its interrupt was last ended
	noise   *rand.Rand
	fail    func(transaction int) error
	count   int
	closed  bool
}

var _ i2c.BusCloser = (*MCP23017)(nil)

// NewMCP23017 returns a chip at an address, with its pins connected with rows
// and columns of the matrix: 0 to 7 are GPA0 to GPA7, 8 to 15 GPB0 to GPB7.
func NewMCP23017(m *Matrix, address uint16, rows, columns []int) *MCP23017 {
	c := &MCP23017{m: m, address: address, noise: rand.New(rand.NewPCG(1, 2)), fail: func(int) error { return nil }}
	c.IntA, c.IntB = m.chip("INTA"), m.chip("INTB")
	for i := range c.wires {
		c.wires[i] = -1
	}
	for i, p := range rows {
		c.wires[p] = i
	}
	for i, p := range columns {
		c.wires[p] = m.rows + i
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changed = append(m.changed, c.look)
	c.reset()
	return c
}

// Reset is the chip losing its supply for a moment.
func (c *MCP23017) Reset() {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	c.reset()
}

// Poke sets a register of both ports behind the program's back, as the
// program before it may have left it, or noise; 5 is IOCON.
func (c *MCP23017) Poke(register int, value byte) {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	for p := range c.ports {
		c.store(p, register, value)
	}
	c.drive()
}

// Fail asks before each transaction whether it fails; they are counted from 0.
func (c *MCP23017) Fail(with func(transaction int) error) {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	c.fail, c.count = with, 0
}

// Transactions is how many there were since Fail, or the start.
func (c *MCP23017) Transactions() int {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.count
}

// String names the bus.
func (c *MCP23017) String() string { return "I2C of the model" }

// Close implements i2c.BusCloser.
func (c *MCP23017) Close() error {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	c.closed = true
	return nil
}

// Closed reports whether the bus was let go of.
func (c *MCP23017) Closed() bool {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	return c.closed
}

// SetSpeed implements i2c.Bus.
func (c *MCP23017) SetSpeed(f physic.Frequency) error {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if f > 1700*physic.KiloHertz { // DS20001952C, features
		c.m.complain("the bus runs at %s: 1.7 MHz is the most", f)
	}
	return nil
}

// ErrNoAnswer is a bus on which nobody acknowledges the address.
var ErrNoAnswer = errors.New("no acknowledge")

// Tx implements i2c.Bus. It takes as long as the bus would.
func (c *MCP23017) Tx(address uint16, w, r []byte) error {
	if err := c.begin(address, w, r); err != nil {
		return err
	}
	if len(w) > 0 {
		c.pass(len(w))
		c.take(w)
	}
	if len(r) > 0 {
		c.pass(len(r))
		c.answer(r)
	}
	return nil
}

// begin is the address, which the chip acknowledges or not.
func (c *MCP23017) begin(address uint16, w, r []byte) error {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	n := c.count
	c.count++
	if len(w)+len(r) == 0 {
		c.m.complain("a transaction with nothing in it")
	}
	if err := c.fail(n); err != nil {
		return err
	}
	if address != c.address {
		return ErrNoAnswer
	}
	return nil
}

// pass waits while the address and so many bytes pass, each with its
// acknowledge, at 400 kHz.
func (c *MCP23017) pass(bytes int) { time.Sleep(time.Duration(1+bytes) * 22500 * time.Nanosecond) }

// take is what is written: a register's address and what goes there.
func (c *MCP23017) take(w []byte) {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	c.pointer = w[0]
	for _, b := range w[1:] {
		c.write(b)
	}
	c.drive()
}

// answer is what is read.
func (c *MCP23017) answer(r []byte) {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	for i := range r {
		r[i] = c.read()
	}
}

// next is the port and register that the pointer is at, and moves it on.
func (c *MCP23017) next() (port, register int) {
	at := int(c.pointer)
	port, register = at&1, at>>1
	if c.config&bank != 0 {
		port, register = at>>4, at&0x0F
	}
	if port > 1 || register >= registers {
		c.m.complain("register address %#02x does not exist", at)
		return 0, olat
	}
	c.step()
	return port, register
}

// step moves the pointer on: up and round (DS20001952C, 3.2.2.3, page 14), or
// with SEQOP to the other port and back (3.2.1).
func (c *MCP23017) step() {
	banked := c.config&bank != 0
	switch {
	case c.config&seqop != 0 && banked:
	case c.config&seqop != 0:
		c.pointer ^= 1
	case !banked:
		c.pointer = (c.pointer + 1) % (2 * registers)
	case c.pointer&0x0F == registers-1:
		c.pointer = ^c.pointer & 0x10
	default:
		c.pointer++
	}
}

func (c *MCP23017) write(b byte) {
	p, register := c.next()
	switch register {
	case intf, intcap:
		c.m.complain("register %s can only be read", name(p, register))
		return
	case iocon:
		if b&noBit != 0 {
			c.m.complain("IOCON bit 0 does not exist")
		}
	}
	c.store(p, register, b)
}

// store puts a value where it belongs: IOCON is one register at two
// addresses, and writing to a port writes its output latch (3.5.10, page 23).
func (c *MCP23017) store(p, register int, b byte) {
	switch register {
	case iocon:
		c.config = b &^ noBit
	case pins:
		c.ports[p][olat] = b
	default:
		c.ports[p][register] = b
	}
}

func (c *MCP23017) read() byte {
	p, register := c.next()
	switch register {
	case iocon:
		return c.config
	case intcap:
		defer c.acknowledge(p)
	case pins:
		if c.ports[p][iodir]&0x80 != 0 && c.configured() {
			c.m.complain("%s is read with pin 7 an input: it is an output only (DS20001952D)", name(p, register))
		}
		defer c.acknowledge(p)
		return c.levels(p)
	}
	return c.ports[p][register]
}

// configured tells a chip that was set up from one after a reset.
func (c *MCP23017) configured() bool { return c.ports[0][gppu]|c.ports[1][gppu] != 0 }

func name(p, register int) string {
	return [...]string{
		"IODIR", "IPOL", "GPINTEN", "DEFVAL", "INTCON", "IOCON", "GPPU", "INTF", "INTCAP", "GPIO", "OLAT",
	}[register] + string(rune('A'+p))
}

func (c *MCP23017) reset() {
	c.ports, c.config, c.pointer = [2][registers]byte{}, 0, 0
	c.ports[0][iodir], c.ports[1][iodir] = 0xFF, 0xFF
	c.drive()
}

// drive does to the wires what the registers say.
func (c *MCP23017) drive() {
	for i, w := range c.wires {
		if w < 0 {
			continue
		}
		port, bit := &c.ports[i/8], byte(1)<<(i%8)
		switch {
		case port[iodir]&bit == 0 && port[olat]&bit == 0:
			c.m.wires[w].drive = low
		case port[iodir]&bit == 0:
			c.m.wires[w].drive = high
		case port[gppu]&bit != 0:
			c.m.wires[w].drive = pulled
		default:
			c.m.wires[w].drive = open
		}
	}
	c.m.settle()
}

// levels is what a port reads: outputs as they are driven, inputs as their
// wires are, and what nothing gives a level as it falls.
func (c *MCP23017) levels(p int) byte {
	var all byte
	for i := range 8 {
		bit := byte(1) << i
		w := c.wires[p*8+i]
		switch {
		case c.ports[p][iodir]&bit == 0:
			all |= c.ports[p][olat] & bit
		case w < 0 && c.ports[p][gppu]&bit != 0:
			all |= bit
		case w < 0 || !c.m.fed(w):
			all |= byte(c.noise.Uint32()) & bit
		case c.m.read(w) == gpio.High:
			all |= bit
		}
	}
	return all ^ c.ports[p][ipol]&c.ports[p][iodir]
}

// look raises interrupts where inputs changed (DS20001952C, 3.6.4 and 3.6.5,
// page 25).
func (c *MCP23017) look() {
	for p := range c.ports {
		port := &c.ports[p]
		if port[intf] != 0 {
			continue // not before the first was ended
		}
		watched := port[iodir] & port[gpinten]
		if watched == 0 {
			continue
		}
		now := c.levels(p)
		if moved := (now ^ c.base(p)) & watched; moved != 0 {
			port[intf], port[intcap] = moved, now
		}
	}
	c.ring()
}

// base is what inputs are compared with.
func (c *MCP23017) base(p int) byte {
	port := c.ports[p]
	return port[defval]&port[intcon] | c.seen[p]&^port[intcon]
}

// acknowledge ends a port's interrupt; the levels now are what the next
// change is seen against. Where INTCON compares with DEFVAL it comes again.
func (c *MCP23017) acknowledge(p int) {
	c.ports[p][intf] = 0
	c.seen[p] = c.levels(p)
	c.look()
}

// ring moves the interrupt pins.
func (c *MCP23017) ring() {
	a, b := c.ports[0][intf] != 0, c.ports[1][intf] != 0
	if c.config&mirror != 0 {
		a, b = a || b, a || b
	}
	rest := gpio.Level(c.config&intpol == 0 || c.config&odr != 0)
	c.IntA.give(rest != gpio.Level(a))
	c.IntB.give(rest != gpio.Level(b))
}
