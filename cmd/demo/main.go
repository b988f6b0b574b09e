// Command demo is the whole product on one machine: broker, central, a mail
// server that keeps what it is given, a terminal on a web page, and a tray of
// virtual smartcards.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

const about = `The whole of Unlockpoint in one program, to look at and to test with.

It prints one address. Open it in a browser: put a card in, register it, block
it, and unlock it. Everything stays on this machine. Stop it with Ctrl-C; the
data folder keeps what happened. "demo run --help" lists the flags: port, data
folder, tray, PC/SC.`

type cli struct {
	Log string `default:"warn" enum:"debug,info,warn,error" help:"How much to log: ${enum}." placeholder:"LEVEL"`

	Run     runCmd     `cmd:"" default:"withargs" help:"Run the demo until stopped (the default)."`
	Journey journeyCmd `cmd:"" help:"Start a fresh demo, drive a registration, three wrong passcodes and the unlock, and check the new passcode on the card."`
	Bench   benchCmd   `cmd:"" help:"Measure, and print one JSON object a line."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := Run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// Run runs one call of the program.
func Run(ctx context.Context, args []string) error {
	var c cli
	parser, err := kong.New(&c, kong.Name("demo"), kong.Description(about), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return err
	}
	call, err := parser.Parse(args)
	if err != nil {
		return err
	}
	level := c.level()
	return call.Run(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})), level)
}

// level is how much to log, in a form that may be changed.
func (c *cli) level() *slog.LevelVar {
	level := new(slog.LevelVar)
	if err := level.UnmarshalText([]byte(strings.ToUpper(c.Log))); err != nil {
		level.Set(slog.LevelWarn) // kong has checked it
	}
	return level
}
