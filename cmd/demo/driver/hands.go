package driver

import (
	"image"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"unlockpoint/display"
)

// The panel of the demo, in pixels.
const (
	panelWidth  = 800
	panelHeight = 480
)

const expectKey = `{"key":"Enter"} with a key of 0-9, Enter, Clear, Cancel, *, #, Show, or {"text":"abc"}`

// key presses one key of the pad, or types text on a computer's keyboard.
func (d *Driver) key(r *http.Request) (any, error) {
	in, err := decode[struct {
		Key  string `json:"key"`
		Text string `json:"text"`
	}](r.Body, expectKey)
	if err != nil {
		return nil, err
	}
	if (in.Key == "") == (in.Text == "") || in.Key != "" && !isKey(in.Key) || !typable(in.Text) {
		return nil, badCall{expectKey}
	}
	if in.Key != "" {
		err = d.terminal.Press(r.Context(), in.Key)
	}
	for _, c := range in.Text {
		if err == nil {
			err = d.terminal.Type(r.Context(), c)
		}
	}
	if err != nil {
		return nil, err
	}
	return d.shown()
}

func isKey(key string) bool {
	named := []string{display.Enter, display.Clear, display.Cancel, display.Settings, display.Help, display.Show}
	return len(key) == 1 && key[0] >= '0' && key[0] <= '9' || slices.Contains(named, key)
}

func typable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) < 0
}

const expectTouch = `{"x":0-799,"y":0-479}, in pixels from the top left`

// touch puts a finger on the glass.
func (d *Driver) touch(r *http.Request) (any, error) {
	in, err := decode[struct {
		X *int `json:"x"`
		Y *int `json:"y"`
	}](r.Body, expectTouch)
	if err != nil {
		return nil, err
	}
	if in.X == nil || in.Y == nil {
		return nil, badCall{expectTouch}
	}
	at := image.Pt(*in.X, *in.Y)
	if !at.In(image.Rect(0, 0, panelWidth, panelHeight)) {
		return nil, badCall{expectTouch}
	}
	if err := d.terminal.Touch(r.Context(), at); err != nil {
		return nil, err
	}
	return d.shown()
}

// restart is a power cut with the power back at once.
func (d *Driver) restart(r *http.Request) (any, error) {
	if err := d.terminal.Restart(r.Context()); err != nil {
		return nil, err
	}
	return d.shown()
}
