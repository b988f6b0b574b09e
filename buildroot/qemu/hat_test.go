//go:build qemu

package qemu

import (
	"fmt"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
)

// wired is the part of terminal.toml for a terminal that is wired to the hat.
const wired = `
[panel]
driver = "ili9341"
bus = "SPI0.0"
dc = "DC"
reset = "RST"
backlight = "LIGHT"
brightness = 100
night = 100
[touch]
driver = "xpt2046"
bus = "SPI0.1"
interrupt = "T_IRQ"
[keys]
driver = "gpio"
rows = ["ROW0", "ROW1", "ROW2", "ROW3"]
columns = ["COL0", "COL1", "COL2"]
[signal]
beeper = "BEEPER"
lamp = "LAMP"
`

// frame is the bytes of a whole picture of an ILI9341.
const frame = 240 * 320 * 2

// waits has the guest's shell wait until a command succeeds.
func (a *wall) waits(command string) {
	a.t.Helper()
	a.says(a.t, "until "+command+"; do sleep 0.2; done")
}

// drives waits until the terminal has a line, in a direction and at a level,
// such as "out hi".
func (a *wall) drives(line, state string) {
	a.t.Helper()
	a.waits(fmt.Sprintf("grep -q '(%s  *|terminal@[0-9]* *) *%s' /sys/kernel/debug/gpio", line, strings.ReplaceAll(state, " ", " *")))
}

// sends waits until so many bytes went over an SPI device.
func (a *wall) sends(device string, bytes int) {
	a.t.Helper()
	a.waits(fmt.Sprintf("[ $(cat /sys/bus/spi/devices/%s/statistics/bytes_tx) -ge %d ]", device, bytes))
}

func (a *wall) logs(words string) {
	a.t.Helper()
	a.waits(fmt.Sprintf("grep -q '%s' /run/terminal.log", words))
}

// pulls has a wire hold a line up or down, as a key or a chip does: gpio-sim's
// pull, see Linux, Documentation/admin-guide/gpio/gpio-sim.rst.
func (a *wall) pulls(line int, way string) {
	a.t.Helper()
	a.says(a.t, fmt.Sprintf("echo pull-%s | tee /sys/devices/platform/gpio-sim/gpiochip*/sim_gpio%d/pull", way, line))
}

// Where lines are on the hat, by hat.dtsi.
const (
	col0 = 4
	miso = 10
)

// What the bytes say is for the chip models of panel, touch and keys. Here they
// come as far as the kernel, and a wire that is held comes back.
func TestPeriphOpensNamedLinesAndSpidev(t *testing.T) {
	if !kernelOf(t, debianRoot(t)).hat {
		t.Skip("named GPIO lines and spidev are not tested: Debian's kernel has neither, and \"make kernel-qemu\" has not built the small one yet")
	}
	at := hang(t, hospitaltest.Open(t, unhurried, 1), wired)
	at.tells(t, "terminal hardware", "/dev/spidev0.0, /dev/spidev0.1", "ROW0", "COL2", "DC", "RST", "T_IRQ", "LIGHT", "LAMP", "BEEPER")
	at.pulls(miso, "up")
	at.starts()
	at.sees("idle")

	for line, state := range map[string]string{
		"DC": "out", "RST": "out hi", "LIGHT": "out hi", "LAMP": "out hi", "BEEPER": "out lo",
		"ROW0": "out lo", "ROW3": "out lo", "COL0": "in hi", "COL2": "in hi", "T_IRQ": "in hi",
	} {
		at.drives(line, state)
	}
	at.sends("spi0.0", frame)
	at.logs("every measurement of the XPT2046 is 4095") // as an untouched wire says

	at.pulls(col0, "down")
	at.waits("awk '/terminal@/ { print $2 }' /proc/interrupts | grep -qv '^0$'")
	at.logs("keys are stuck")
	at.pulls(col0, "up")
	at.logs("stuck keys came up")
}
