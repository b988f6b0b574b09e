// Command terminal is the program on the wall: it serves the card in its
// reader, shows pages on its panel and talks to central.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"unlockpoint/device/appliance"
)

const about = `The Unlockpoint terminal.

Staff put in their smartcard, prove who they are and choose a new passcode.
A terminal joins with the one-time code that "central enrol" gives, or is
handed the identity file that "central terminals add" makes:

  terminal enrol ABCD-EFGH-IJKL-MNOP-QRST-UVWX --broker mqtts://broker.example:8884
  terminal run --config terminal.toml

While it runs, other calls of this program talk to it through its socket.`

type cli struct {
	Config string `short:"c" default:"/etc/unlockpoint/terminal.toml" help:"Configuration file; ${default} when left out." placeholder:"FILE"`

	Run       runCmd       `cmd:"" default:"1" help:"Serve people until stopped (the default)."`
	Enrol     enrolCmd     `cmd:"" help:"Join, with the one-time code that \"central enrol\" gave."`
	Card      cardCmd      `cmd:"" help:"Show the inserted card: id, type, counters, dates. Never a secret."`
	Hardware  hardwareCmd  `cmd:"" help:"List panels, touch, keys and readers that this machine has, and propose a configuration. It asks for touch controllers at 0x38, 0x5d and 0x14 of each I2C bus: a chip there that switches outputs would switch them."`
	Calibrate calibrateCmd `cmd:"" help:"Find where the panel lies on its resistive glass: tap 5 marks. The terminal may not run meanwhile."`
	Console   consoleCmd   `cmd:"" help:"The field engineers' console: a menu, tests, what is wrong. Never a secret, never a person."`
	Report    reportCmd    `cmd:"" help:"Print what somebody far away needs to help with the running terminal: never a secret, never a person."`
	Page      pageCmd      `cmd:"" help:"Show the page that is on the panel, as text. What is typed shows as a count."`
	Example   configCmd    `cmd:"" name:"config" help:"Print a configuration file with every setting and what it means."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := Run(ctx, os.Args[1:])
	if errors.Is(err, appliance.ErrRestart) {
		err = syscall.Exec("/proc/self/exe", os.Args, os.Environ()) // it returns only when it cannot
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "terminal:", err)
		os.Exit(1)
	}
}

// Run runs one call of the program.
func Run(ctx context.Context, args []string) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("terminal"), kong.Description(about), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	call, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return call.Run(&c)
}
