package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

type eventsCmd struct {
	Follow bool `short:"f" help:"Go on with those to come, until stopped."`
	Last   int  `short:"n" default:"20" help:"How many of the past; ${default} when left out."`
	Output form `short:"o" enum:"text,json" default:"text" help:"text, or json: an object a line."`
}

// Help teaches by example.
func (eventsCmd) Help() string {
	return `Examples:
  fleet events -n 100
  fleet events -f
  fleet events -f -o json | jq 'select(.kind == "offline")'`
}

// Run shows events.
func (e *eventsCmd) Run(ctx context.Context, top *cli) error {
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		var got wire.EventsBody
		if err := top.put(ctx, line, wire.FleetFollow, wire.FollowBody{Last: max(e.Last, 0)}, &got); err != nil {
			return err
		}
		if err := e.printAll(top.out, got.Events); err != nil || !e.Follow {
			return err
		}
		lost := false
		return follow(ctx, line, wire.FollowBody{After: new(got.Head)}, func(t operator.Told) error {
			if lost && t.Lost == nil {
				fmt.Fprintln(top.err, "Central is heard again.")
			}
			lost = t.Lost != nil
			fmt.Fprint(top.err, standing(t))
			return e.printAll(top.out, t.Events)
		})
	})
}

// follow goes on until it is stopped, which is how it ends well.
func follow(ctx context.Context, line *operator.Line, from wire.FollowBody, told func(operator.Told) error) error {
	err := line.Follow(ctx, from, told)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// standing is a line for who follows: that nothing is heard of central, and
// nothing when all is well.
func standing(t operator.Told) string {
	if t.Lost == nil {
		return ""
	}
	return wire.Plain(fmt.Sprintf("Nothing heard of central since %s: %v. Trying again.", moment(t.Since), t.Lost)) + "\n"
}

func (e *eventsCmd) printAll(out io.Writer, events []wire.Event) error {
	for _, ev := range events {
		if err := e.print(out, ev); err != nil {
			return err
		}
	}
	return nil
}

func (e *eventsCmd) print(out io.Writer, ev wire.Event) error {
	if e.Output == "json" {
		raw, err := json.Marshal(ev)
		if err != nil {
			return err
		}
		return printRaw(out, raw)
	}
	_, err := fmt.Fprintln(out, lineOf(ev))
	return err
}

func lineOf(ev wire.Event) string {
	return wire.Plain(fmt.Sprintf("%s  %-12s %-20s %s", moment(ev.At), ev.Kind, ev.Terminal, ev.Text))
}

type watchCmd struct{}

// Help teaches by example.
func (watchCmd) Help() string {
	return `Ctrl-C ends it. In a pipe it prints what happens, as "fleet events -f" does.

Examples:
  fleet watch
  fleet --as jo.json watch`
}

// clear takes a terminal's cursor home and what is on it away.
const clear = "\x1b[H\x1b[2J"

// tail is how many events stand under the live list.
const tail = 8

// Run shows the list anew whenever something happens. In a pipe, where nothing
// can be shown anew, it prints what happens.
func (w *watchCmd) Run(ctx context.Context, top *cli) error {
	if !isTerminal(top.out) {
		return (&eventsCmd{Follow: true, Output: "text", Last: tail}).Run(ctx, top)
	}
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		var p picture
		if err := p.look(ctx, top, line); err != nil {
			return err
		}
		if err := p.draw(top.out); err != nil {
			return err
		}
		return follow(ctx, line, wire.FollowBody{Last: tail}, func(t operator.Told) error {
			p.told(t)
			if t.Lost == nil {
				if err := p.look(ctx, top, line); err != nil {
					p.told(operator.Told{Lost: err, Since: p.at})
				}
			}
			return p.draw(top.out)
		})
	})
}

// picture is what watch shows.
type picture struct {
	at    time.Time // of the list
	views []wire.TerminalView
	last  []wire.Event
	lost  operator.Told
}

// look brings the list up to date.
func (p *picture) look(ctx context.Context, top *cli, line *operator.Line) error {
	var views []wire.TerminalView
	if err := top.put(ctx, line, wire.FleetLs, struct{}{}, &views); err != nil {
		return err
	}
	p.at, p.views = time.Now(), views
	return nil
}

func (p *picture) told(t operator.Told) {
	p.lost = t
	p.last = append(p.last, t.Events...)
	p.last = p.last[max(0, len(p.last)-tail):]
}

func (p *picture) draw(out io.Writer) error {
	fmt.Fprintf(out, "%s%s   Ctrl-C ends\n%s\n", clear, moment(p.at), standing(p.lost))
	if err := listOf(p.views).print(out, "table"); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, ev := range p.last {
		fmt.Fprintln(out, lineOf(ev))
	}
	return nil
}
