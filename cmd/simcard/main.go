// Command simcard makes virtual smartcards and plays them in a virtual reader,
// where the terminal, or any other PC/SC program, takes them for real ones.
//
//	simcard new card.json --kind blocked --authority authority.pem
//	simcard run card.json
//	simcard status card.json
//	simcard verify card.json 271828
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

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := Run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "simcard:", err)
		os.Exit(1)
	}
}

const about = `Make virtual smartcards (PIV, GIDS, OpenPGP, IsoApplet, AuthentIC) and put them into a virtual reader.

A card is a file. It keeps its passcode, key and tries there, as a chip
does, whatever happens to this program. Use it for tests and demonstrations:
the file holds the card's secrets in the clear.

For a first look, with pcscd and vsmartcard-vpcd installed and running:

  simcard new card.json --kind blocked   make a blocked card
  simcard run card.json                  put it in; type "out" to take it out
  opensc-tool --list-readers             in another window: there it is`

// commands is the grammar of the command line.
type commands struct {
	New    newCommand    `cmd:"" help:"Make a card and write it to a file."`
	Run    runCommand    `cmd:"" help:"Put a card into a virtual reader until Ctrl-C."`
	Status statusCommand `cmd:"" help:"Show what can be seen of a card: its id and its tries."`
	Verify verifyCommand `cmd:"" help:"Try a passcode, as a computer's log-in would. A wrong one costs a try."`

	Compare compareCommand `cmd:"" help:"Compare the terminal's card commands with the usual programs."`
	Unblock unblockCommand `cmd:"" hidden:"" help:"Unblock the card in a reader, as the terminal does."`
}

// Run runs one command line until it is done or ctx ends.
func Run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	parser, err := kong.New(&commands{},
		kong.Name("simcard"), kong.Description(about), kong.UsageOnError(),
		kong.Writers(out, out), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(in, (*io.Reader)(nil)), kong.BindTo(out, (*io.Writer)(nil)),
	)
	if err != nil {
		return fmt.Errorf("reading the command line: %w", err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return fmt.Errorf("%w (simcard --help says more)", err)
	}
	return parsed.Run()
}
