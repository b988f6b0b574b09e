package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"unlockpoint/reader/simcard"
)

type runCommand struct {
	File string `arg:"" help:"The card's file." type:"existingfile"`
	VPCD string `name:"vpcd" default:"127.0.0.1:35963" help:"Where the virtual reader listens (${default}; its second slot is 35964)."`
	Out  bool   `help:"Start with the card out."`
}

// Help is what "simcard run --help" adds.
func (c *runCommand) Help() string {
	return "While it runs, type a command and Enter:\n\n" + helpText
}

const helpText = `  in                      put the card in
  out                     take it out (pcscd notices within half a second)
  pull before|during|after [INS]
                          take it out at that moment of the next command,
                          or of the next with that instruction (2C: unblock)
  pull byte N             take it out when N more bytes have passed
  verify PASSCODE         try a passcode, as a computer's log-in would
  status                  show the card
  help                    show this list
  quit                    take it out and end, as Ctrl-C does
`

// Run plays the card.
func (c *runCommand) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	return holding(c.File, func(card *simcard.Card) error {
		p := &player{card: card, addr: c.VPCD, out: out, ended: make(chan error)}
		show(out, card.Status())
		return p.play(ctx, lines(ctx, in), !c.Out)
	})
}

// lines reads what is typed. The reader's goroutine is left behind in its last
// read when ctx ends: a terminal cannot be told to stop waiting.
func lines(ctx context.Context, in io.Reader) <-chan string {
	typed := make(chan string)
	go func() {
		defer close(typed)
		for s := bufio.NewScanner(in); s.Scan(); {
			select {
			case typed <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return typed
}

// player is the hand that holds the card.
type player struct {
	card  *simcard.Card
	addr  string
	out   io.Writer
	take  context.CancelFunc // takes the card out; nil when it is out
	ended chan error         // from the goroutine that is in the reader
}

func (p *player) play(ctx context.Context, typed <-chan string, in bool) error {
	defer p.remove()
	if in {
		p.insert(ctx)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-p.ended:
			p.take()
			p.take = nil
			if err != nil {
				fmt.Fprintln(p.out, "The card was pulled.")
			}
		case line, ok := <-typed:
			if !ok {
				typed = nil // nobody types: until Ctrl-C
				continue
			}
			if strings.TrimSpace(line) == "quit" {
				return nil
			}
			p.obey(ctx, strings.Fields(line))
		}
	}
}

func (p *player) insert(ctx context.Context) {
	if p.take != nil {
		return
	}
	ctx, p.take = context.WithCancel(ctx)
	go func() { p.ended <- simcard.Dial(ctx, p.addr, p.card) }()
	fmt.Fprintf(p.out, "The card is in, at %s. Type \"help\" for what can be done.\n", p.addr)
}

func (p *player) remove() {
	if p.take == nil {
		return
	}
	p.take()
	<-p.ended
	p.take = nil
	fmt.Fprintln(p.out, "The card is out.")
}

func (p *player) obey(ctx context.Context, words []string) {
	if len(words) == 0 {
		return
	}
	switch verb, rest := words[0], words[1:]; {
	case verb == "in":
		p.insert(ctx)
	case verb == "out":
		p.remove()
	case verb == "status":
		show(p.out, p.card.Status())
	case verb == "verify" && len(rest) == 1:
		fmt.Fprintln(p.out, map[bool]string{true: "Right.", false: "Wrong, or blocked."}[p.card.Verify(rest[0])])
	case verb == "pull" && len(rest) > 0:
		p.pull(rest)
	default:
		fmt.Fprint(p.out, helpText)
	}
}

func (p *player) pull(words []string) {
	if words[0] == "byte" && len(words) == 2 {
		p.pullAtByte(words[1])
		return
	}
	moments := map[string]simcard.Moment{"before": simcard.Before, "during": simcard.During, "after": simcard.After}
	pull := simcard.Pull{When: moments[words[0]]}
	if pull.When == 0 {
		fmt.Fprintln(p.out, "Say: pull before, pull during, pull after, or pull byte with a number.")
		return
	}
	if len(words) > 1 {
		ins, err := strconv.ParseUint(words[1], 16, 8)
		if err != nil {
			fmt.Fprintln(p.out, "An instruction is two hexadecimal digits, for example 2C.")
			return
		}
		pull.INS = byte(ins)
	}
	p.card.PullAt(pull)
}

func (p *player) pullAtByte(number string) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		fmt.Fprintln(p.out, "Say after how many bytes, for example: pull byte 40.")
		return
	}
	p.card.PullAt(simcard.Pull{When: simcard.AtByte, Byte: n})
}
