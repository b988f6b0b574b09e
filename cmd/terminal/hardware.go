package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/conn/v3/spi/spireg"
	"periph.io/x/host/v3"

	"unlockpoint/display/evdev"
	"unlockpoint/display/keypad"
	"unlockpoint/display/touch"
	"unlockpoint/reader/pcsc"
)

type hardwareCmd struct{}

// Run lists what the machine has, and proposes what to write.
func (*hardwareCmd) Run(ctx context.Context) error {
	return look(ctx).print(os.Stdout)
}

// hardware is what there is to make a terminal of.
type hardware struct {
	screens, cards, spi, i2c, pins []string
	inputs                         []evdev.Found
	chips                          []chip // touch controllers that answer
	expanders                      []chip // of keys
	readers                        []string
	troubles                       []string
}

type chip struct {
	name, bus string
	address   int
}

func look(ctx context.Context) hardware {
	var h hardware
	if _, err := host.Init(); err != nil {
		h.trouble("pins and buses", err)
	}
	h.screens, _ = filepath.Glob("/dev/fb*")
	h.cards, _ = filepath.Glob("/dev/dri/card*")
	for _, r := range spireg.All() {
		h.spi = append(h.spi, r.Name)
	}
	for _, p := range gpioreg.All() {
		h.pins = append(h.pins, p.Name())
	}
	for _, r := range i2creg.All() {
		h.i2c = append(h.i2c, r.Name)
		bus, err := r.Open()
		if err != nil {
			h.trouble(r.Name, err)
			continue
		}
		if name, at, found := touch.Find(bus); found {
			h.chips = append(h.chips, chip{name, r.Name, int(at)})
		}
		for _, at := range keypad.Find(bus) {
			h.expanders = append(h.expanders, chip{keypad.MCP23017, r.Name, at})
		}
		if err := bus.Close(); err != nil {
			h.trouble(r.Name, err)
		}
	}
	var err error
	if h.inputs, err = evdev.Find(evdev.Dir("/dev/input")); err != nil {
		h.trouble("input devices", err)
	}
	if h.readers, err = readers(ctx); err != nil {
		h.trouble("card readers", err)
	}
	return h
}

func (h *hardware) trouble(what string, err error) {
	h.troubles = append(h.troubles, fmt.Sprintf("%s: %v", what, err))
}

// readers are all card readers, after pcscd had time to find one.
func readers(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	for p := range pcsc.NewSlot(pcsc.Config{}).Watch(ctx) {
		if p.Reader != "" {
			break
		}
	}
	return pcsc.Readers()
}

// print lists it, and then the configuration that it proposes.
func (h hardware) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range []struct {
		what  string
		names []string
	}{
		{"framebuffers", h.screens}, {"graphics cards", h.cards}, {"SPI ports", h.spi}, {"I2C buses", h.i2c}, {"GPIO lines", h.pins},
		{"touch controllers", chipNames(h.chips)}, {"key expanders", chipNames(h.expanders)}, {"input devices", h.inputNames()}, {"card readers", h.readers},
	} {
		fmt.Fprintf(w, "%s\t%s\n", row.what, orNone(row.names))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, t := range h.troubles {
		fmt.Fprintf(out, "not seen: %s\n", t)
	}
	_, err := fmt.Fprintf(out, "\nProposed for terminal.toml:\n\n%s", h.proposal())
	return err
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func chipNames(chips []chip) []string {
	var names []string
	for _, c := range chips {
		names = append(names, fmt.Sprintf("%s at %#x on %s", c.name, c.address, c.bus))
	}
	return names
}

// line is a line whose name in the device tree says what it is for, or what is
// usual.
func (h hardware) line(usual string, names ...string) string {
	for _, name := range names {
		for _, pin := range h.pins {
			if strings.EqualFold(pin, name) {
				return pin
			}
		}
	}
	return usual
}

// lines are those that are numbered from 0.
func (h hardware) lines(name string) (found []string) {
	for {
		next := h.line("", fmt.Sprintf("%s%d", name, len(found)))
		if next == "" {
			return found
		}
		found = append(found, next)
	}
}

func (h hardware) inputNames() []string {
	var names []string
	for _, d := range h.inputs {
		switch {
		case d.Err != nil:
			names = append(names, fmt.Sprintf("%s (%v)", d.Path, d.Err))
		case d.Touch || d.Keys || d.Jack:
			names = append(names, fmt.Sprintf("%q", d.Name))
		}
	}
	return names
}

// measured is what no screen is trusted to know of itself.
const measured = "pixels_per_mm = 5.22 # measure the glass: pixels across by millimetres across\n"

// proposal is the configuration that uses what there is. A panel on an SPI bus
// cannot be seen: its chip is for the engineer to say.
func (h hardware) proposal() string {
	var touches, keys bool
	for _, d := range h.inputs {
		touches, keys = touches || d.Touch, keys || d.Keys
	}
	var b strings.Builder
	switch {
	case len(h.screens) > 0:
		fmt.Fprintf(&b, "[panel]\ndriver = \"framebuffer\"\ndevice = %q\n%s", h.screens[0], measured)
	case len(h.cards) > 0:
		fmt.Fprint(&b, "[panel]\ndriver = \"drm\"\n"+measured)
	case len(h.spi) > 0:
		fmt.Fprintf(&b, "[panel]\ndriver = \"ili9341\" # or the chip that is on yours\nbus = %q\ndc = %q\nreset = %q\nbacklight = %q\npixels_per_mm = 5.6 # of 2.8 inches; 6.45 on 3.5 inches\n",
			h.spi[0], h.line("GPIO24", "DC"), h.line("GPIO25", "RST", "RESET"), h.line("", "LIGHT", "BACKLIGHT"))
	default:
		return "[panel]\ndriver = \"browser\"\n"
	}
	switch {
	case touches: // before a chip that answers, which is the kernel's then: two drivers would take touches from each other
		fmt.Fprint(&b, "[touch]\ndriver = \"evdev\"\n")
	case len(h.chips) > 0:
		fmt.Fprintf(&b, "[touch]\ndriver = %q\nbus = %q\ninterrupt = %q\n", h.chips[0].name, h.chips[0].bus, h.touchLine())
	case len(h.screens)+len(h.cards) == 0 && len(h.spi) > 1 && h.touchLine() != "": // a resistive one answers to nobody
		fmt.Fprintf(&b, "[touch]\ndriver = %q\nbus = %q\ninterrupt = %q\n", touch.NameXPT2046, h.spi[1], h.touchLine())
	}
	rows, columns := h.lines("ROW"), h.lines("COL")
	switch {
	case len(h.expanders) > 0:
		fmt.Fprintf(&b, "[keys]\ndriver = %q\nbus = %q\naddress = %#x\n", keypad.MCP23017, h.expanders[0].bus, h.expanders[0].address)
		fmt.Fprint(&b, "rows = [\"A0\", \"A1\", \"A2\", \"A3\"] # as yours is wired\ncolumns = [\"B0\", \"B1\", \"B2\"]\n")
	case len(rows) == 4 && (len(columns) == 3 || len(columns) == 4):
		fmt.Fprintf(&b, "[keys]\ndriver = %q\nrows = [%s]\ncolumns = [%s]\n", keypad.GPIO, quoted(rows), quoted(columns))
	case keys || !touches && len(h.chips) == 0: // they may be plugged in later
		fmt.Fprint(&b, "[keys]\ndriver = \"evdev\"\n")
	}
	if beeper, lamp := h.line("", "BEEPER"), h.line("", "LAMP"); beeper != "" || lamp != "" {
		fmt.Fprintf(&b, "[signal]\nbeeper = %q\nlamp = %q\n", beeper, lamp)
	}
	if len(h.readers) > 0 {
		fmt.Fprintf(&b, "[reader]\nnames = [%q]\n", h.readers[0])
	}
	return b.String()
}

// touchLine is the line on which a touch controller interrupts.
func (h hardware) touchLine() string { return h.line("", "T_IRQ", "PENIRQ", "TOUCH_INT") }

func quoted(names []string) string {
	var all []string
	for _, n := range names {
		all = append(all, strconv.Quote(n))
	}
	return strings.Join(all, ", ")
}
