package simcard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"
)

// The protocol of vpcd, the virtual reader of the vsmartcard project: frames
// of a two-byte length and a payload, both ways. A payload of one byte is
// control; any other is a command APDU.
const (
	controlOff   = 0
	controlOn    = 1
	controlReset = 2
	controlATR   = 4 // the only control with an answer; also the presence poll

	frameHeader = 2
	maxFrame    = 1<<16 - 1
)

// redial is how often a reader that is not there yet is looked for: pcscd
// opens its virtual readers as it starts.
const redial = 100 * time.Millisecond

// Dial puts the card into the virtual reader at addr ("127.0.0.1:35963") and
// plays it until ctx ends, which takes it out and is no error. It waits for
// the reader and comes back to one that was restarted. It returns ErrPulled
// when a Pull took the card out.
//
// pcscd polls its virtual readers every 0.4 s: it misses an absence of less
// than about 0.7 s.
func Dial(ctx context.Context, addr string, card *Card) error {
	for {
		err := dialOnce(ctx, addr, card)
		card.Reset()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrPulled):
			return err
		}
		if wait(ctx, redial) != nil {
			return nil
		}
	}
}

func dialOnce(ctx context.Context, addr string, card *Card) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("dialling vpcd: %w", err)
	}
	tcp := conn.(*net.TCPConn)
	defer tcp.Close()
	stop := context.AfterFunc(ctx, func() { tcp.Close() })
	defer stop()
	err = serve(ctx, quickConn{tcp}, card)
	if errors.Is(err, ErrPulled) {
		// vpcd takes a closed connection for an empty answer and a broken
		// frame for a lost card: promise bytes, and reset the connection.
		tcp.Write([]byte{0, 2})
		tcp.SetLinger(0)
	}
	return err
}

// serve answers frames until the connection or the card ends.
func serve(ctx context.Context, conn io.ReadWriter, card *Card) error {
	for {
		payload, err := readFrame(conn)
		if err != nil {
			return err
		}
		answer, err := respond(ctx, card, payload)
		if err != nil {
			return err
		}
		if answer == nil {
			continue
		}
		if err := writeFrame(conn, answer); err != nil {
			return err
		}
	}
}

// respond returns nil for a frame that has no answer.
func respond(ctx context.Context, card *Card, payload []byte) ([]byte, error) {
	if len(payload) != 1 {
		return card.Answer(ctx, payload)
	}
	switch payload[0] {
	case controlOff, controlOn, controlReset:
		card.Reset()
		return nil, nil
	case controlATR:
		return card.frameATR(), nil
	}
	return nil, fmt.Errorf("vpcd control %d is not known", payload[0])
}

// frameATR is the answer to reset. That of a mute card is longer than any may
// be: then vpcd cannot power the card, and still sees that one is in. An empty
// answer would be an empty reader.
func (c *Card) frameATR() []byte {
	const longest = 33 // ISO/IEC 7816-3:2006, 8.2.1
	if a := c.ATR(); a != nil {
		return a
	}
	return make([]byte, longest+1)
}

func readFrame(r io.Reader) ([]byte, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return nil, fmt.Errorf("reading from vpcd: %w", err)
	}
	payload := make([]byte, binary.BigEndian.Uint16(header[:]))
	if _, err := io.ReadFull(r, payload); err != nil {
		return nil, fmt.Errorf("reading from vpcd: %w", err)
	}
	return payload, nil
}

func writeFrame(w io.Writer, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("writing to vpcd: an answer of %d bytes does not fit", len(payload))
	}
	frame := binary.BigEndian.AppendUint16(make([]byte, 0, frameHeader+len(payload)), uint16(len(payload)))
	if _, err := w.Write(append(frame, payload...)); err != nil {
		return fmt.Errorf("writing to vpcd: %w", err)
	}
	return nil
}

// quickConn acknowledges at once whatever it reads. vpcd writes a frame's
// length and payload apart, and Nagle's algorithm on its side would wait for
// our delayed acknowledgement in between: 44 ms for every command. The kernel
// forgets the option, so that it is set again after each read.
type quickConn struct{ *net.TCPConn }

func (c quickConn) Read(b []byte) (int, error) {
	n, err := c.TCPConn.Read(b)
	if raw, rawErr := c.SyscallConn(); rawErr == nil {
		raw.Control(func(fd uintptr) {
			// Best effort: without it the card is slower, not wrong.
			syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
		})
	}
	return n, err
}
