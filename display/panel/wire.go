package panel

import (
	"fmt"
	"image"
	"io"
	"log/slog"
	"time"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

const (
	defaultTx = 4096  // bytes in a transfer where the port does not say: spidev's own limit
	mostTx    = 65536 // more gains nothing: 20 us in 10 ms
)

// Pins are the lines of a panel beside its bus.
type Pins struct {
	DC    gpio.PinOut // low for a command, high for its parameters and pixels
	Reset gpio.PinOut // nil where it is tied to the board's own
	Light gpio.PinOut // backlight, by PWM or on and off; nil where it is always on, or Kernel

	Kernel *Backlight // backlight that the kernel drives; nil where it is Light
}

// Options are what may differ from panel to panel.
type Options struct {
	Orientation
	Clock physic.Frequency // 0: 32 MHz
	Day   int              // brightness in per cent, by day and by night; 0 is dark
	Night int
	Log   *slog.Logger // nil: nothing is logged
}

// New returns a panel on a port, which is its alone from then on: Run closes
// it if it can be closed.
func New(c Chip, port spi.Port, pins Pins, o Options) (*Panel, error) {
	if pins.DC == nil {
		return nil, fmt.Errorf("%s needs a pin for data and command", c.Name)
	}
	if o.Clock == 0 {
		o.Clock = 32 * physic.MegaHertz
	}
	bus, err := port.Connect(o.Clock, spi.Mode0, 8)
	if err != nil {
		return nil, fmt.Errorf("connect %s to %s: %w", c.Name, port, err)
	}
	w := &wire{chip: c, bus: bus, clock: o.Clock, port: port, pins: pins, setup: c.setup(o.Orientation), format: format16()}
	size := image.Pt(c.Width, c.Height)
	if c.Bits == 18 {
		w.format = format18()
	}
	if o.quarters()%2 == 1 {
		size.X, size.Y = size.Y, size.X
	}
	w.lastRow = size.Y - 1
	w.buffer = make([]byte, limit(bus, w.format.bytes))
	return newPanel(w, size, o.Day, o.Night, o.Log), nil
}

// limit is how many bytes go into one transfer, in whole pixels.
func limit(bus spi.Conn, pixel int) int {
	n := defaultTx
	if l, ok := bus.(conn.Limits); ok && l.MaxTxSize() > 0 {
		n = min(l.MaxTxSize(), mostTx)
	}
	return max(n-n%pixel, pixel)
}

// wire is a screen behind an SPI bus.
type wire struct {
	chip    Chip
	port    spi.Port
	bus     spi.Conn
	clock   physic.Frequency
	pins    Pins
	setup   []Command
	format  *format
	lastRow int
	buffer  []byte // one transfer

	columns, row [2]int // of the last window
}

func (w *wire) String() string { return fmt.Sprintf("%s on %s", w.chip.Name, w.port) }

// reset uses the line if there is one. Like all that a chip has to be waited
// for it takes its time whatever ends: the next is to leave a black picture.
func (w *wire) reset() error {
	if w.pins.Reset == nil {
		return w.timed(Command{Op: swreset, Wait: afterReset})
	}
	for _, level := range []gpio.Level{gpio.High, gpio.Low, gpio.High} {
		if err := w.pins.Reset.Out(level); err != nil {
			return fmt.Errorf("reset %s by %s: %w", w.chip.Name, w.pins.Reset, err)
		}
		time.Sleep(resetPulse)
	}
	time.Sleep(afterReset)
	return nil
}

func (w *wire) wake() error {
	w.columns, w.row = unknown, unknown
	if err := w.timed(Command{Op: slpout, Wait: afterSlpout}); err != nil {
		return err
	}
	for _, c := range w.setup {
		if err := w.timed(c); err != nil {
			return err
		}
	}
	return nil
}

func (w *wire) show() error { return w.command(dispon, nil) }

func (w *wire) flush() error { return nil }

// toll counts 9 bytes for a window, between the 6 and the 11 that it takes, and
// 20 us for a transfer, which is what Linux needs on a Raspberry Pi.
func (w *wire) toll() toll {
	second := int64(w.clock/physic.Hertz) / 8 / int64(w.format.bytes) // pixels
	return toll{window: 9 / w.format.bytes, transfer: int(second * 20 / 1e6), room: len(w.buffer) / w.format.bytes}
}

func (w *wire) sleep() error {
	if err := w.command(dispoff, nil); err != nil {
		return err
	}
	return w.timed(Command{Op: slpin, Wait: afterSlpin})
}

func (w *wire) timed(c Command) error {
	if err := w.command(c.Op, c.Data); err != nil {
		return err
	}
	time.Sleep(c.Wait)
	return nil
}

// send writes a rectangle's pixels into its window. None of them stay in the
// buffer: they may be somebody's answer.
func (w *wire) send(m *image.RGBA, r image.Rectangle) error {
	defer clear(w.buffer[:min(len(w.buffer), area(r)*w.format.bytes)])
	if err := w.window(r); err != nil {
		return err
	}
	full := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for pixels := row(m, y, r); len(pixels) > 0; {
			n := w.format.encode(w.buffer[full:], pixels)
			pixels, full = pixels[4*n:], full+n*w.format.bytes
			if full < len(w.buffer) {
				continue
			}
			if err := w.transfer(gpio.High, w.buffer); err != nil {
				return err
			}
			full = 0
		}
	}
	return w.transfer(gpio.High, w.buffer[:full])
}

// window sets where the next pixels go, and leaves out what is so already.
// Windows reach to the last row, so that only where they begin matters; the
// next RAMWR ends them.
func (w *wire) window(r image.Rectangle) error {
	columns, row := [2]int{r.Min.X, r.Max.X - 1}, [2]int{r.Min.Y, w.lastRow}
	if columns != w.columns {
		if err := w.set(caset, columns); err != nil {
			return err
		}
		w.columns = columns
	}
	if row != w.row {
		if err := w.set(paset, row); err != nil {
			return err
		}
		w.row = row
	}
	return w.command(ramwr, nil)
}

// unknown is no column and no row.
var unknown = [2]int{-1, -1}

func (w *wire) set(op byte, from [2]int) error {
	var data [4]byte
	for i, v := range from {
		data[2*i], data[2*i+1] = byte(v>>8), byte(v)
	}
	return w.command(op, data[:])
}

// command sends a command and its parameters.
func (w *wire) command(op byte, data []byte) error {
	w.buffer[0] = op
	if err := w.transfer(gpio.Low, w.buffer[:1]); err != nil {
		return err
	}
	for len(data) > 0 {
		n := copy(w.buffer, data)
		if err := w.transfer(gpio.High, w.buffer[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

func (w *wire) transfer(dc gpio.Level, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if err := w.pins.DC.Out(dc); err != nil {
		return fmt.Errorf("%s: set D/C %s: %w", w.chip.Name, w.pins.DC, err)
	}
	if err := w.bus.Tx(b, nil); err != nil {
		return fmt.Errorf("%s: write %d bytes: %w", w.chip.Name, len(b), err)
	}
	return nil
}

// dim sets the backlight: the kernel's, or by PWM where the pin has it, else on
// or off.
func (w *wire) dim(percent int) (picture int, err error) {
	pin := w.pins.Light
	if w.pins.Kernel != nil || pin == nil {
		return w.pins.Kernel.set(percent)
	}
	if percent > 0 && percent < 100 && pin.PWM(gpio.DutyMax*gpio.Duty(percent)/100, lightFrequency) == nil {
		return 100, nil
	}
	if err := pin.Out(percent > 0); err != nil {
		return 0, fmt.Errorf("%s: backlight %s: %w", w.chip.Name, pin, err)
	}
	return percent, nil
}

// lightFrequency is above what eyes and cameras see, and below what the
// switch of a usual backlight follows.
const lightFrequency = 1 * physic.KiloHertz

func (w *wire) close() error {
	if c, ok := w.port.(io.Closer); ok {
		return c.Close()
	}
	return nil
}
