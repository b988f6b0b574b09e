package serial

import (
	"context"
	"errors"
	"strings"
	"time"
)

// joining is how long an enrolment is tried.
const joining = time.Minute

// newcomer is the banner of a terminal that is nobody yet.
func (s *session) newcomer() {
	s.Printf("\nUnlockpoint terminal, not enrolled\n\n")
	s.say("Central IT has a code for it: \"central enrol\" shows one. With it, type: enrol CODE")
	s.trial()
	s.offer()
}

// enrol joins. The code may be typed in groups; what has an address's form is
// the broker's.
func (s *session) enrol(ctx context.Context, args []string) error {
	var code, broker string
	for _, arg := range args {
		switch {
		case strings.Contains(arg, "://"):
			broker = arg
		case !strings.HasPrefix(arg, "--"): // "--broker", as for "terminal enrol"
			code += arg
		}
	}
	if code == "" {
		return errors.New("write: enrol CODE, with the code that \"central enrol\" shows")
	}
	s.past.forget()
	s.Printf("Joining; this takes up to a minute.\n")
	ctx, cancel := context.WithTimeout(ctx, joining)
	defer cancel()
	who, err := s.cfg.Joins.Enrol(ctx, code, broker)
	if err != nil {
		return err
	}
	s.say("%s. It starts now: press a key in a moment to log in.", who)
	s.cfg.Machine.End()
	return errLeft
}
