package keypad

import (
	"slices"

	"periph.io/x/conn/v3/i2c"
)

// Addresses of an MCP23017, by its pins A0 to A2 (DS20001952C, 3.3).
const (
	lowest  = 0x20
	highest = 0x27
)

// Find says at which addresses of a bus an MCP23017 answers. It writes nothing,
// for other chips that drive things have these addresses too: a PCF8574 sets
// its pins to what it is written. A chip that is read on and on goes through
// its 22 registers again and again (DS20001952C, 3.2.1). All but the ports, and
// what they were at the last interrupt, say the same each time, and are not all
// alike after a reset.
func Find(bus i2c.Bus) (found []int) {
	for at := lowest; at <= highest; at++ {
		var twice [2 * all]byte
		if bus.Tx(uint16(at), nil, twice[:]) == nil && isExpander(twice[:all], twice[all:]) {
			found = append(found, at)
		}
	}
	return found
}

const (
	all    = olat + 2          // registers
	moving = port + 2 - intcap // of them, which may change by themselves
)

func isExpander(once, again []byte) bool {
	var same []byte
	for i, b := range once {
		if again[i] == b {
			same = append(same, b)
		}
	}
	return len(same) >= all-moving && slices.ContainsFunc(same, func(b byte) bool { return b != same[0] })
}
