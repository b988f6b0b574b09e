package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"unlockpoint/sync/central"
	"unlockpoint/sync/wire"
)

type terminalsCmd struct {
	Add     addTerminal `cmd:"" help:"Make the keys of a terminal and write its identity file."`
	Ls      lsTerminals `cmd:"" help:"List the terminals."`
	Retire  retire      `cmd:"" help:"Take a terminal out of service for good."`
	Release release     `cmd:"" help:"End the quarantine of a terminal, once somebody has looked at it."`
}

type addTerminal struct {
	ID          string `arg:"" help:"Id of the terminal: a-z, 0-9 and -, such as ward7-door."`
	Site        string `required:"" help:"Id of the site where it hangs."`
	DisplayName string `help:"Name as people say it, such as \"Ward 7, by the door\"."`
	Output      string `short:"o" required:"" type:"path" placeholder:"FILE" help:"Where the identity goes. Bring it to the terminal and delete it here: it holds the terminal's keys."`
}

// Run adds a terminal. The file is made first: keys that cannot be written
// down would be lost.
func (a *addTerminal) Run(ctx context.Context, top *cli) error {
	if err := writeNew(a.Output, ""); err != nil {
		return fmt.Errorf("%w (an identity is never overwritten)", err)
	}
	var id wire.Identity
	err := top.ask(ctx, "POST", "/terminals", central.NewTerminal{ID: a.ID, Site: a.Site, Name: a.DisplayName}, &id)
	if err == nil {
		err = id.Save(a.Output)
	}
	if err != nil {
		return errors.Join(err, os.Remove(a.Output))
	}
	fmt.Fprintf(top.out, "%s of site %s: %s\n", id.ID, id.Site, a.Output)
	if id.MQTT.Password != "" {
		return top.tellBroker()
	}
	return nil
}

type lsTerminals struct{}

// Run lists the terminals.
func (*lsTerminals) Run(ctx context.Context, top *cli) error {
	var list []central.TerminalLine
	if err := top.ask(ctx, "GET", "/terminals", nil, &list); err != nil {
		return err
	}
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TERMINAL\tSITE\tNAME\tSTATE")
	for _, t := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", t.ID, t.Site, t.Name, state(t))
	}
	return w.Flush()
}

func state(t central.TerminalLine) string {
	switch {
	case t.Retired:
		return "retired"
	case t.Quarantine != "":
		return "quarantine: " + t.Quarantine
	case t.Online:
		return "online"
	}
	return "not online"
}

type retire struct {
	ID string `arg:"" help:"Id of the terminal."`
}

// Run retires a terminal.
func (r *retire) Run(ctx context.Context, top *cli) error {
	if err := top.ask(ctx, "POST", "/terminals/"+r.ID+"/retire", nil, nil); err != nil {
		return err
	}
	return top.tellBroker()
}

type release struct {
	ID string `arg:"" help:"Id of the terminal."`
}

// Run ends a quarantine.
func (r *release) Run(ctx context.Context, top *cli) error {
	return top.ask(ctx, "POST", "/terminals/"+r.ID+"/release", nil, nil)
}
