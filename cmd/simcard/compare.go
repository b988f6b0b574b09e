package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pcsc/pcscd"
	"unlockpoint/reader/profiles"
	"unlockpoint/reader/simcard"
)

type compareCommand struct {
	Delay time.Duration `default:"10ms" help:"What a command takes on the card (${default})."`
	Runs  int           `default:"5" help:"How often each program unblocks each card; the fastest counts, as the one that nothing else disturbed (${default})."`
}

// Help is what "simcard compare --help" adds.
func (c *compareCommand) Help() string {
	return `Starts a PC/SC service of its own, blocks a virtual card of each profile, and has
it unblocked by the terminal's own commands and by the usual programs of Debian,
each as a whole process. Prints one table, then one JSON object a line.`
}

// Validate is for kong.
func (c *compareCommand) Validate() error {
	if c.Runs < 1 {
		return fmt.Errorf("--runs is %d: write 1 or more", c.Runs)
	}
	return nil
}

// Run compares.
func (c *compareCommand) Run(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "simcard-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	service, err := pcscd.Start(dir)
	if err != nil {
		return err
	}
	defer service.Down()
	r := &report{}
	for _, y := range yardsticks() {
		if err := c.measure(ctx, service, y, r); err != nil {
			return fmt.Errorf("%s: %w", y.profile, err)
		}
	}
	if err := c.identify(ctx, r); err != nil {
		return err
	}
	return r.print(out)
}

// measure has one kind of card unblocked by everybody.
func (c *compareCommand) measure(ctx context.Context, service *pcscd.Service, y yardstick, r *report) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	own := rival{"Unlockpoint", func(t target) []string { return []string{"unblock", y.profile, "--reader", t.reader} }}
	ours, err := c.trials(ctx, service, y, own, self)
	if err != nil {
		return err
	}
	call, err := c.count(ctx, y)
	if err != nil {
		return err
	}
	r.row(y.profile, own.name, ours, fmt.Sprintf(" (%d on a card that it has read)", call))
	r.add("cards."+y.profile+".apdus", float64(call), "commands")
	r.add("cards."+y.profile+".process_apdus", float64(ours.commands), "commands")
	var first result
	for i, rival := range y.rivals {
		theirs, err := c.trials(ctx, service, y, rival, rival.name)
		if err != nil {
			return err
		}
		r.row(y.profile, rival.name, theirs, "")
		name := "cards." + y.profile + ".tool_apdus"
		if i > 0 {
			name = "cards." + y.profile + "." + rival.name + "_apdus"
		}
		r.add(name, float64(theirs.commands), "commands")
		if i == 0 {
			first = theirs
		}
	}
	r.add("cards."+y.profile+".wall_ratio", ours.wall.Seconds()/first.wall.Seconds(), "ratio")
	extra, err := c.extra(ctx, y)
	if err != nil {
		return err
	}
	r.extras = append(r.extras, fmt.Sprintf("%s\t%s", y.profile, strings.Join(extra, ", ")))
	r.add("cards."+y.profile+".extra_apdus", float64(len(extra)), "commands")
	return nil
}

// result is what unblocking took.
type result struct {
	commands int
	wall     time.Duration
}

// trials are several runs of one program; each has to unblock the card.
func (c *compareCommand) trials(ctx context.Context, service *pcscd.Service, y yardstick, who rival, path string) (result, error) {
	best := result{wall: time.Hour}
	for range c.Runs {
		r, err := c.trial(ctx, service, y, who, path)
		if err != nil {
			return best, fmt.Errorf("%s: %w", who.name, err)
		}
		if r.wall < best.wall {
			best = r
		}
	}
	return best, nil
}

func (c *compareCommand) trial(ctx context.Context, service *pcscd.Service, y yardstick, who rival, path string) (result, error) {
	card, err := y.blocked()
	if err != nil {
		return result{}, err
	}
	in, out := context.WithCancel(ctx)
	taken := make(chan error, 1)
	go func() { taken <- simcard.Dial(in, service.Slots[0], card) }()
	defer func() { out(); <-taken; time.Sleep(unnoticed) }()
	if err := seen(ctx, service); err != nil {
		return result{}, err
	}
	y.quirks.Delay = simcard.Delay(c.Delay)
	if err := card.SetQuirks(y.quirks); err != nil {
		return result{}, err
	}
	card.ResetCounts()
	cmd := service.Command(path, who.args(target{service.Readers[0], y.key, y.passcode})...)
	cmd.Stdin = strings.NewReader(y.key + "\n" + y.passcode + "\n")
	began := time.Now()
	said, err := cmd.CombinedOutput()
	r := result{wall: time.Since(began), commands: card.Status().Total()}
	if err != nil {
		return r, fmt.Errorf("%w: %s", err, said)
	}
	if !card.Verify(y.passcode) {
		return r, fmt.Errorf("the card is not unblocked: %s", said)
	}
	return r, nil
}

func (y yardstick) blocked() (*simcard.Card, error) {
	return simcard.New(simcard.Config{Kind: simcard.Blocked, Profiles: []string{y.profile}, PUK: y.key, Quirks: y.quirks})
}

// unnoticed is how long a reader must be empty for pcscd to see it.
const unnoticed = time.Second

// seen returns when pcscd has the card.
func seen(ctx context.Context, service *pcscd.Service) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		cmd := service.Command("opensc-tool", "--reader", service.Readers[0], "--atr")
		if said, err := cmd.CombinedOutput(); err == nil {
			return nil
		} else if ctx.Err() != nil || isMissing(err) {
			return fmt.Errorf("waiting for the card: %w: %s", err, said)
		}
	}
}

func isMissing(err error) bool {
	_, ran := err.(*exec.ExitError)
	return !ran
}

// count is how many commands the product's own call takes, from SELECT to
// unblocked, on a card that it has read before, as the terminal has by then.
func (c *compareCommand) count(ctx context.Context, y yardstick) (n int, err error) {
	card, err := y.blocked()
	if err != nil {
		return 0, err
	}
	kind, key, err := y.secret()
	if err != nil {
		return 0, err
	}
	err = powered(ctx, card, func(link iso7816.Transmitter) error {
		selected, err := open(ctx, link, kind.Profile)
		if err != nil {
			return err
		}
		n = card.Status().Total()
		if _, err := selected.Info(ctx); err != nil {
			return err
		}
		card.ResetCounts()
		err = unlock(ctx, selected, kind.Profile, key, []byte(y.passcode))
		n += card.Status().Total()
		return err
	})
	return n, err
}

// identify counts the commands from insertion to the first page that knows the
// card, of cards with one application, and keeps the most.
func (c *compareCommand) identify(ctx context.Context, r *report) error {
	worst := 0
	for _, p := range profiles.All() {
		card, err := simcard.New(simcard.Config{Profiles: []string{p.Name}})
		if err != nil {
			return err
		}
		err = powered(ctx, card, func(link iso7816.Transmitter) error {
			_, _, err := profiles.Open(ctx, link)
			return err
		})
		if err != nil {
			return fmt.Errorf("identifying %s: %w", p.Name, err)
		}
		n := card.Status().Total()
		worst = max(worst, n)
		r.add("cards."+p.Name+".identify_apdus", float64(n), "commands")
	}
	r.add("cards.identify_apdus", float64(worst), "commands")
	return nil
}

// report collects rows and numbers.
type report struct {
	rows, extras []string
	numbers      []number
}

type number struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

func (r *report) row(profile, who string, x result, note string) {
	r.rows = append(r.rows, fmt.Sprintf("%s\t%s\t%d%s\t%.0f ms", profile, who, x.commands, note, float64(x.wall.Microseconds())/1000))
}

func (r *report) add(name string, value float64, unit string) {
	r.numbers = append(r.numbers, number{name, value, unit})
}

func (r *report) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "card\tunblocked by\tcommands\twhole process\n%s\n\n", strings.Join(r.rows, "\n"))
	fmt.Fprintf(w, "card\tmore that the terminal does: proof, counters, another key\n%s\n\n", strings.Join(r.extras, "\n"))
	if err := w.Flush(); err != nil {
		return err
	}
	for _, n := range r.numbers {
		if err := json.NewEncoder(out).Encode(n); err != nil {
			return err
		}
	}
	return nil
}
