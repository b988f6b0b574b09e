package keypad

import (
	"strings"
	"testing"

	"unlockpoint/display/board/boardtest"
	"unlockpoint/display/keypad/keypadtest"
)

// machine is one with a 4x4 pad on its lines ROW0 to ROW3 and COLUMN0 to
// COLUMN3, another behind an MCP23017 at 0x20 on the bus KEYS, and its INTA on
// the line INTA.
func machine(t *testing.T) map[string]*keypadtest.Line {
	m := keypadtest.NewMatrix(4, 4)
	chip := keypadtest.NewMCP23017(keypadtest.NewMatrix(4, 4), 0x20, []int{0, 1, 2, 3}, []int{8, 9, 10, 11})
	all := map[string]*keypadtest.Line{}
	lines := []*keypadtest.Line{chip.IntA}
	for i := range 4 {
		lines = append(lines, m.Row(i), m.Column(i))
	}
	for _, l := range lines {
		all[l.Name()] = l
	}
	boardtest.Pins(t, lines...)
	boardtest.Alias(t, "P1_3", "ROW0")
	boardtest.I2C(t, chip, 9000, "KEYS")
	return all
}

func onBoard(kind string) Config {
	if kind == GPIO {
		return Config{Kind: GPIO, Rows: names("ROW"), Columns: names("COLUMN")}
	}
	return Config{Kind: MCP23017, Rows: names("A"), Columns: names("B"), Bus: "KEYS", Interrupt: "INTA"}
}

func names(prefix string) []string {
	return []string{prefix + "0", prefix + "1", prefix + "2", prefix + "3"}
}

func TestAPadIsOpenedByTheNamesOfItsPins(t *testing.T) {
	machine(t)
	for kind, want := range map[string]string{
		GPIO:     "keypad on GPIO ROW0 ROW1 ROW2 ROW3 by COLUMN0 COLUMN1 COLUMN2 COLUMN3",
		MCP23017: "keypad on MCP23017 at 0x20 on I2C of the model",
	} {
		pad, err := Open(onBoard(kind))
		if err != nil {
			t.Fatal(err)
		}
		if pad.String() != want {
			t.Errorf("it is %q", pad)
		}
	}
}

func TestAWrongSettingIsNamedWithWhatToTry(t *testing.T) {
	machine(t)
	for _, c := range []struct {
		kind  string
		wrong func(*Config)
		want  []string
	}{
		{GPIO, func(c *Config) { c.Kind = "matrix" }, []string{`kind is "matrix"`, `write "gpio" or "mcp23017"`}},
		{GPIO, func(c *Config) { c.Rows[2] = "ROW9" }, []string{`a pin of rows is "ROW9", and there is no such pin: there is COLUMN0`}},
		{GPIO, func(c *Config) { c.Columns[0] = "" }, []string{`a pin of columns is ""`}},
		{GPIO, func(c *Config) { c.Columns[0] = "ROW0" }, []string{`the pins "ROW0" and "ROW0" are one`}},
		{GPIO, func(c *Config) { c.Columns[0] = "P1_3" }, []string{`the pins "ROW0" and "P1_3" are one`}},
		{GPIO, func(c *Config) { c.Bus = "KEYS" }, []string{"bus, address and interrupt are for mcp23017"}},
		{GPIO, func(c *Config) { c.Layout = []string{"1"} }, []string{"the layout has 1 lines for 4 rows"}},
		{GPIO, func(c *Config) { c.Rows = nil }, []string{"0 keys is not served"}},
		{MCP23017, func(c *Config) { c.Address = 0x40 }, []string{"address is 0x40", "0x20 to 0x27"}},
		{MCP23017, func(c *Config) { c.Bus = "7" }, []string{`bus is "7"`, "there is KEYS"}},
		{MCP23017, func(c *Config) { c.Rows[0] = "A7" }, []string{`a pin of rows is "A7"`, "outputs only"}},
		{MCP23017, func(c *Config) { c.Columns[0] = "GPB0" }, []string{`a pin of columns is "GPB0"`, "B0 to B6"}},
		{MCP23017, func(c *Config) { c.Columns[0] = "A0" }, []string{`the pins "A0" and "A0" are one`}},
		{MCP23017, func(c *Config) { c.Interrupt = "INTC" }, []string{`interrupt is "INTC"`}},
	} {
		config := onBoard(c.kind)
		c.wrong(&config)
		_, err := Open(config)
		for _, words := range append(c.want, "keypad: ") {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%v: it should say %q", err, words)
			}
		}
	}
}
