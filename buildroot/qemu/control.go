//go:build qemu

package qemu

import (
	"encoding/json"
	"fmt"
	"net"
)

// control is QEMU's own line, QMP: hands and eyes in front of the machine. It
// is for one goroutine.
type control struct {
	conn net.Conn
	in   *json.Decoder
}

func openControl(conn net.Conn) (*control, error) {
	c := &control{conn, json.NewDecoder(conn)}
	if err := c.in.Decode(&struct{}{}); err != nil { // the greeting
		return nil, fmt.Errorf("hear QEMU's greeting: %w", err)
	}
	return c, c.call("qmp_capabilities", nil)
}

// call runs a command; events that come in between are of no interest.
func (c *control) call(command string, arguments any) error {
	question := map[string]any{"execute": command}
	if arguments != nil {
		question["arguments"] = arguments
	}
	if err := json.NewEncoder(c.conn).Encode(question); err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	for {
		var answer struct {
			Event  string
			Return json.RawMessage
			Error  *struct{ Class, Desc string }
		}
		if err := c.in.Decode(&answer); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		switch {
		case answer.Event != "":
		case answer.Error != nil:
			return fmt.Errorf("%s: %s: %s", command, answer.Error.Class, answer.Error.Desc)
		default:
			return nil
		}
	}
}

// photograph writes what the panel shows to a PNG file.
func (c *control) photograph(file string) error {
	return c.call("screendump", map[string]any{"filename": file, "format": "png"})
}

// glance writes it to a PPM file, which takes a tenth of the time.
func (c *control) glance(file string) error {
	return c.call("screendump", map[string]any{"filename": file, "format": "ppm"})
}

// touch puts a finger down at a point of the panel and lifts it again.
func (c *control) touch(x, y int) error {
	if err := c.input(axis("x", x, panelWidth), axis("y", y, panelHeight), button(true)); err != nil {
		return err
	}
	return c.input(button(false))
}

// press presses and releases keys by their names in QEMU (QKeyCode): all down
// in order, then all up.
func (c *control) press(keys ...string) error {
	var events []any
	for _, k := range keys {
		events = append(events, key(k, true))
	}
	for _, k := range keys {
		events = append(events, key(k, false))
	}
	return c.input(events...)
}

func (c *control) input(events ...any) error {
	return c.call("input-send-event", map[string]any{"events": events})
}

// fullScale is the largest position of a pointer (INPUT_EVENT_ABS_MAX).
const fullScale = 0x7FFF

// axis is the middle of a pixel.
func axis(name string, at, size int) any {
	return event("abs", map[string]any{"axis": name, "value": (2*at + 1) * fullScale / (2 * size)})
}

func button(down bool) any {
	return event("btn", map[string]any{"button": "left", "down": down})
}

func key(name string, down bool) any {
	return event("key", map[string]any{"key": map[string]string{"type": "qcode", "data": name}, "down": down})
}

func event(kind string, data any) any { return map[string]any{"type": kind, "data": data} }
