package keypad

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
)

// The registers of an MCP23017 with IOCON.BANK = 0, each a pair for ports A
// and B: Microchip DS20001952C, 3.2.1, and 3.5.1 to 3.5.11, pages 18 to 24.
const (
	iodir    = 0x00 // 3.5.1: 1 is an input
	ipol     = 0x02 // 3.5.2: 1 turns the level over
	gpinten  = 0x04 // 3.5.3: 1 lets an input interrupt
	defval   = 0x06 // 3.5.4: what it is compared with, where INTCON says so
	intcon   = 0x08 // 3.5.5: 0 interrupts at every change
	iocon    = 0x0A // 3.5.6
	gppu     = 0x0C // 3.5.7: 1 pulls an input up
	intf     = 0x0E // 3.5.8: which pin interrupted
	intcap   = 0x10 // 3.5.9: the port at that moment; reading it ends the interrupt
	port     = 0x12 // 3.5.10: GPIO, the port now; reading it ends the interrupt too
	olat     = 0x14 // 3.5.11: what outputs drive
	settings = intf // so many registers from 0 on are ours to set
	readings = olat // so many from 0 on are read in a look
)

// mirrored lets either of INTA and INTB tell of both ports (IOCON.MIRROR,
// 3.6.1.1, page 24); all else in IOCON is as after a reset: pairs one after the
// other, interrupts active low.
const mirrored = 0x40

// outputsOnly are GPA7 and GPB7, which revision D of the data sheet
// (DS20001952D) takes inputs away from: a change there may upset the bus.
const outputsOnly = 0x8080

// errReset is the chip in another state than it was set up in: it lost its
// supply for a moment, or the bus garbled a write.
var errReset = errors.New("the MCP23017 has lost its settings")

// expander is a matrix behind an MCP23017. Bits 0 to 7 of its words are port
// A, 8 to 15 port B.
type expander struct {
	dev           i2c.Dev
	rows, columns []uint16   // one bit each
	interrupt     gpio.PinIO // may be nil
	unheard       int        // interrupts in a row that its level did not show
	log           *slog.Logger
	closer        io.Closer
}

var _ wires = (*expander)(nil)

func (e *expander) String() string {
	return fmt.Sprintf("MCP23017 at %#x on %s", e.dev.Addr, e.dev.Bus)
}

func (e *expander) hint() string {
	return "see that the chip has power and is on this bus at this address; i2cdetect shows it"
}

func (e *expander) configure() error {
	if err := e.listen(); err != nil {
		return err
	}
	// Wherever BANK stood, it is 0 then: with BANK = 1 this is IOCON, else
	// GPINTENB, which is set below.
	if err := e.write(gpinten+1, 0); err != nil {
		return err
	}
	// Byte by byte, for SEQOP may have been set.
	if err := e.write(iocon, mirrored); err != nil {
		return err
	}
	if err := e.write(olat, 0, 0); err != nil {
		return err
	}
	if err := e.write(iodir, e.wanted()...); err != nil {
		return err
	}
	_, err := e.columnsLow()
	return err
}

// listen makes the interrupt pin an input.
func (e *expander) listen() error {
	if e.interrupt == nil {
		return nil
	}
	if err := e.interrupt.In(gpio.PullUp, gpio.FallingEdge); err != nil {
		return fmt.Errorf("make the interrupt pin %s an input: %w", e.interrupt, err)
	}
	return nil
}

// wanted is the settings at rest: rows are outputs, which OLAT makes low, all
// others inputs with pull-ups.
func (e *expander) wanted() []byte {
	all := make([]byte, settings)
	set := func(register int, word uint16) { binary.LittleEndian.PutUint16(all[register:], word) }
	set(iodir, e.letGo(0))
	set(gpinten, union(e.columns))
	set(iocon, mirrored|mirrored<<8)
	set(gppu, ^uint16(outputsOnly))
	return all
}

// letGo is the directions with all rows let go, but for the bits that drive.
func (e *expander) letGo(drive uint16) uint16 {
	inputs := ^uint16(outputsOnly)
	if drive == 0 { // rest: all rows low
		drive = union(e.rows)
	}
	return inputs &^ drive
}

func union(bits []uint16) uint16 {
	var all uint16
	for _, b := range bits {
		all |= b
	}
	return all
}

// scan looks, and walks through the rows if a column is low.
func (e *expander) scan() (set, error) {
	low, err := e.look()
	if err != nil || low == 0 {
		return 0, err
	}
	var keys set
	for i, row := range e.rows {
		found, err := e.row(i, row)
		if err != nil {
			return 0, err
		}
		keys |= found
	}
	if err := e.direct(e.letGo(0)); err != nil {
		return 0, err
	}
	_, err = e.columnsLow() // ends the interrupts that the walk made
	return keys, err
}

// look reads the settings and the columns at once: a chip that was reset has
// no pull-ups, so what its columns say means nothing.
func (e *expander) look() (uint16, error) {
	heard := e.interrupt != nil && e.interrupt.Read() == gpio.Low
	var all [readings]byte
	if err := e.read(iodir, all[:]); err != nil {
		return 0, err
	}
	for i, want := range e.wanted() {
		if all[i] != want {
			return 0, fmt.Errorf("%w: register %#02x is %#02x, not %#02x", errReset, i, all[i], want)
		}
	}
	if e.interrupt != nil && binary.LittleEndian.Uint16(all[intf:]) != 0 {
		e.hear(heard)
	}
	return ^binary.LittleEndian.Uint16(all[port:]) & union(e.columns), nil
}

// hear takes in whether an interrupt of the chip was heard. Keys are found
// without, only later, so somebody has to be told of a wire that is none. One
// may rise while the registers are read; several in a row do not.
func (e *expander) hear(heard bool) {
	e.unheard++
	if heard {
		e.unheard = 0
	}
	if e.unheard == 5 {
		e.log.Warn("the chip's interrupts are not heard: keys are found by looking alone", "keypad", e, "pin", e.interrupt,
			"try", "see that the setting interrupt names the pin that INTA or INTB is connected with")
	}
}

// row finds what is closed in one row. Between a direction and the reading
// after it three bytes pass, 67 us at 400 kHz, in which columns come up.
func (e *expander) row(i int, bit uint16) (set, error) {
	if err := e.direct(e.letGo(bit)); err != nil {
		return 0, err
	}
	low, err := e.columnsLow()
	var keys set
	for j, column := range e.columns {
		if low&column != 0 {
			keys |= at(i, j)
		}
	}
	return keys, err
}

// columnsLow is the columns that are low now.
func (e *expander) columnsLow() (uint16, error) {
	var now [2]byte
	err := e.read(port, now[:])
	return ^binary.LittleEndian.Uint16(now[:]) & union(e.columns), err
}

func (e *expander) direct(inputs uint16) error {
	return e.write(iodir, byte(inputs), byte(inputs>>8))
}

func (e *expander) write(register byte, values ...byte) error {
	if err := e.tx(append([]byte{register}, values...), nil); err != nil {
		return fmt.Errorf("write register %#02x: %w", register, err)
	}
	return nil
}

func (e *expander) read(register byte, into []byte) error {
	if err := e.tx([]byte{register}, into); err != nil {
		return fmt.Errorf("read register %#02x: %w", register, err)
	}
	return nil
}

// tx tries a transaction a second time when it fails: a glitch on the bus is
// over by then, and none of ours does harm twice.
func (e *expander) tx(w, r []byte) error {
	if e.dev.Tx(w, r) == nil {
		return nil
	}
	return e.dev.Tx(w, r)
}

func (e *expander) interrupts() []gpio.PinIO {
	if e.interrupt == nil {
		return nil
	}
	return []gpio.PinIO{e.interrupt}
}
