package speech

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strconv"
)

// Programs are those that are looked for, the better one first: espeak-ng
// (1.51) and espeak (1.48) take the same arguments.
func Programs() []string { return []string{"espeak-ng", "espeak"} }

// ErrNone says that there is nothing to speak with.
var ErrNone = errors.New("nothing to speak with")

// Config says what speaks.
type Config struct {
	Program   string   // its name, or where it is; empty: the first of Programs that there is
	Arguments []string // more of its arguments, such as "-w" and a file; without any there has to be a sound card
	Cards     string   // folder of the sound cards; empty is /dev/snd
	Log       *slog.Logger
}

// Program speaks with a process for each utterance, and ends it with all that
// it has started.
type Program struct {
	path   string
	extra  []string
	log    *slog.Logger
	orders chan order
	ill    bool // it did not speak the last time; that was told
}

var _ Voice = (*Program)(nil)

// Open finds the program; nothing speaks before Run. Where none is named and
// there is none, or no sound card, the error is ErrNone and says what to do.
func Open(c Config) (*Program, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	path, err := c.find()
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return &Program{path: path, extra: c.Arguments, log: c.Log, orders: make(chan order, 1)}, nil
}

func (c Config) find() (string, error) {
	if c.Program != "" {
		path, err := exec.LookPath(c.Program)
		if err != nil {
			return "", fmt.Errorf("program is %q: %w: install espeak-ng, or leave it out", c.Program, errors.Unwrap(err)) // which says the name too
		}
		return path, nil
	}
	for _, name := range Programs() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: install espeak-ng", ErrNone)
}

// check reports whether there is anything to play to.
func (c Config) check() error {
	if len(c.Arguments) > 0 {
		return nil
	}
	folder := cmp.Or(c.Cards, "/dev/snd")
	if cards, _ := filepath.Glob(filepath.Join(folder, "pcmC*D*p")); len(cards) == 0 {
		return fmt.Errorf("%w: there is no sound card in %s", ErrNone, folder)
	}
	return nil
}

// Path is where the program is.
func (p *Program) Path() string { return p.path }

// order is what Run has not heard yet.
type order struct {
	hush bool // first
	say  []Utterance
}

// Say implements Voice.
func (p *Program) Say(u Utterance) { p.tell(order{say: []Utterance{u}}) }

// Hush implements Voice.
func (p *Program) Hush() { p.tell(order{hush: true}) }

// tell hands an order over without waiting: one that still lies there is put
// before it. Only one goroutine gives orders, so there is room.
func (p *Program) tell(o order) {
	select {
	case first := <-p.orders:
		o = first.then(o)
	default:
	}
	p.orders <- o
}

// then is one order after another.
func (o order) then(next order) order {
	if next.hush {
		return next
	}
	return order{o.hush, append(o.say, next.say...)}
}

// Run speaks until ctx ends. What the program complains of is logged; the
// terminal serves those who see without it.
func (p *Program) Run(ctx context.Context) error {
	var speech process
	var next []Utterance
	defer func() { speech.end() }()
	for {
		for !speech.on() && len(next) > 0 {
			speech, next = p.start(next[0]), next[1:]
		}
		select {
		case <-ctx.Done():
			return nil
		case o := <-p.orders:
			if o.hush {
				speech.end()
				speech, next = process{}, nil
			}
			next = append(next, o.say...)
		case err := <-speech.done:
			speech = process{}
			p.ended(err)
		}
	}
}

// start begins an utterance.
func (p *Program) start(u Utterance) process {
	speech, err := begin(append([]string{p.path}, p.arguments(u)...), u.Text)
	if err != nil {
		p.ended(err)
	}
	return speech
}

// ended tells of the first failure in a row.
func (p *Program) ended(err error) {
	if err != nil && !p.ill {
		p.log.Warn("a page could not be read aloud", "program", p.path, "err", err)
	}
	p.ill = err != nil
}

// arguments never hold what is said: other users of a machine see them.
func (p *Program) arguments(u Utterance) []string {
	all := []string{"--stdin", "-b", "1", "-v", voiceOf(u.Language), "-a", strconv.Itoa(amplitude(u.Volume))}
	if u.Sign {
		all = append(all, "--punct")
	}
	return append(all, p.extra...)
}

// voiceOf names the program's voice of a language: its code is the name.
func voiceOf(language string) string {
	if language == "" || language == "en" {
		return "en-gb"
	}
	return language
}

// amplitudes are the volumes, as the program counts from 0 to 200. From the
// least to the most it gets more than 18 dB louder, and the third is 12 dB
// above the first: EN 301 549, 8.2.1.1 and 8.2.1.2.
var amplitudes = [...]int{14, 28, 60, 100, 160}

func amplitude(volume int) int { return amplitudes[min(max(volume, 1), len(amplitudes))-1] }
