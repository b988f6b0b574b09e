package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/display/goldentest"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/profiles"
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

// hear keeps nobody else waiting: the next card may be polled before it is done.
func (p *cardTap) hear(command []byte) {
	p.mu.Lock()
	heard := p.heard
	p.mu.Unlock()
	if heard != nil {
		heard(command)
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

// work is what an errand has the card do: the effects that send it commands,
// and whose power is worth cutting meanwhile.
type work struct {
	errand  errand
	effects []journey.Effect
	goal    string
	victims []string
}

func works() []work {
	return []work{
		{unlocking, []journey.Effect{journey.Unlock{}}, "unlock.done", []string{"terminal", "central", "pcscd"}},
		{registering, []journey.Effect{journey.VerifyPasscode{}, journey.BeginRegistration{}, journey.MakeKeys{}, journey.Enrol{}}, "register.done", []string{"terminal", "pcscd"}},
		{changing, []journey.Effect{journey.ChangePasscode{}}, "change.done", []string{"terminal", "pcscd"}},
	}
}

// TestPowerIsCutAtEveryCommand kills the terminal, the card service and, in
// an unlock, central when a card has executed a command and the answer is not
// back yet: with every kind of card.
func TestPowerIsCutAtEveryCommand(t *testing.T) {
	t.Parallel()
	all := make([]string, len(profiles.All()))
	t.Run("of", func(t *testing.T) {
		for i, p := range profiles.All() {
			t.Run(p.Name, func(t *testing.T) {
				t.Parallel()
				all[i] = cutEveryCommand(t, p.Name)
			})
		}
	})
	if !t.Failed() {
		goldentest.Table(t, "testdata/kill-card.txt", "card\tcut after\tof\terrand\tends on\n"+strings.Join(all, ""), *update)
	}
}

func cutEveryCommand(t *testing.T, profile string) (rows string) {
	k := newKilling(t, profile)
	tap := newCardTap(t, k.door.slot)
	k.door.slot = tap.addr
	for _, w := range works() {
		for _, victim := range w.victims {
			for n := 1; ; n++ {
				name, r := k.commandCell(tap, w, n, victim)
				if name == "" {
					break // there are no more commands
				}
				if w.errand == unlocking {
					k.honest() // the key that the cut left on the card is one that central knows
				}
				rows += fmt.Sprintf("%s\tcommand %d, %s\t%s\t%v\n", profile, n, name, victim, r)
			}
		}
	}
	return rows
}

// commandCell cuts after the nth command of a work. It returns no name when
// there are fewer.
func (k *killing) commandCell(tap *cardTap, w work, n int, victim string) (string, result) {
	k.w.t.Helper()
	if w.errand == unlocking {
		k.h.Block(k.w.t)
	}
	var mu sync.Mutex
	name, under := "", false
	k.fuse.watch(func(at string) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range w.effects {
			switch at {
			case moment(e, false):
				under = true
			case moment(e, true):
				under = false
			}
		}
	})
	tap.tell(func(command []byte) {
		mu.Lock()
		now := under && len(command) > 1 && n > 0
		if now {
			n--
			now = n == 0
		}
		mu.Unlock()
		if now { // a card service that starts again may poll the card before this is done
			k.victim(victim)()
			mu.Lock()
			name = iso7816.Name(command[1])
			mu.Unlock()
		}
	})
	defer tap.tell(nil)
	defer k.fuse.watch(nil)
	r := k.visit(tale{errand: w.errand}, func() bool {
		mu.Lock()
		defer mu.Unlock()
		return name != "" || n > 0 && k.p.last() == w.goal
	})
	return name, r
}
