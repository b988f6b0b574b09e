// Command central is the server behind the terminals: it keeps who is
// registered, counts attempts, mails codes and hands out what unlocks a card.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

const about = `The Unlockpoint server.

To set one up:

  central init /etc/unlockpoint         keys, and a configuration file to edit
  central broker-config /etc/mosquitto/unlockpoint
  central run
  central enrol --site main             a code to type at a terminal
  central operators add jo --role admin -o jo.json
  central cards import cards.csv

While the server runs, the other commands talk to it through its local
socket, which only root and its own user may use. While it does not run, they
open its store themselves.`

type cli struct {
	Config string `short:"c" default:"/etc/unlockpoint/central.toml" help:"Configuration file; ${default} when left out." placeholder:"FILE"`

	Run          runCmd       `cmd:"" default:"1" help:"Serve until stopped (the default)."`
	Init         initCmd      `cmd:"" help:"Make the keys and the configuration file of a new server."`
	Enrol        enrolCmd     `cmd:"" help:"Give a one-time code, with which a terminal joins."`
	Terminals    terminalsCmd `cmd:"" help:"Add, list, retire and release terminals."`
	Operators    operatorsCmd `cmd:"" help:"Add, list and remove the people who use the program fleet."`
	Console      consoleCmd   `cmd:"" help:"Let an engineer in at a terminal's console."`
	Cards        cardsCmd     `cmd:"" help:"Add and list smartcards."`
	Audit        auditCmd     `cmd:"" help:"List, verify and export the audit log."`
	Sites        sitesCmd     `cmd:"" help:"List the sites of the configuration."`
	Root         rootCmd      `cmd:"" help:"Make the offline root key, and sign and publish central's keys with it."`
	BrokerConfig brokerCmd    `cmd:"" help:"Write Mosquitto's configuration, and whom it lets in."`
	Overview     overviewCmd  `cmd:"" help:"Show what the server knows, in numbers."`
	ConfigCmd    configCmd    `cmd:"" name:"config" help:"Print a configuration file with every setting and what it means."`

	out io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := Run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "central:", err)
		os.Exit(1)
	}
}

// Run runs one call of the program.
func Run(ctx context.Context, args []string, out io.Writer) error {
	c := cli{out: out}
	parser, err := newParser(ctx, &c)
	if err != nil {
		return err
	}
	call, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return call.Run(&c)
}

func newParser(ctx context.Context, c *cli) (*kong.Kong, error) {
	return kong.New(c, kong.Name("central"), kong.Description(about), kong.UsageOnError(),
		kong.Writers(c.out, os.Stderr), kong.BindTo(ctx, (*context.Context)(nil)))
}
