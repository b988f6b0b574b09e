// Package signal draws attention without words: a beeper that sounds softly,
// and a lamp that shows from afar how the terminal is.
//
// Its words: a beep is one short tone; a state is what the lamp shows, as a
// rhythm, never as a colour alone. Neither says what a page does not say as
// well: there are people who hear or see neither.
package signal

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/board"
)

// Config is how beeper and lamp are connected, in the words of a
// configuration file.
type Config struct {
	Beeper  string // the host's pin, such as "GPIO12"; empty for none
	Tone    int    // in Hz, for a pin that can make one (PWM); 0 for a buzzer that sounds by itself while its pin is high
	Lamp    string // the host's pin; empty for none
	LampLow bool   // the lamp shines while its pin is low
	Log     *slog.Logger
}

// Signal is the beeper and the lamp of one terminal.
type Signal struct {
	beeper *beeper // nil for none
	lamp   *lamp   // nil for none
}

// Open finds the pins by their names; the program calls periph's host.Init
// before, once. An error names the setting that is wrong, and what to write.
func Open(c Config) (*Signal, error) {
	s, err := c.open()
	if err != nil {
		return nil, fmt.Errorf("signal: %w", err)
	}
	return s, nil
}

func (c Config) open() (*Signal, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	var s Signal
	if c.Beeper != "" {
		pin, err := board.Pin("beeper", c.Beeper)
		if err != nil {
			return nil, err
		}
		if s.beeper, err = newBeeper(pin, c.Tone, c.Log); err != nil {
			return nil, err
		}
	}
	if c.Lamp != "" {
		pin, err := board.Pin("lamp", c.Lamp)
		if err != nil {
			return nil, err
		}
		if s.beeper != nil && s.beeper.pin == pin {
			return nil, fmt.Errorf("beeper %q and lamp %q are one pin: each has one of its own", c.Beeper, c.Lamp)
		}
		s.lamp = newLamp(pin, c.LampLow, c.Log)
	}
	return &s, nil
}

// Beep sounds once, unless it sounds already: beeps do not queue. It does not
// wait.
func (s *Signal) Beep() {
	if s.beeper != nil {
		s.beeper.beep()
	}
}

// Show makes the lamp show a state from now on. It does not wait. It is for
// one goroutine at a time.
func (s *Signal) Show(state State) {
	if s.lamp != nil {
		s.lamp.show(state)
	}
}

// Run sounds and shines until ctx ends, and leaves both off. What goes wrong
// with a pin is logged once, and tried again: the beeper at the next beep, the
// lamp within two seconds. Nil is returned.
func (s *Signal) Run(ctx context.Context) error {
	var parts sync.WaitGroup
	if s.beeper != nil {
		parts.Go(func() { s.beeper.run(ctx) })
	}
	if s.lamp != nil {
		parts.Go(func() { s.lamp.run(ctx) })
	}
	<-ctx.Done()
	parts.Wait()
	return nil
}

// The tones that a beeper may be asked for. Below, small speakers do not
// sound; above, many people past sixty do not hear.
const (
	lowest  = 200 * physic.Hertz
	highest = 4 * physic.KiloHertz
)

// once logs the first of errors in a row.
type once struct {
	log  *slog.Logger
	told bool
}

func (o *once) check(what string, err error) {
	if err != nil && !o.told {
		o.log.Warn("a pin does not answer", "what", what, "error", err)
	}
	o.told = err != nil
}
