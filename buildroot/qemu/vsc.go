//go:build qemu

package qemu

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"unlockpoint/reader/simcard"
)

// The messages between QEMU's ccid-card-passthru and whoever has the card:
// VSCMsgType of libcacard's vscard_common.h, which QEMU 7.2 speaks.
const (
	vscInit       = 1
	vscError      = 2 // also says that all is well, by code 0
	vscReaderAdd  = 3
	vscATR        = 5
	vscCardRemove = 6
	vscAPDU       = 7
)

const (
	vscHeader  = 12
	vscLongest = 1 << 17 // longer than any command: an extended one has 65,544 bytes
	noReader   = 0xFFFFFFFF
)

// hello is the magic word, version 0.0.2, and no capabilities.
var hello = []byte{'V', 'S', 'C', 'D', 0, 0, 0, 2, 0, 0, 0, 0}

// message is one frame.
type message struct {
	kind   uint32
	reader uint32
	body   []byte
}

func readMessage(r io.Reader) (message, error) {
	var h [vscHeader]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return message{}, fmt.Errorf("read from the reader: %w", err)
	}
	n := binary.BigEndian.Uint32(h[8:])
	if n > vscLongest {
		return message{}, fmt.Errorf("read from the reader: a message of %d bytes: is it ccid-card-passthru?", n)
	}
	m := message{binary.BigEndian.Uint32(h[:]), binary.BigEndian.Uint32(h[4:]), make([]byte, n)}
	if _, err := io.ReadFull(r, m.body); err != nil {
		return message{}, fmt.Errorf("read from the reader: %w", err)
	}
	return m, nil
}

func (m message) bytes() []byte {
	b := make([]byte, 0, vscHeader+len(m.body))
	for _, n := range []uint32{m.kind, m.reader, uint32(len(m.body))} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return append(b, m.body...)
}

// mouth is the opening of the guest's reader, where cards go in. One goroutine
// (run) has the connection and the card.
type mouth struct {
	conn  net.Conn
	cards chan *simcard.Card // put in; nil takes out
	ended chan struct{}      // run is over
	err   error              // why, after that
}

// openMouth greets QEMU. It ends with the connection.
func openMouth(conn net.Conn) (*mouth, error) {
	m := &mouth{conn: conn, cards: make(chan *simcard.Card), ended: make(chan struct{})}
	if err := m.greet(); err != nil {
		return nil, err
	}
	go func() {
		m.err = m.run()
		conn.Close()
		close(m.ended)
	}()
	return m, nil
}

// greet makes a reader of the connection. QEMU greets as it starts, and again
// as it is greeted.
func (m *mouth) greet() error {
	for _, out := range []message{{vscInit, noReader, hello}, {vscReaderAdd, noReader, nil}} {
		if err := m.send(out); err != nil {
			return err
		}
	}
	for {
		answer, err := readMessage(m.conn)
		if err != nil {
			return err
		}
		if answer.kind != vscInit {
			return answer.refusal()
		}
	}
}

// refusal is what is wrong, if anything is.
func (m message) refusal() error {
	if m.kind != vscError || len(m.body) < 4 {
		return fmt.Errorf("the reader sends message %d of %d bytes instead of saying that all is well", m.kind, len(m.body))
	}
	if code := binary.BigEndian.Uint32(m.body); code != 0 {
		return fmt.Errorf("the reader refuses: code %d of VSCErrorCode", code)
	}
	return nil
}

// insert puts a card in; remove takes it out. The error says why the reader
// is not there any more.
func (m *mouth) insert(card *simcard.Card) error { return m.put(card) }
func (m *mouth) remove() error                   { return m.put(nil) }

func (m *mouth) put(card *simcard.Card) error {
	select {
	case m.cards <- card:
		return nil
	case <-m.ended:
		return m.err
	}
}

// run plays the card that is in, until the connection ends. QEMU answers a
// reset by itself, from the answer to reset it was told: the card hears of it
// only as it is put in.
func (m *mouth) run() error {
	messages, failed := make(chan message), make(chan error, 1)
	go func() { failed <- m.read(messages) }()
	var card *simcard.Card
	for {
		var err error
		select {
		case next := <-m.cards:
			err = m.exchange(card, next)
			card = next
		case in := <-messages:
			err = m.hear(card, in)
		case err := <-failed:
			return err
		}
		if err != nil {
			return err
		}
	}
}

// read hands on what comes, until the connection or run ends.
func (m *mouth) read(messages chan<- message) error {
	for {
		next, err := readMessage(m.conn)
		if err != nil {
			return err
		}
		select {
		case messages <- next:
		case <-m.ended:
			return nil
		}
	}
}

// exchange changes the card that is in.
func (m *mouth) exchange(old, card *simcard.Card) error {
	if old != nil {
		old.Reset()
		if err := m.send(message{kind: vscCardRemove}); err != nil {
			return err
		}
	}
	if card == nil {
		return nil
	}
	card.Reset()
	return m.send(message{kind: vscATR, body: card.ATR()})
}

// hear answers a command. Anything else needs no answer, but may be a refusal.
func (m *mouth) hear(card *simcard.Card, in message) error {
	switch {
	case in.kind == vscError:
		return in.refusal()
	case in.kind != vscAPDU || card == nil:
		return nil
	}
	answer, err := card.Answer(context.Background(), in.body)
	if err != nil {
		return fmt.Errorf("the card: %w", err)
	}
	return m.send(message{kind: vscAPDU, body: answer})
}

func (m *mouth) send(out message) error {
	if _, err := m.conn.Write(out.bytes()); err != nil {
		return fmt.Errorf("write to the reader: %w", err)
	}
	return nil
}
