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
	last := wire.FollowBody{Last: max(e.Last, 0)}
	if e.Follow {
		return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
			return line.Follow(ctx, last, func(ev wire.Event) error { return e.print(top.out, ev) })
		})
	}
	var got wire.EventsBody
	if err := top.ask(ctx, wire.FleetFollow, last, &got); err != nil {
		return err
	}
	for _, ev := range got.Events {
		if err := e.print(top.out, ev); err != nil {
			return err
		}
	}
	return nil
}

func (e *eventsCmd) print(out io.Writer, ev wire.Event) error {
	if e.Output == "json" {
		return json.NewEncoder(out).Encode(ev)
	}
	_, err := fmt.Fprintln(out, lineOf(ev))
	return err
}

func lineOf(ev wire.Event) string {
	return fmt.Sprintf("%s  %-12s %-20s %s", moment(ev.At), ev.Kind, ev.Terminal, ev.Text)
}

type watchCmd struct{}

// clear takes a terminal's cursor home and what is on it away.
const clear = "\x1b[H\x1b[2J"

// tail is how many events stand under the live list.
const tail = 8

// Run shows the list anew whenever something happens. In a pipe, where nothing
// can be shown anew, it prints what happens.
func (w *watchCmd) Run(ctx context.Context, top *cli) error {
	if !isTerminal(top.out) {
		return (&eventsCmd{Follow: true, Output: "text"}).Run(ctx, top)
	}
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		var last []wire.Event
		if err := w.draw(ctx, top, line, last); err != nil {
			return err
		}
		return line.Follow(ctx, wire.FollowBody{Last: tail}, func(ev wire.Event) error {
			last = append(last, ev)
			last = last[max(0, len(last)-tail):]
			return w.draw(ctx, top, line, last)
		})
	})
}

func (w *watchCmd) draw(ctx context.Context, top *cli, line *operator.Line, last []wire.Event) error {
	var views []wire.TerminalView
	if err := top.put(ctx, line, wire.FleetLs, struct{}{}, &views); err != nil {
		return err
	}
	fmt.Fprintf(top.out, "%s%s   Ctrl-C ends\n\n", clear, line.Now().Local().Format(time.DateTime))
	if err := listOf(views).print(top.out, "table"); err != nil {
		return err
	}
	fmt.Fprintln(top.out)
	for _, ev := range last {
		fmt.Fprintln(top.out, lineOf(ev))
	}
	return nil
}
