// Command fleet is for the people who look after terminals: it asks central
// over MQTT, as an operator, and shows what central answers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

const about = `Look after a fleet of Unlockpoint terminals.

You need a file that says who you are, which central makes:

  central operators add jo --role engineer -o jo.json

Keep it as ~/.config/unlockpoint/operator.json, or name it with --as or
$FLEET_AS. What you may do depends on your role: viewer (look), booth (cards),
engineer (terminals) or admin (everything).

With the demo ("make demo"):

  fleet --as demo-data/admin.json ls
  fleet --as demo-data/booth.json card find amina`

type cli struct {
	As      string        `env:"FLEET_AS" default:"${as}" type:"path" placeholder:"FILE" help:"The file that says who you are; ${default} when left out."`
	Timeout time.Duration `default:"10s" help:"How long central may take to answer; ${default} when left out."`

	Ls         lsCmd         `cmd:"" help:"List the terminals."`
	Show       showCmd       `cmd:"" help:"Show all about one terminal."`
	Watch      watchCmd      `cmd:"" help:"Show the terminals, live."`
	Events     eventsCmd     `cmd:"" help:"Show what happened."`
	Status     statusCmd     `cmd:"" help:"Say in one line, and by the exit code, whether all is well: for monitoring."`
	Run        runCmd        `cmd:"" help:"Have terminals do something."`
	Job        jobCmd        `cmd:"" help:"Show what became of a job."`
	Config     configCmd     `cmd:"" help:"Show and change what terminals are set to."`
	Report     reportCmd     `cmd:"" help:"Show figures over many people."`
	Card       cardCmd       `cmd:"" help:"Help the holder of a card, and see what happened to it."`
	Audit      auditCmd      `cmd:"" help:"List, verify and export the audit log."`
	Console    consoleCmd    `cmd:"" help:"Let an engineer in at a terminal's console."`
	Completion completionCmd `cmd:"" help:"Print the completion of commands and flags for your shell."`

	out, err io.Writer
	parser   *kong.Kong
}

// Validate is for kong.
func (top *cli) Validate() error {
	if top.Timeout <= 0 {
		return fmt.Errorf("--timeout is %s: write how long central may take, such as 10s", top.Timeout)
	}
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if _, told := errors.AsType[exit](err); err != nil && !told {
		fmt.Fprintf(os.Stderr, "fleet: %s\n", plainLines([]byte(err.Error())))
	}
	os.Exit(codeOf(err))
}

// codeOf is what the program ends with. What was typed wrong is "unknown" to
// monitoring, which takes 1 for a warning.
func codeOf(err error) int {
	if code, ok := errors.AsType[exit](err); ok {
		return int(code)
	}
	if _, typed := errors.AsType[*kong.ParseError](err); typed {
		return int(unknown)
	}
	if err != nil {
		return 1
	}
	return 0
}

// exit is an exit code whose reason was told already.
type exit int

// stopped is the code of what ended before it was done, as shells have it: 128
// and the number of SIGINT.
const stopped exit = 130

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// Run runs one call of the program.
func Run(ctx context.Context, args []string, out, errs io.Writer) error {
	c := cli{out: out, err: errs}
	parser, err := newParser(ctx, &c)
	if err != nil {
		return err
	}
	c.parser = parser
	call, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w (\"fleet --help\" lists what there is)", err)
	}
	err = call.Run(&c)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(errs, "Stopped. What was asked for may be done all the same.")
		return stopped
	}
	return err
}

func newParser(ctx context.Context, c *cli) (*kong.Kong, error) {
	home, _ := os.UserConfigDir() // without one, --as is needed
	return kong.New(c, kong.Name("fleet"), kong.Description(about), kong.Writers(c.out, c.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"as": filepath.Join(home, "unlockpoint", "operator.json"), "works": works()},
		kong.BindTo(ctx, (*context.Context)(nil)))
}

// with runs do with a line to central.
func (top *cli) with(ctx context.Context, do func(context.Context, *operator.Line) error) error {
	badge, err := wire.LoadBadge(top.As)
	if err != nil {
		return err
	}
	line, err := operator.New(badge)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); line.Run(ctx) }()
	defer func() { cancel(); <-done }()
	return do(ctx, line)
}

// ask asks central one thing.
func (top *cli) ask(ctx context.Context, kind wire.Kind, body, result any) error {
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		return top.put(ctx, line, kind, body, result)
	})
}

// put asks over a line, and says so when it takes long.
func (top *cli) put(ctx context.Context, line *operator.Line, kind wire.Kind, body, result any) error {
	ctx, cancel := context.WithTimeout(ctx, top.Timeout)
	defer cancel()
	p := top.progress()
	defer p.end()
	p.say("waiting for central")
	return line.Ask(ctx, kind, body, result)
}
