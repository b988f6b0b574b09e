package serial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"unlockpoint/device/local"
	"unlockpoint/sync/wire"
)

func setVerbs() []verb {
	setting := func(word, args, help string, put func(*local.Settings, string)) verb {
		return verb{word: word, args: args, help: help, run: func(s *session, ctx context.Context, given []string) error {
			if len(given) != 1 {
				return fmt.Errorf("write: set %s %s", word, args)
			}
			put(&s.next, given[0])
			return s.compare(ctx, nil)
		}}
	}
	return []verb{
		setting("broker", "URL | default", "where the broker is; default: as terminal.toml has it", func(n *local.Settings, text string) {
			n.Broker = unless(text, "default")
		}),
		setting("address", "ADDRESS/LENGTH | dhcp", "the terminal's own address", func(n *local.Settings, text string) {
			if n.Address = unless(text, "dhcp"); n.Address == "" {
				n.Gateway, n.DNS = "", ""
			}
		}),
		setting("gateway", "ADDRESS | none", "the way out of the network", func(n *local.Settings, text string) {
			n.Gateway = unless(text, "none")
		}),
		setting("dns", "ADDRESS | none", "the name server", func(n *local.Settings, text string) {
			n.DNS = unless(text, "none")
		}),
	}
}

// unless is a text, or nothing where it is the word for that.
func unless(text, word string) string {
	if text == word {
		return ""
	}
	return text
}

// compare prints what a commit would change.
func (s *session) compare(context.Context, []string) error {
	lines := s.next.Difference(s.cfg.Local.Force())
	if len(lines) == 0 {
		s.Printf("Nothing differs from what is in force.\n")
	}
	for _, l := range lines {
		s.Printf("%s\n", plain(l))
	}
	return nil
}

const (
	usualTrial   = 10 * time.Minute
	longestTrial = 24 * time.Hour
)

func (s *session) commit(_ context.Context, args []string) error {
	trial, err := trialOf(args)
	if err != nil {
		return err
	}
	_, tried := s.cfg.Local.Trial()
	before := s.cfg.Local.Force()
	same := s.next == before
	if err := s.cfg.Local.Commit(s.next, trial); err != nil {
		return err
	}
	if !same {
		s.did(wire.ConsoleSet)
	}
	left, on := s.cfg.Local.Trial()
	switch {
	case same && tried:
		s.Printf("Confirmed.\n")
	case same:
		s.Printf("Nothing differs from what is in force.\n")
	case on:
		s.say("At work, and returned in %s unless \"commit\" comes before.", spoken(left))
	default:
		s.Printf("At work.\n")
	}
	if s.cfg.AddressAtRestart && !s.next.SameNetwork(before) {
		s.Printf("The address takes a restart: \"reboot\".\n")
	}
	return nil
}

// trialOf reads "confirmed", which may be cut short, and its minutes.
func trialOf(args []string) (time.Duration, error) {
	if len(args) == 0 {
		return 0, nil
	}
	if !strings.HasPrefix("confirmed", args[0]) || len(args) > 2 {
		return 0, errors.New("write: commit, or commit confirmed MINUTES")
	}
	if len(args) == 1 {
		return usualTrial, nil
	}
	n, err := strconv.Atoi(args[1])
	if d := time.Duration(n) * time.Minute; err == nil && d > 0 && d <= longestTrial {
		return d, nil
	}
	return 0, fmt.Errorf("commit confirmed %s: write 1 to 1440 minutes", args[1])
}

// rollback changes what the next commit puts to work, and nothing else.
func (s *session) rollback(ctx context.Context, args []string) error {
	commits := 0
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		if err != nil || len(args) > 1 {
			return errors.New("write: rollback, or rollback COMMITS")
		}
		commits = n
	}
	before, err := s.cfg.Local.Before(commits)
	if err != nil {
		return err
	}
	s.next = before
	return s.compare(ctx, nil)
}

// trial tells of settings that are on trial.
func (s *session) trial() {
	if left, on := s.cfg.Local.Trial(); on {
		s.say("Settings are on trial: they are returned in %s unless \"commit\" comes before.", spoken(left))
	}
}

// network prints the addresses that the system has, and what is set here.
func (s *session) network(ctx context.Context, _ []string) error {
	all, err := net.Interfaces()
	if err != nil {
		return fmt.Errorf("list the network's interfaces: %w", err)
	}
	for _, i := range all {
		if i.Flags&net.FlagLoopback == 0 {
			s.fact(i.Name, "%s", addresses(i))
		}
	}
	force := s.cfg.Local.Force()
	s.fact("broker", "%s", cmp.Or(force.Broker, "as terminal.toml has it"))
	s.fact("address", "%s", cmp.Or(force.Address, "by DHCP"))
	if force.Address != "" {
		s.fact("gateway", "%s", cmp.Or(force.Gateway, "none"))
		s.fact("dns", "%s", cmp.Or(force.DNS, "none"))
	}
	s.trial()
	return nil
}

func addresses(i net.Interface) string {
	is := "no cable"
	if i.Flags&net.FlagRunning != 0 {
		is = "up"
	}
	found, err := i.Addrs()
	if err != nil {
		return is
	}
	words := []string{is, i.HardwareAddr.String()}
	for _, a := range found {
		words = append(words, a.String())
	}
	return strings.Join(words, " ")
}
