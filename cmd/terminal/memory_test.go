package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf16"

	"unlockpoint/reader/simcard"
	"unlockpoint/sync/answer"
)

// What its holder typed is gone as soon as it has done its work, while the card
// is still in, and nothing is left once it is out: neither answers, nor codes or
// passcodes, in any form that the program has for them.
func TestWhatWasTypedLeavesTheMemoryWithTheCard(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.Hires(simcard.Working)
	secrets := traces{"passcode": []byte(h.Passcode), "new passcode": []byte(h.Next)}
	said := map[string]string{}

	before := w.Mails()
	p.sees("idle")
	door.insert(h.Card)
	p.takes("egister")
	p.sees("register.start")
	p.presses("Enter")
	p.sees("register.passcode")
	p.typesSlowly(h.Passcode)
	for _, text := range []string{"Zebrafish lane", "Quokka harbour", "Walrus meadow", "Ibex terrace"} {
		s := p.sees("register.question")
		said[s.Choices[0].Label] = text
		p.presses(s.Choices[0].Key)
		p.sees("register.answer")
		p.typesSlowly(text)
		normal, err := answer.Normalise([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		secrets[text], secrets["normalised "+text] = []byte(text), normal
		p.sees("register.question", "register.email")
	}
	p.sees("register.email")
	door.remembersNone(secrets)
	p.presses("Enter")
	p.sees("register.code")
	door.remembersNone(secrets)
	code := w.Code(h, before)
	secrets["registration code"] = []byte(code)
	p.typesSlowly(code)
	p.sees("register.done")
	door.remembersNone(secrets)
	p.leaves(door)
	door.remembersNone(secrets)

	h.Block(t)
	before = w.Mails()
	p.starts(door, h)
	s := p.sees("unlock.answer")
	for s.ID == "unlock.answer" {
		p.typesSlowly(said[s.Title])
		s = p.turns(s)
	}
	p.sees("unlock.code")
	door.remembersNone(secrets)
	code = w.Code(h, before)
	secrets["unlock code"] = []byte(code)
	p.typesSlowly(code)
	p.sees("unlock.passcode")
	door.remembersNone(secrets)
	p.typesSlowly(h.Next)
	p.sees("unlock.repeat")
	p.typesSlowly(h.Next)
	p.sees("unlock.done")
	door.remembersNone(secrets)
	p.leaves(door)
	door.remembersNone(secrets)
}

// Who stops while central is slow leaves nothing behind either, though the card
// is still in.
func TestWhatWasTypedLeavesTheMemoryWithWhoStops(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	p := door.start()
	h := w.blocked(p, door)
	secrets := traces{}
	central := func(what syscall.Signal) {
		if err := w.Central.Cmd.Process.Signal(what); err != nil {
			t.Fatal(err)
		}
	}
	stops := func() {
		p.sees("offline")
		p.presses("Cancel")
		p.sees("take-card")
		door.remembersNone(secrets)
		central(syscall.SIGCONT)
		p.leaves(door)
	}

	p.starts(door, h)
	s := p.sees("unlock.answer")
	central(syscall.SIGSTOP)
	for _, text := range []string{"Zebrafish lane", "Quokka harbour", "Walrus meadow"} {
		normal, err := answer.Normalise([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		secrets[text], secrets["normalised "+text] = []byte(text), normal
		p.typesSlowly(text)
		s = p.turns(s)
	}
	stops()

	code := p.asks(w, door, h)
	secrets["code"] = []byte(code)
	central(syscall.SIGSTOP)
	p.typesSlowly(code)
	stops()
}

// typesSlowly types as hands do: a character at a time.
func (p *person) typesSlowly(text string) {
	p.t.Helper()
	for _, r := range text {
		p.send(map[string]string{"text": string(r)})
	}
	p.presses("Enter")
}

// wiped is more than a terminal takes for it.
const wiped = 10 * time.Second

// remembersNone looks for secrets in all that the terminal can write to, once
// it had the time to wipe it.
func (a *wall) remembersNone(secrets traces) {
	t := a.w.t
	t.Helper()
	for end := time.Now().Add(wiped); ; {
		left := a.remembers(secrets)
		if len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("in the memory of the terminal: %q", left)
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (a *wall) remembers(secrets traces) (left []string) {
	t := a.w.t
	t.Helper()
	process := fmt.Sprintf("/proc/%d/", a.terminal.Cmd.Process.Pid)
	maps, err := os.ReadFile(process + "maps")
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open(process + "mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	seen := 0
	for line := range strings.Lines(string(maps)) {
		var from, to int64
		var may string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &may); err != nil || !strings.HasPrefix(may, "rw") || to-from > 1<<30 {
			continue
		}
		area := make([]byte, to-from)
		n, _ := memory.ReadAt(area, from) // what was never touched cannot be read
		seen += n
		for what, secret := range secrets {
			for _, form := range [][]byte{secret, runes(secret), units(secret)} {
				if at := bytes.Index(area[:n], form); at >= 0 {
					left = append(left, fmt.Sprintf("%s at %x: %q", what, from+int64(at), area[max(at-32, 0):min(at+len(form)+32, n)]))
				}
			}
		}
	}
	if seen < 1<<20 {
		t.Errorf("only %d bytes of memory could be read", seen)
	}
	return left
}

// runes is text as a []rune lies in memory.
func runes(text []byte) (b []byte) {
	for _, r := range string(text) {
		b = append(b, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	return b
}

// units is text as a []uint16 lies in memory.
func units(text []byte) (b []byte) {
	for _, u := range utf16.Encode([]rune(string(text))) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}
