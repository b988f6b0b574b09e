package main

import (
	"context"
	"fmt"

	"unlockpoint/sync/wire"
)

type consoleCmd struct {
	Respond respond `cmd:"" help:"Answer the challenge that a terminal's console shows to the engineer in front of it."`
}

type respond struct {
	Terminal  string `arg:"" help:"Id of the terminal, as its console shows it."`
	Challenge string `arg:"" help:"The challenge, such as K7QM2-RVXD."`
	Reason    string `default:"routine" help:"Why, for the audit log; ${default} when left out. Name nobody."`
}

// Run prints the answer.
func (c *respond) Run(ctx context.Context, top *cli) error {
	var reply wire.ConsoleReply
	if err := top.ask(ctx, "POST", "/console", wire.ConsoleBody{Terminal: c.Terminal, Challenge: c.Challenge, Reason: c.Reason}, &reply); err != nil {
		return err
	}
	_, err := fmt.Fprintln(top.out, reply.Answer)
	return err
}
