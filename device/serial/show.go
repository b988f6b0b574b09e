package serial

import (
	"context"
	"fmt"
	"strings"

	"unlockpoint/device/health"
	"unlockpoint/display/text"
)

func (s *session) banner(ctx context.Context) error {
	if s.cfg.Joins != nil {
		s.newcomer()
		return nil
	}
	if s.cfg.Terminal == nil {
		s.Printf("\nUnlockpoint terminal, which does not run for now\n\n")
		s.faults(s.cfg.Stopped)
		s.trial()
		s.offer()
		return nil
	}
	r, err := s.cfg.Terminal.Health(ctx)
	if err != nil {
		return err
	}
	s.Printf("\nUnlockpoint terminal %s: %s, site %s\n", r.ID, plain(r.Name), r.Site)
	s.Printf("Build %s, up %s\n\n", r.Build, spoken(r.Up))
	s.brief(r.Faults())
	s.trial()
	s.offer()
	return nil
}

// offer prints the menu, and how it is used.
func (s *session) offer() {
	s.Printf("\n")
	s.columns(s.menu.sub)
	s.Printf("\nNumbers choose, ? helps, Tab completes, words may be cut short, 0 goes back.\n")
}

// showing makes a command that prints a part of a reading.
func showing(print func(*session, health.Reading)) func(*session, context.Context, []string) error {
	return func(s *session, ctx context.Context, _ []string) error {
		r, err := s.cfg.Terminal.Health(ctx)
		if err == nil {
			print(s, r)
		}
		return err
	}
}

func showVerbs() []verb {
	return []verb{
		{word: "status", help: "all of the below in short", run: showing((*session).status)},
		{word: "faults", help: "what is wrong, and what to do", run: showing(func(s *session, r health.Reading) { s.faults(r.Faults()) })},
		{word: "page", help: "what people see now", run: showing((*session).page)},
		{word: "version", help: "the build", run: showing((*session).version)},
		{word: "link", help: "the line to central", run: showing((*session).link)},
		{word: "store", help: "what is kept", run: showing((*session).store)},
		{word: "reader", help: "the reader, and the kind of the card in it", run: showing((*session).reader)},
		{word: "face", help: "panel, touch and keypad", run: showing((*session).face)},
		{word: "config", help: "terminal.toml", run: func(s *session, ctx context.Context, _ []string) error {
			_, err := fmt.Fprintln(screen{ctx, s.port}, plain(strings.TrimSpace(s.cfg.Settings)))
			return err
		}},
	}
}

func (s *session) status(r health.Reading) {
	s.fact("terminal", "%s (%s, site %s)", r.ID, r.Name, r.Site)
	s.fact("page", "%s", r.Page)
	s.version(r)
	s.link(r)
	s.store(r)
	s.reader(r)
	s.face(r)
	s.faults(r.Faults())
}

// page prints what stands on the panel, unless somebody is served.
func (s *session) page(r health.Reading) {
	page := s.cfg.Terminal.Page()
	if r.Reader.Card || page.Private {
		s.Printf("%s (a card is in: what else the page says is its holder's)\n", page.ID)
		return
	}
	s.Printf("%s", plain(text.Of(page)))
}

func (s *session) version(r health.Reading) {
	made := ""
	if !r.Made.IsZero() {
		made = " of " + r.Made.UTC().Format("2 January 2006")
	}
	s.fact("build", "%s%s, up %s", r.Build, made, spoken(r.Up))
	s.fact("clock", "%s", r.At.UTC().Format("2006-01-02 15:04:05 UTC"))
}

func (s *session) link(r health.Reading) {
	s.fact("broker", "%s", r.Link.Broker)
	switch {
	case r.Link.Up:
		s.fact("central", "can be asked")
	case r.Link.Central:
		s.fact("central", "is there; the session is not made yet")
	case r.Link.Linked:
		s.fact("central", "is away; the broker lets this terminal in")
	case r.Link.Why != "":
		s.fact("central", "cannot be reached: %s", r.Link.Why)
	default:
		s.fact("central", "cannot be reached")
	}
	if !r.Link.Until.IsZero() {
		s.fact("certificate", "until %s", r.Link.Until.UTC().Format("2 January 2006"))
	}
	s.fact("rules", "version %d", r.Policy)
}

func (s *session) store(r health.Reading) {
	s.fact("store", "%s, %d MiB free", r.Store.Incarnation, r.Store.Free>>20)
	s.fact("registry", "up to change %d", r.Store.Registry)
	s.fact("facts", "%d written, %d wait for central", r.Store.Facts, r.Store.Waiting)
	if r.Store.SetAside != "" {
		s.fact("damaged", "%s", r.Store.SetAside)
	}
}

func (s *session) reader(r health.Reading) {
	switch {
	case r.Reader.Name == "":
		s.fact("reader", "none")
		return
	case !r.Reader.Approved:
		s.fact("reader", "%s, which may not be used", r.Reader.Name)
	default:
		s.fact("reader", "%s", r.Reader.Name)
	}
	switch {
	case !r.Reader.Card:
		s.fact("card", "none")
	case r.Reader.Profile == "":
		s.fact("card", "one is in")
	default:
		s.fact("card", "one is in: %s, %d commands, the slowest took %d ms", r.Reader.Profile, r.Reader.Commands, r.Reader.Slowest.Milliseconds())
	}
}

func (s *session) face(r health.Reading) {
	for _, p := range r.Face {
		switch {
		case p.Down > 0:
			s.fact(string(p.Name), "has not worked for %s: %s", spoken(p.Down), p.Cause)
		case p.Times > 0:
			s.fact(string(p.Name), "works, and failed %d times in the last 10 minutes", p.Times)
		default:
			s.fact(string(p.Name), "works")
		}
	}
}
