package pcsc_test

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// play puts a card of the test's own at vpcd's door, which answers commands as
// it is told; an answer of nil is none at all. The card leaves with the test.
func (r rig) play(t *testing.T, slot int, answer func(command []byte) []byte) (pull func()) {
	t.Helper()
	conn, err := net.DialTimeout("tcp", r.stack.Slots[slot], limit)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); answerFrames(conn, answer) }()
	pull = func() { conn.Close(); <-done }
	t.Cleanup(pull)
	return pull
}

// answerFrames plays the card until either end closes the connection.
func answerFrames(conn net.Conn, answer func([]byte) []byte) {
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		frame := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, frame); err != nil {
			return
		}
		reply := control(frame)
		if len(frame) > 1 {
			reply = answer(frame)
		}
		if reply == nil {
			continue
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

// control answers vpcd's question for the answer to reset; power and resets
// have no answer.
func control(frame []byte) []byte {
	const askATR = 4
	if len(frame) == 1 && frame[0] == askATR {
		return []byte{0x3B, 0x80, 0x80, 0x01, 0x01}
	}
	return nil
}
