package main

import (
	"context"
	"fmt"

	"unlockpoint/sync/central"
)

type enrolCmd struct {
	Site        string `required:"" help:"Id of the site where the terminal hangs."`
	Name        string `help:"Id that the terminal gets: a-z, 0-9 and -, such as ward7-door. When left out, the terminal asks for one, or gets one made up."`
	DisplayName string `help:"Name as people say it, such as \"Ward 7, by the door\"."`
}

// Run shows a one-time code.
func (e *enrolCmd) Run(ctx context.Context, top *cli) error {
	var in central.Invited
	if err := top.ask(ctx, "POST", "/enrolments", central.NewTerminal{ID: e.Name, Site: e.Site, Name: e.DisplayName}, &in); err != nil {
		return err
	}
	_, err := fmt.Fprintf(top.out, "%s\n\nValid for one terminal, until %s. At the terminal:\n\n  terminal enrol %s --broker %s\n",
		in.Code, in.Ends.Local().Format("Monday 15:04"), in.Code, in.URL)
	return err
}
