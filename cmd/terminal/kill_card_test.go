package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"unlockpoint/reader/iso7816"
)

// cardTap sits between a virtual reader and the card in it, and hears of every
// command that the card has executed before its answer goes back.
type cardTap struct {
	addr   string
	listen net.Listener
	mu     sync.Mutex
	heard  func(command []byte)
	all    sync.WaitGroup
}

func newCardTap(t testing.TB, reader string) *cardTap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &cardTap{addr: l.Addr().String(), listen: l}
	p.all.Go(func() {
		for {
			card, err := l.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() { p.join(card, reader) })
		}
	})
	t.Cleanup(func() { l.Close(); p.all.Wait() })
	return p
}

// join plays one card's time in the reader.
func (p *cardTap) join(card net.Conn, at string) {
	defer card.Close()
	reader, err := net.Dial("tcp", at)
	if err != nil {
		return
	}
	defer reader.Close()
	commands := make(chan []byte, 64) // more than are ever under way: one
	var back sync.WaitGroup
	back.Go(func() {
		defer reader.Close() // the card was taken
		defer card.Close()
		p.answers(card, reader, commands)
	})
	for {
		frame, err := frameOf(reader)
		if err != nil {
			break
		}
		if len(frame) > 3 || len(frame) == 3 && frame[2] == 4 { // a command, or the poll for the answer to reset
			commands <- frame[2:]
		}
		if _, err := card.Write(frame); err != nil {
			break
		}
	}
	card.Close()
	back.Wait()
}

// answers hands the card's answers on, each after it was heard of.
func (p *cardTap) answers(card, reader net.Conn, commands <-chan []byte) {
	for {
		frame, err := frameOf(card)
		if err != nil {
			return
		}
		p.hear(<-commands)
		if _, err := reader.Write(frame); err != nil {
			return
		}
	}
}

func (p *cardTap) hear(command []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.heard != nil {
		p.heard(command)
	}
}

func (p *cardTap) tell(heard func([]byte)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = heard
}

// frameOf reads one frame of vpcd, with its length.
func frameOf(r io.Reader) ([]byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	frame := append(head, make([]byte, binary.BigEndian.Uint16(head))...)
	_, err := io.ReadFull(r, frame[2:])
	return frame, err
}

// TestPowerIsCutAtEveryCommandOfAnUnlock kills the terminal, and central,
// when the card has executed a command of the unlock and the answer is not
// back yet.
func TestPowerIsCutAtEveryCommandOfAnUnlock(t *testing.T) {
	k := newKilling(t)
	tap := newCardTap(t, k.door.slot)
	k.door.slot = tap.addr
	got := "cut after\tof\terrand\tends on\n"
	for _, victim := range []string{"terminal", "central"} {
		for n := 1; ; n++ {
			name, r := k.commandCell(tap, n, victim)
			if name == "" {
				break // there are no more commands
			}
			k.honest() // the PUK that the cut left on the card is one that central knows
			got += fmt.Sprintf("command %d, %s\t%s\t%v\n", n, name, victim, r)
		}
	}
	compareGrid(t, "testdata/kill-card.txt", aligned(got))
}

// commandCell cuts after the nth command that follows the beginning of the
// Unlock effect. It returns no name when there are fewer.
func (k *killing) commandCell(tap *cardTap, n int, victim string) (string, result) {
	k.w.t.Helper()
	block(k.w.t, k.h)
	var mu sync.Mutex
	name, under := "", false
	k.fuse.watch(func(at string) {
		mu.Lock()
		defer mu.Unlock()
		under = at == "Unlock begin" || under && at != "Unlock end"
	})
	tap.tell(func(command []byte) {
		mu.Lock()
		defer mu.Unlock()
		if !under || len(command) == 1 || name != "" {
			return
		}
		if n--; n == 0 {
			name = commandName(command[1])
			k.victim(victim)()
		}
	})
	defer tap.tell(nil)
	defer k.fuse.watch(nil)
	r := k.visit(tale{errand: unlocking}, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return name != "" || k.p.last() == "unlock.done"
	})
	return name, r
}

func commandName(ins byte) string {
	names := map[byte]string{
		iso7816.InsSelect: "SELECT", 0x20: "VERIFY", 0x24: "CHANGE REFERENCE DATA", 0x2C: "RESET RETRY COUNTER",
		0x87: "GENERAL AUTHENTICATE", 0xCB: "GET DATA",
	}
	if name, ok := names[ins]; ok {
		return name
	}
	return fmt.Sprintf("INS %02X", ins)
}
