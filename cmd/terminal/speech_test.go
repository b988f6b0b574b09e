package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display/text"
	"unlockpoint/reader/simcard"
)

// speaks gives it a voice.
func (a *wall) speaks(program string, arguments ...string) {
	a.w.t.Helper()
	config, err := os.ReadFile(a.config)
	if err != nil {
		a.w.t.Fatal(err)
	}
	a.w.Write(a.id+".toml", fmt.Sprintf("%s\n[speech]\nprogram = %q\narguments = [\"%s\"]\n", config, program, strings.Join(arguments, `", "`)))
}

// TestAPersonHearsTheirWayToARegisteredCard: who asks for it hears every page,
// and nobody hears what they type. espeak-ng is real; its sound goes nowhere,
// since test machines have no sound card, and its text is kept.
func TestAPersonHearsTheirWayToARegisteredCard(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	said := w.Path("said")
	program := w.Path("voice")
	w.Write("voice", fmt.Sprintf("#!/bin/sh\ntee -a %q | espeak-ng \"$@\"\n", said))
	if err := os.Chmod(program, 0o700); err != nil {
		t.Fatal(err)
	}
	door.speaks(program, "-w", "/dev/null")
	p := door.start()
	hears := func(words string) {
		t.Helper()
		hospitaltest.Await(t, "the words "+words, func() bool {
			text, _ := os.ReadFile(said)
			return strings.Contains(string(text), words)
		})
	}
	h := w.Hires(simcard.Working)

	p.sees("idle")
	p.presses("9")
	hears("Put your smartcard in")
	door.insert(h.Card)
	p.takes("egister")
	hears(p.sees("register.start").Title)
	p.presses("Enter")
	hears(p.sees("register.passcode").Title)
	before := w.Mails()
	p.types(h.Passcode)
	answers := p.choosesQuestions()
	hears(p.sees("register.email").Title)
	p.presses("Enter")
	hears(p.sees("register.code").Title)
	p.types(w.Code(h, before))
	hears(p.sees("register.done").Title)
	p.leaves(door)

	asks := func(a text.Option) bool { return a.Key == "9" && a.Label == "Read pages aloud" }
	if idle := p.sees("idle"); !slices.ContainsFunc(idle.Actions, asks) {
		t.Errorf("for the next person it still speaks: %+v", idle.Actions)
	}
	heard, err := os.ReadFile(said)
	if err != nil {
		t.Fatal(err)
	}
	tracesOf(t, w, h, answers).notIn(t, "what was said", heard)
	if log := door.terminal.Log.String(); strings.Contains(log, "could not be read aloud") {
		t.Error("the voice complains: see the log")
		tracesOf(t, w, h, answers).notIn(t, "the log", []byte(log))
	}
}
