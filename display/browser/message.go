package browser

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"

	"unlockpoint/display"
)

// maxMessage is the longest message a client may send: a text of 254
// characters, escaped, and a little more.
const maxMessage = 4096

// maxText is the longest text in one message: an address (RFC 5321).
const maxText = 254

// message is what a client sends: exactly one of touch, key and text.
type message struct {
	Touch  string `json:"touch"` // "down", "move", "up" or "lost"
	X      int    `json:"x"`
	Y      int    `json:"y"`
	Finger int    `json:"finger"`
	Key    string `json:"key"`
	Text   string `json:"text"`
}

// phases are the touches by their names in messages.
var phases = map[string]display.Phase{"down": display.Down, "move": display.Move, "up": display.Up, "lost": display.Lost}

// parse reads a message. Nothing outside the panel, no unknown key and no
// control character gets through.
func parse(raw []byte, bounds image.Rectangle) ([]display.Event, error) {
	m, err := decode(raw)
	if err != nil {
		return nil, err
	}
	switch {
	case m.Touch != "" && m.Key == "" && m.Text == "":
		return touch(m, bounds)
	case m.Key != "" && m.Touch == "" && m.Text == "":
		return key(m.Key)
	case m.Text != "" && m.Touch == "" && m.Key == "":
		return typed(m.Text)
	}
	return nil, errors.New("expected one of touch, key and text")
}

func decode(raw []byte) (message, error) {
	var m message
	if len(raw) > maxMessage {
		return m, errors.New("message too long")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, errors.New("expected a JSON object with touch, key or text")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return m, errors.New("expected one JSON object")
	}
	return m, nil
}

func touch(m message, bounds image.Rectangle) ([]display.Event, error) {
	phase, ok := phases[m.Touch]
	if !ok {
		return nil, errors.New("a touch is down, move, up or lost")
	}
	if phase == display.Down && !(image.Point{X: m.X, Y: m.Y}).In(bounds) {
		return nil, fmt.Errorf("a touch begins inside %dx%d", bounds.Dx(), bounds.Dy())
	}
	return []display.Event{{Touch: &display.Touch{Phase: phase, X: m.X, Y: m.Y, Finger: m.Finger}}}, nil
}

func key(name string) ([]display.Event, error) {
	if !display.IsKey(name) {
		return nil, errors.New("a key is 0 to 9, Enter, Clear, Cancel, * or #")
	}
	return []display.Event{{Key: name}}, nil
}

func typed(text string) ([]display.Event, error) {
	if len(text) > maxText {
		return nil, fmt.Errorf("a text has at most %d characters", maxText)
	}
	var events []display.Event
	for _, r := range text {
		if r < ' ' || r > '~' {
			return nil, errors.New("a text is printable ASCII")
		}
		events = append(events, display.Event{Rune: r})
	}
	return events, nil
}
