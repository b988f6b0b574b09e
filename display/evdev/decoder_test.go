package evdev

import (
	"encoding/binary"
	"image"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/touch"
)

// steady is a device whose axes go from 0 to 9, and on which nothing is down.
type steady struct{}

func (steady) Read([]byte) (int, error) { return 0, nil }
func (steady) Close() error             { return nil }
func (steady) Grab() error              { return nil }
func (steady) Get(request byte, buf []byte) (int, error) {
	clear(buf)
	switch {
	case request >= GetAbs:
		binary.NativeEndian.PutUint32(buf[8:], 9)
	case request == GetMTSlots:
		for i := 4; i+4 <= len(buf); i += 4 {
			binary.NativeEndian.PutUint32(buf[i:], ^uint32(0))
		}
	}
	return len(buf), nil
}

// Whatever comes, fingers go down before they move and leave, never twice,
// and never outside the panel; keys are keys, and characters printable.
func FuzzDecoder(f *testing.F) {
	tap := []Event{{EvAbs, AbsMTTracking, 1}, {EvSyn, SynReport, 0}, {EvSyn, SynDropped, 0}, {EvSyn, SynReport, 0}}
	var seed []byte
	for _, e := range tap {
		seed = e.Append(seed, Width32)
	}
	for w := range byte(5) {
		f.Add(w, seed)
	}
	f.Fuzz(func(t *testing.T, by byte, raw []byte) {
		panel := image.Pt(80, 48)
		p, err := newPointer(steady{}, way(by%4)+slots, touch.Orientation{Rotation: 90}, panel)
		if err != nil {
			t.Fatal(err)
		}
		d := &decoder{device: steady{}, pointer: p, keyboard: newKeyboard(by&8 != 0, UK)}
		down := map[int]bool{}
		events, _ := Parse(raw, Width32)
		for _, e := range events {
			happened, err := d.happen(e)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range happened {
				plausible(t, one, down, panel)
			}
		}
	})
}

func plausible(t *testing.T, e display.Event, down map[int]bool, panel image.Point) {
	switch {
	case e.Touch == nil && e.Key == "" && (e.Rune < ' ' || e.Rune > '~'), e.Key != "" && !display.IsKey(e.Key):
		t.Errorf("%+v is no key", e)
	case e.Touch == nil:
		return
	case down[e.Touch.Finger] == (e.Touch.Phase == display.Down):
		t.Errorf("%+v while it is down: %v", *e.Touch, down[e.Touch.Finger])
	case !image.Pt(e.Touch.X, e.Touch.Y).In(image.Rectangle{Max: panel}):
		t.Errorf("%+v is outside", *e.Touch)
	default:
		down[e.Touch.Finger] = e.Touch.Phase == display.Down || e.Touch.Phase == display.Move
	}
}
