package evdev

import (
	"encoding/binary"
	"math/bits"
)

// Event is one struct input_event of the kernel without its time
// (include/uapi/linux/input.h).
type Event struct {
	Type, Code uint16
	Value      int32
}

// Width is how many bytes an event takes: two longs of time, and 8.
type Width int

// The widths. On 32 bit the longs stay 32 bit, whatever time_t is.
const (
	Width32 Width = 16
	Width64 Width = 24
	Native  Width = 8 + 2*bits.UintSize/8
)

// Parse cuts raw into events, and returns the bytes of one that is not whole.
func Parse(raw []byte, w Width) ([]Event, []byte) {
	var events []Event
	for len(raw) >= int(w) {
		events = append(events, event(raw, w))
		raw = raw[w:]
	}
	return events, raw
}

// event reads the first.
func event(raw []byte, w Width) Event {
	body := raw[w-8 : w]
	return Event{
		Type:  binary.NativeEndian.Uint16(body),
		Code:  binary.NativeEndian.Uint16(body[2:]),
		Value: int32(binary.NativeEndian.Uint32(body[4:])),
	}
}

// Append adds an event as the kernel writes it, at no particular time.
func (e Event) Append(raw []byte, w Width) []byte {
	raw = append(raw, make([]byte, w-8)...)
	raw = binary.NativeEndian.AppendUint16(raw, e.Type)
	raw = binary.NativeEndian.AppendUint16(raw, e.Code)
	return binary.NativeEndian.AppendUint32(raw, uint32(e.Value))
}
