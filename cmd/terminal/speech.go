package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"unlockpoint/display/evdev"
	"unlockpoint/display/speech"
)

type speechConfig struct {
	When      string   `toml:"when"`
	Program   string   `toml:"program"`
	Arguments []string `toml:"arguments"`
	Jack      string   `toml:"jack"`
}

// When pages are read aloud.
const (
	speechAsked   = "asked"
	speechHeadset = "headset"
	speechOff     = "off"
)

// exampleSpeech is the part of the example about speech.
const exampleSpeech = `
[speech]
# When pages are read aloud. asked: with a headset plugged in, and without one
# to those who ask for it, until they are done. headset: only with one. off.
when = "asked"
# Empty: espeak-ng, or espeak where there is no other.
program = ""
# More of its arguments, such as ["-d", "hw:1"].
arguments = []
# The input device that is the headset's socket, with * and ?.
jack = "*"
`

func (c speechConfig) check() error {
	if all := []string{speechAsked, speechHeadset, speechOff}; !slices.Contains(all, c.When) {
		return oneOf("speech.when", c.When, all)
	}
	return nil
}

// addSpeech opens what reads pages aloud. A terminal that has nothing to speak
// with serves those who see.
func (f *face) addSpeech(c speechConfig, inputs evdev.Folder, log *slog.Logger) error {
	if c.When == speechOff {
		return nil
	}
	program, err := speech.Open(speech.Config{Program: c.Program, Arguments: c.Arguments, Log: log})
	if errors.Is(err, speech.ErrNone) {
		log.Info("pages are not read aloud", "cause", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("speech: %w", err)
	}
	jack, err := evdev.NewJack(c.Jack, inputs, log)
	if err != nil {
		return fmt.Errorf("speech: %w", err)
	}
	f.speaker, f.headset, f.asked = speech.NewSpeaker(program), jack.Changes(), c.When == speechAsked
	f.parts = append(f.parts, program.Run, jack.Run)
	return nil
}
