//go:build qemu

package qemu

import (
	"bytes"
	"net"
	"testing"

	"unlockpoint/reader/simcard"
)

// passthru is QEMU's end of the line, as far as the mouth sees it.
type passthru struct {
	t *testing.T
	net.Conn
}

func (r passthru) says(m message) {
	r.t.Helper()
	if _, err := r.Write(m.bytes()); err != nil {
		r.t.Fatal(err)
	}
}

func (r passthru) hears(kind uint32, body []byte) {
	r.t.Helper()
	m, err := readMessage(r)
	if err != nil {
		r.t.Fatal(err)
	}
	if m.kind != kind || !bytes.Equal(m.body, body) {
		r.t.Fatalf("message %d % x, want %d % x", m.kind, m.body, kind, body)
	}
}

var allWell = message{kind: vscError, body: make([]byte, 4)}

// inFront is a mouth that was opened, and the reader behind it.
func inFront(t *testing.T) (*mouth, passthru) {
	t.Helper()
	ours, theirs := net.Pipe()
	r := passthru{t, theirs}
	opened := make(chan *mouth)
	go func() {
		m, err := openMouth(ours)
		if err != nil {
			t.Error(err)
		}
		opened <- m
	}()
	r.hears(vscInit, hello)
	r.hears(vscReaderAdd, []byte{})
	r.says(message{kind: vscInit, body: hello})
	r.says(allWell)
	m := <-opened
	t.Cleanup(func() { theirs.Close(); <-m.ended })
	return m, r
}

func TestACardInTheMouthAnswersTheReader(t *testing.T) {
	m, r := inFront(t)
	card, err := simcard.New(simcard.Config{Profiles: []string{"piv"}, Name: "Amina Testperson", PIN: "482913", PUK: "91530001"})
	if err != nil {
		t.Fatal(err)
	}
	go m.insert(card)
	r.hears(vscATR, card.ATR())
	r.says(allWell)
	r.says(message{kind: vscAPDU, body: []byte{0, 0xCA, 0, 0, 0}})
	r.hears(vscAPDU, []byte{0x6D, 0x00})
	go m.remove()
	r.hears(vscCardRemove, []byte{})
}

func TestAReaderThatRefusesEndsTheMouth(t *testing.T) {
	m, r := inFront(t)
	r.says(message{kind: vscError, body: []byte{0, 0, 0, 2}})
	<-m.ended
	if m.insert(nil) == nil {
		t.Error("there is no reader any more, and a card goes in")
	}
}

func FuzzWhatAReaderSaysIsReadOrRefused(f *testing.F) {
	f.Add(allWell.bytes())
	f.Add(message{vscAPDU, 0, []byte{0, 0xA4, 4, 0}}.bytes())
	f.Add([]byte{0, 0, 0, 7, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readMessage(bytes.NewReader(raw))
		if err != nil {
			return
		}
		if again := m.bytes(); !bytes.Equal(again, raw[:len(again)]) {
			t.Errorf("% x is read as % x", raw, again)
		}
	})
}
