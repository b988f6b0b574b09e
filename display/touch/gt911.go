package touch

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"strings"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/i2c"
)

// The registers of the GT911 (Goodix, GT911 Programming Guide V0.1, 3: ESD_Check
// page 4, Module_Switch1 page 5, the rest page 14).
const (
	gtMark    = 0x8041 // ESD_Check: keeps what is written until it is reset
	gtSwitch  = 0x804d // Module_Switch1: its low bits say what INT does
	gtProduct = 0x8140
	gtSize    = 0x8146 // X and Y resolution, low byte first
	gtStatus  = 0x814e
	gtPoints  = 0x814f

	gtOurs = 0xaa // what we leave in gtMark
)

// The bits of gtStatus (pages 15 and 16).
const (
	gtReady = 0x80 // there is a report; nothing new comes until it is cleared
	gtLarge = 0x40 // something large
	gtCount = 0x0f
)

// gtMost is how many points it can report, of gtPoint bytes each.
const (
	gtMost  = 5
	gtPoint = 8
)

// The addresses, by the level of INT as the reset ends (page 3, and 4.2, page 24).
const (
	gtLow  = 0x5d
	gtHigh = 0x14
)

// The timing of a reset (4.1 and 4.2, the diagrams on pages 23 to 25; T2 to T5
// as in Linux's goodix.c).
const (
	gtResetLow = 20 * time.Millisecond // T2: more than 10 ms
	gtSettle   = time.Millisecond      // T3: more than 100 us
	gtHeld     = 10 * time.Millisecond // T4: more than 5 ms
	gtSync     = 50 * time.Millisecond // T5: INT low after the reset
)

// GT911 is a capacitive touch controller of Goodix.
type GT911 struct {
	bus     i2c.Bus
	address uint16 // 0: whichever answers
	at      uint16 // where it is
	edge    gpio.PinIO
	reset   gpio.PinOut
	marked  bool // a reset can be told by gtMark
	touched bool // the last report had something on the glass
}

var _ Chip = (*GT911)(nil)

// NewGT911 returns the controller on a bus, at an address that is 0x5d, 0x14,
// or 0 for either. With both pins it is told its address; they may be nil.
func NewGT911(bus i2c.Bus, address uint16, edge gpio.PinIO, reset gpio.PinOut) (*GT911, error) {
	if address != 0 && address != gtLow && address != gtHigh {
		return nil, fmt.Errorf("address %#x: a GT911 is at 0x5d or 0x14", address)
	}
	return &GT911{bus: bus, address: address, at: address, edge: edge, reset: reset}, nil
}

// String implements Chip.
func (g *GT911) String() string { return fmt.Sprintf("GT911 on %s at %#x", g.bus, g.at) }

// SetUp implements Chip.
func (g *GT911) SetUp() (Sensor, error) {
	if err := g.restart(); err != nil {
		return Sensor{}, fmt.Errorf("reset the GT911: %w", err)
	}
	if err := g.find(); err != nil {
		return Sensor{}, err
	}
	var size [4]byte
	var mode [1]byte
	if err := errors.Join(g.get(gtSize, size[:]), g.get(gtSwitch, mode[:])); err != nil {
		return Sensor{}, err
	}
	x, y := binary.LittleEndian.Uint16(size[:]), binary.LittleEndian.Uint16(size[2:])
	if x < 2 || y < 2 {
		return Sensor{}, fmt.Errorf("the GT911 says its glass is %dx%d: it has lost its configuration", x, y)
	}
	if err := g.mark(); err != nil {
		return Sensor{}, err
	}
	g.touched = false
	edge := gpio.FallingEdge // INT trigger 1 and 2: falling, low
	if trigger := mode[0] & 3; trigger == 0 || trigger == 3 {
		edge = gpio.RisingEdge
	}
	sensor := Sensor{Range: Pixels(image.Pt(int(x), int(y)))}
	if g.edge != nil {
		sensor.Edge = listen(g.edge, gpio.Float, edge)
	}
	return sensor, nil
}

// restart resets the controller, with INT saying which address it is to take.
func (g *GT911) restart() error {
	if g.reset == nil {
		return nil
	}
	if err := g.reset.Out(gpio.Low); err != nil {
		return err
	}
	time.Sleep(gtResetLow)
	if err := g.drive(g.address == gtHigh); err != nil {
		return err
	}
	time.Sleep(gtSettle)
	if err := g.reset.Out(gpio.High); err != nil {
		return err
	}
	time.Sleep(gtHeld)
	if err := g.drive(gpio.Low); err != nil {
		return err
	}
	time.Sleep(gtSync)
	if g.edge == nil {
		return nil
	}
	return g.edge.In(gpio.Float, gpio.NoEdge)
}

// drive puts a level on INT, which is the controller's at all other times.
func (g *GT911) drive(l gpio.Level) error {
	if g.edge == nil {
		return nil
	}
	return g.edge.Out(l)
}

// find looks where the controller is, and that it is one.
func (g *GT911) find() error {
	addresses := []uint16{gtLow, gtHigh}
	if g.address != 0 {
		addresses = []uint16{g.address}
	}
	var all error
	for _, g.at = range addresses {
		var id [4]byte
		err := g.get(gtProduct, id[:])
		if name := strings.TrimRight(string(id[:]), "\x00"); err == nil && name != "911" {
			err = fmt.Errorf("at %#x is no GT911 (its product id is %q): is the right controller configured?", g.at, name)
		}
		if err == nil {
			return nil
		}
		all = errors.Join(all, err)
	}
	return all
}

// mark leaves something that a reset takes away. Firmware that does not keep
// it goes without.
func (g *GT911) mark() error {
	if err := g.put(gtMark, gtOurs); err != nil {
		return err
	}
	var b [1]byte
	err := g.get(gtMark, b[:])
	g.marked = b[0] == gtOurs
	return err
}

func (g *GT911) get(register uint16, into []byte) error {
	if err := g.bus.Tx(g.at, binary.BigEndian.AppendUint16(nil, register), into); err != nil {
		return fmt.Errorf("read register %#x of the GT911 at %#x: %w", register, g.at, err)
	}
	return nil
}

func (g *GT911) put(register uint16, value byte) error {
	if err := g.bus.Tx(g.at, append(binary.BigEndian.AppendUint16(nil, register), value), nil); err != nil {
		return fmt.Errorf("write register %#x of the GT911 at %#x: %w", register, g.at, err)
	}
	return nil
}

// Read implements Chip. A report stays until it is cleared, even one that
// makes no sense. Glass that is empty is reported once; while something is on
// it, one report follows another.
func (g *GT911) Read() (Report, error) {
	var status [1]byte
	if err := g.get(gtStatus, status[:]); err != nil {
		return Report{}, err
	}
	if status[0]&gtReady == 0 {
		return Report{Stale: g.touched}, g.same()
	}
	points := make([]byte, gtPoint*min(int(status[0]&gtCount), gtMost))
	if len(points) > 0 {
		if err := g.get(gtPoints, points); err != nil {
			return Report{}, err
		}
	}
	if err := g.put(gtStatus, 0); err != nil {
		return Report{}, err
	}
	g.touched = len(points) > 0
	report, err := gtReport(status[0], points)
	if err != nil || len(points) > 0 {
		return report, err
	}
	return report, g.same()
}

// same checks that the controller has not been reset.
func (g *GT911) same() error {
	if !g.marked {
		return nil
	}
	var b [1]byte
	if err := g.get(gtMark, b[:]); err != nil {
		return err
	}
	if b[0] != gtOurs {
		return errors.New("the GT911 has reset itself")
	}
	return nil
}

// gtReport reads the status and as many points as it says there are.
func gtReport(status byte, points []byte) (Report, error) {
	count := int(status & gtCount)
	if count > gtMost || len(points) < gtPoint*count {
		return Report{}, fmt.Errorf("the GT911 says there are %d points: it can have %d", count, gtMost)
	}
	report := Report{Palm: status&gtLarge != 0}
	for i := range count {
		p := points[gtPoint*i:]
		report.Contacts = append(report.Contacts, Contact{
			ID: int(p[0]),
			X:  int(binary.LittleEndian.Uint16(p[1:])),
			Y:  int(binary.LittleEndian.Uint16(p[3:])),
		})
	}
	return report, nil
}
