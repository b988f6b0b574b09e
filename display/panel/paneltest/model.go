package paneltest

import (
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
)

// Traffic is what went over the bus.
type Traffic struct {
	Bytes     int // all of them, commands too
	Transfers int
}

// Time is how long so much takes at a clock, 20 us a transfer added, which is
// what spidev and its controller need for one.
func (t Traffic) Time(clock physic.Frequency) time.Duration {
	bits := time.Duration(t.Bytes) * 8
	return bits*time.Second/time.Duration(clock/physic.Hertz) + time.Duration(t.Transfers)*20*time.Microsecond
}

// Sub is the traffic since an earlier time.
func (t Traffic) Sub(earlier Traffic) Traffic {
	return Traffic{t.Bytes - earlier.Bytes, t.Transfers - earlier.Transfers}
}

// Model is a panel. Its methods may be called from any goroutine.
type Model struct {
	module Module
	limit  int

	mu         sync.Mutex
	complaints []string
	traffic    Traffic
	fault      func(transfer int) error
	timed      bool
	clock      physic.Frequency

	dc         gpio.Level
	line       gpio.Level // of reset
	pulsed     time.Time  // when reset went low
	brightness int

	registers
	memory []uint32 // what the controller's RAM holds, 0xRRGGBB; no reset clears it

	op         byte // the command that parameters belong to
	wants      int  // how many it takes
	open       bool // whether it still takes some
	parameters []byte
	full       bool // whether this RAMWR has filled its window

	ready  time.Time // before which nothing may be sent
	why    string
	rested time.Time // before which sleep may not change
	lost   bool      // it has reset itself: the host cannot know, and may go on
}

// registers are what a reset puts back.
type registers struct {
	asleep, off, inverted bool
	madctl, colmod        byte
	columns, rows         [2]int
	x, y                  int
	key                   int // how many keys were given
}

// New is a model of a module behind a bus that takes so many bytes at once; 0
// does not say how many.
func New(m Module, limit int) *Model {
	model := &Model{module: m, limit: limit, line: gpio.High, brightness: 100, memory: make([]uint32, m.Width*m.Height)}
	for i := range model.memory {
		model.memory[i] = uint32(i) * 2654435761 >> 8 // noise, as after power-on
	}
	model.restart()
	return model
}

// Complaints are the broken rules so far.
func (m *Model) Complaints() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.complaints...)
}

// Traffic is what has gone over the bus so far.
func (m *Model) Traffic() Traffic {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.traffic
}

// Fail sets what is asked before each transfer; an error loses it, as on a
// bus with noise. nil ends that.
func (m *Model) Fail(fault func(transfer int) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fault = fault
}

// TakeTime makes transfers last as long as they would: for tests in a bubble.
func (m *Model) TakeTime() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timed = true
}

// ResetItself is what static electricity does to a panel.
func (m *Model) ResetItself() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.restart()
	m.lost = true
}

// restart is the state after a reset, which leaves the memory as it is (ILI9341
// V1.11, 8.2.22 Memory Write, default values).
func (m *Model) restart() {
	m.registers = registers{asleep: true, off: true, colmod: 0x66,
		columns: [2]int{0, m.module.Width - 1}, rows: [2]int{0, m.module.Height - 1}}
	m.open, m.parameters = false, nil
}

func (m *Model) complain(format string, args ...any) {
	const enough = 20
	if len(m.complaints) < enough && !m.lost {
		m.complaints = append(m.complaints, m.module.Name+": "+fmt.Sprintf(format, args...))
	}
}

// busy says that nothing may come for a while.
func (m *Model) busy(d time.Duration, why string) { m.ready, m.why = time.Now().Add(d), why }

// command is a byte that came with D/C low.
func (m *Model) command(op byte) {
	m.finish()
	if early := time.Until(m.ready); early > 0 {
		m.complain("command %#02x comes %v too early after %s", op, early, m.why)
	}
	n, known := m.module.takes(op)
	switch {
	case !known:
		m.complain("command %#02x is not one of this chip", op)
	case m.locked(op):
		m.complain("command %#02x is locked", op)
	}
	m.op, m.wants, m.open, m.parameters = op, n, n != 0, m.parameters[:0]
	m.execute(op)
}

func (m *Model) locked(op byte) bool {
	_, own := m.module.Own[op]
	return own && m.key < len(m.module.Keys)
}

// finish is the end of a command: the next has come.
func (m *Model) finish() {
	switch {
	case !m.open:
	case m.wants != pixels:
		m.complain("command %#02x came with %d parameters of %d", m.op, len(m.parameters), m.wants)
	case len(m.parameters) > 0:
		m.complain("%d bytes are left over from the pixels", len(m.parameters))
	}
	m.open = false
}

// execute does what a command does without parameters.
func (m *Model) execute(op byte) {
	switch op {
	case swreset:
		m.restart()
		m.busy(5*time.Millisecond, "a software reset")
		m.rested = time.Now().Add(120 * time.Millisecond)
	case slpin, slpout:
		m.changeSleep(op == slpin)
	case invoff, invon:
		m.inverted = op == invon
	case dispoff, dispon:
		m.off = op == dispoff
	case ramwr:
		m.x, m.y, m.full = m.columns[0], m.rows[0], false
	}
}

// changeSleep holds to 120 ms between one change and the next, and after
// sleep out to 120 ms before anything else: some of the datasheets ask for no
// more than 5.
func (m *Model) changeSleep(asleep bool) {
	if m.asleep == asleep {
		return
	}
	if early := time.Until(m.rested); early > 0 {
		m.complain("sleep changes %v too early after the last change or a reset", early)
	}
	m.asleep, m.lost = asleep, false
	m.rested = time.Now().Add(120 * time.Millisecond)
	if asleep {
		m.busy(5*time.Millisecond, "sleep in")
	} else {
		m.busy(120*time.Millisecond, "sleep out")
	}
}

// data is bytes that came with D/C high.
func (m *Model) data(bytes []byte) {
	if m.open && m.wants == pixels {
		m.pixels(bytes)
		return
	}
	for _, b := range bytes {
		m.parameter(b)
	}
}

func (m *Model) parameter(b byte) {
	if !m.open {
		m.complain("byte %#02x is data without a command that takes it", b)
		return
	}
	m.parameters = append(m.parameters, b)
	if len(m.parameters) == m.wants {
		m.open = false
		m.set(m.parameters)
	}
}

// set is a command with all its parameters.
func (m *Model) set(p []byte) {
	switch m.op {
	case caset:
		m.columns = m.window("column", p, m.size().X)
	case paset:
		m.rows = m.window("row", p, m.size().Y)
	case madctl:
		m.madctl = p[0]
		m.columns, m.rows = within(m.columns, m.size().X), within(m.rows, m.size().Y)
		m.x, m.y = m.columns[0], m.rows[0]
	case colmod:
		m.setColmod(p[0])
	case m.module.Key:
		m.unlock(p)
	}
}

// unlock counts keys that come one after the other; any other one locks.
func (m *Model) unlock(p []byte) {
	keys := m.module.Keys
	switch {
	case m.key < len(keys) && string(p) == string(keys[m.key]):
		m.key++
	case len(keys) > 0 && string(p) == string(keys[0]):
		m.key = 1
	default:
		m.key = 0
	}
}

func (m *Model) setColmod(v byte) {
	want := map[int]byte{16: 0x55, 18: 0x66}[m.module.Bits]
	if v != want {
		m.complain("pixel format %#02x, where a serial bus is to have %#02x", v, want)
	}
	m.colmod = v
}

// within is what is left of a window when rows and columns change places: the
// registers stay, so a host has to set them anew.
func within(w [2]int, size int) [2]int { return [2]int{min(w[0], size-1), min(w[1], size-1)} }

func (m *Model) window(what string, p []byte, size int) [2]int {
	from, to := int(p[0])<<8|int(p[1]), int(p[2])<<8|int(p[3])
	if from > to || to >= size {
		m.complain("%s window %d to %d of %d", what, from, to, size)
		return [2]int{0, size - 1}
	}
	return [2]int{from, to}
}
