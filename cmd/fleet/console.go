package main

import (
	"context"
	"fmt"

	"unlockpoint/sync/wire"
)

type consoleCmd struct {
	Respond respondCmd `cmd:"" help:"Answer the challenge that a terminal's console shows to the engineer in front of it."`
}

type respondCmd struct {
	Terminal  string `arg:"" help:"Id of the terminal, as its console shows it."`
	Challenge string `arg:"" help:"The challenge, as its console shows it."`
	Reason    string `default:"routine" help:"Why, for the audit log; ${default} when left out. Name nobody."`
}

// Help teaches by example.
func (respondCmd) Help() string {
	return `Examples:
  fleet console respond ward7-door M6EQX-3ZD7`
}

// Run prints the answer.
func (r *respondCmd) Run(ctx context.Context, top *cli) error {
	var reply wire.ConsoleReply
	if err := top.ask(ctx, wire.ConsoleRespond, wire.ConsoleBody{Terminal: r.Terminal, Challenge: r.Challenge, Reason: r.Reason}, &reply); err != nil {
		return err
	}
	_, err := fmt.Fprintln(top.out, reply.Answer)
	return err
}
