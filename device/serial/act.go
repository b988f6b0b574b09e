package serial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"unlockpoint/sync/wire"
)

// Machine is what the terminal runs on. A method that this machine has no way
// for says so by its error.
type Machine interface {
	// Reboot restarts it, as soon as the program has ended.
	Reboot(context.Context) error
	// Forget makes the next start of the program that of a terminal as it
	// came: no identity, no store, no settings of its own.
	Forget(context.Context) error
	// Calibrate makes the next start of the program begin with the calibration
	// of the panel's glass.
	Calibrate(context.Context) error
	// Hardware lists what the machine has to make a terminal of.
	Hardware(context.Context, io.Writer) error
	// End ends the program, and with it every session.
	End()
}

// shine is how long a terminal makes itself seen.
const shine = 15 * time.Second

func (s *session) identify(ctx context.Context, _ []string) error {
	if served := s.served(ctx); served != "" {
		s.say("%s", served)
		return nil
	}
	s.Printf("For %s the panel shows its name, the lamp flashes and it beeps.\n", spoken(shine))
	ctx, cancel := context.WithTimeout(ctx, shine)
	defer cancel()
	if err := s.cfg.Terminal.Identify(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func (s *session) calibrate(ctx context.Context, _ []string) error {
	if !s.confirmed(ctx, s.served(ctx)+"The terminal starts anew and shows 5 marks to tap; then it serves again. \"log\" says what came of it.", "yes") {
		return nil
	}
	if err := s.cfg.Machine.Calibrate(ctx); err != nil {
		return err
	}
	return s.leave()
}

func (s *session) hardware(ctx context.Context, _ []string) error {
	var found strings.Builder
	if err := s.cfg.Machine.Hardware(ctx, &found); err != nil {
		return err
	}
	s.Printf("%s", plain(found.String()))
	s.say("Who set the machine up can write that there; nobody can from here.")
	return nil
}

// served says whether a card is in, which is worth a word before the terminal
// goes away.
func (s *session) served(ctx context.Context) string {
	if s.cfg.Terminal == nil {
		return ""
	}
	r, err := s.cfg.Terminal.Health(ctx)
	if err == nil && r.Reader.Card {
		return "A card is in: somebody may be in the middle of something. "
	}
	return ""
}

func (s *session) reboot(ctx context.Context, _ []string) error {
	if !s.confirmed(ctx, s.served(ctx)+"The machine restarts; people wait for a minute.", "yes") {
		return nil
	}
	if err := s.cfg.Machine.Reboot(ctx); err != nil {
		return err
	}
	s.did(wire.ConsoleReboot)
	return s.leave()
}

// telling is how long central is waited for before all is forgotten.
const telling = 10 * time.Second

func (s *session) factoryReset(ctx context.Context, _ []string) error {
	if !s.confirmed(ctx, s.served(ctx)+"The terminal forgets its identity, its store and its settings. It serves nobody until it is enrolled again.", "forget") {
		return nil
	}
	s.did(wire.ConsoleReset)
	if !s.heard(ctx) {
		s.say("Central does not know of it: tell central IT.")
	}
	if err := s.cfg.Machine.Forget(ctx); err != nil {
		return err
	}
	return s.leave()
}

// heard waits until central knows of all that was done here, and says
// whether it has.
func (s *session) heard(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, telling)
	defer cancel()
	return s.cfg.Terminal != nil && s.cfg.Terminal.Told(ctx)
}

// did tells central of an act. That it cannot be kept keeps nobody from
// acting, as a full disk is to be mended.
func (s *session) did(what string) {
	if s.cfg.Terminal == nil {
		return
	}
	if err := s.cfg.Terminal.Report(what); err != nil {
		s.say("Central will not hear of it: %v", err)
	}
}

// confirmed asks for a word to be typed whole.
func (s *session) confirmed(ctx context.Context, what, word string) bool {
	s.say("%s", what)
	typed, err := s.ask(ctx, fmt.Sprintf("Type %s to go on: ", word))
	if err != nil || strings.TrimSpace(typed) != word {
		s.Printf("Nothing was done.\n")
		return false
	}
	return true
}

// leave ends the program once what needs that was prepared.
func (s *session) leave() error {
	s.Printf("Goodbye.\n")
	s.cfg.Machine.End()
	return errLeft
}
