package evdev

import (
	"bytes"
	"slices"
	"testing"
)

func TestEventsAreReadInBothWidths(t *testing.T) {
	want := []Event{{EvKey, KeyEnter, 1}, {EvAbs, AbsX, -5}, {EvSyn, SynReport, 0}}
	for width, size := range map[Width]int{Width32: 16, Width64: 24} {
		var raw []byte
		for _, e := range want {
			raw = e.Append(raw, width)
		}
		if len(raw) != 3*size {
			t.Fatalf("an event of width %d takes %d bytes", width, len(raw)/3)
		}
		got, rest := Parse(append(raw, 9, 9, 9), width)
		if !slices.Equal(got, want) || !bytes.Equal(rest, []byte{9, 9, 9}) {
			t.Errorf("width %d: %v, and %v is left", width, got, rest)
		}
	}
}

// What a machine of low byte first gives for Enter going down, on 64 bit.
func TestAnEventIsTheKernelsStruct(t *testing.T) {
	raw := []byte{
		0x5b, 0x1c, 0x2f, 0x67, 0, 0, 0, 0, 0x40, 0x42, 0x0f, 0, 0, 0, 0, 0,
		0x01, 0x00, 0x1c, 0x00, 0x01, 0x00, 0x00, 0x00,
	}
	got, rest := Parse(raw, Width64)
	if want := []Event{{EvKey, KeyEnter, 1}}; !slices.Equal(got, want) || len(rest) > 0 {
		t.Errorf("%v, and %v is left", got, rest)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add(Event{EvSyn, SynDropped, 0}.Append(nil, Width64), true)
	f.Add(Event{EvAbs, AbsMTSlot, -1}.Append(nil, Width32), false)
	f.Fuzz(func(t *testing.T, raw []byte, wide bool) {
		w := Width32
		if wide {
			w = Width64
		}
		events, rest := Parse(raw, w)
		if len(events)*int(w)+len(rest) != len(raw) || len(rest) >= int(w) {
			t.Errorf("%d bytes are %d events and %d bytes", len(raw), len(events), len(rest))
		}
		for i, e := range events {
			again := e.Append(nil, w)
			if !bytes.Equal(again[w-8:], raw[(i+1)*int(w)-8:(i+1)*int(w)]) {
				t.Errorf("event %d is written back as %x", i, again)
			}
		}
	})
}
