package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"unlockpoint/reader/simcard"
)

type newCommand struct {
	File string `arg:"" help:"The card's file. It must not exist yet." type:"path"`

	Profiles  []string     `name:"profile" default:"piv" enum:"piv,gids,openpgp,isoapplet,authentic" help:"What the card can be: ${enum}; several, with commas between, for a card with several applications."`
	Kind      simcard.Kind `default:"working" enum:"working,blocked,expired,foreign,puk-used-up,unsupported,unknown,mute" help:"What sort of card: ${enum}."`
	Name      string       `help:"What people call the card."`
	PIN       string       `name:"pin" default:"123456" help:"The passcode: 6 to 8 digits; 6 or more characters for openpgp; 4 to 16 for gids and isoapplet; 4 to 8 for authentic."`
	PUK       string       `name:"puk" help:"The key that unblocks it: 8 digits; 48 hexadecimal digits, the admin key, for gids; 8 or more characters for openpgp; 16 for isoapplet; the officer's PIN for authentic. Without it, the factory's."`
	Tries     int          `default:"3" help:"Tries of each."`
	RSA       bool         `name:"rsa" help:"Give it an RSA key instead of an elliptic curve one."`
	Authority string       `type:"path" help:"The test card authority that certifies it, a PEM file; made if it does not exist. Without it, the card is nobody's."`

	AnyCharacters bool          `help:"Habit: passcodes of any characters, not digits alone."`
	Metadata      bool          `help:"Habit: tells the tries of its PUK, as newer YubiKeys do."`
	GetVersion    bool          `help:"Habit: tells its version, which the Yubico tools insist on."`
	Parts         bool          `help:"Habit: answers in parts, as over T=0."`
	T0            bool          `name:"t0" help:"Habit: speaks T=0, the older protocol."`
	ShortOnly     bool          `help:"Habit: refuses extended commands."`
	KDF           bool          `name:"kdf" help:"Habit: wants digests of passcodes, as an OpenPGP card with KDF does."`
	CountsAdmin   bool          `help:"Habit: counts wrong answers to its challenge, as some GIDS cards do."`
	CountsToZero  bool          `help:"Habit: says 63C0 when it is blocked, never 6983."`
	NeverCounts   bool          `help:"Habit: says 6982 to every wrong secret, blocked or not."`
	FormFirst     bool          `help:"Habit: looks at a new passcode's form before it tests the key (piv, gids, openpgp)."`
	TellsBlocked  bool          `help:"Habit: says 6983 to a blocked secret, as some OpenPGP cards do."`
	TellsTries    bool          `help:"Habit: says 63Cx to a wrong secret, as some OpenPGP cards do."`
	ResettingCode bool          `help:"Habit: has a resetting code, the same as its admin PIN (openpgp)."`
	Delay         time.Duration `help:"Habit: takes so long for each command, for example 20ms."`
}

// Run makes the card.
func (c *newCommand) Run(out io.Writer) error {
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%s exists: remove it first, or choose another name", c.File)
	}
	cfg := simcard.Config{
		Profiles: c.Profiles, Kind: c.Kind, Name: c.Name, PIN: c.PIN, PUK: c.PUK, Tries: c.Tries, RSA: c.RSA,
		Quirks: simcard.Quirks{
			AnyCharacters: c.AnyCharacters, Metadata: c.Metadata, Version: c.GetVersion,
			Parts: c.Parts, T0: c.T0, ShortOnly: c.ShortOnly, CountsAdmin: c.CountsAdmin, KDF: c.KDF, CountsToZero: c.CountsToZero, NeverCounts: c.NeverCounts,
			FormFirst: c.FormFirst, TellsBlocked: c.TellsBlocked, TellsTries: c.TellsTries, ResettingCode: c.ResettingCode,
			Delay: simcard.Delay(c.Delay),
		},
	}
	if c.Authority != "" {
		var err error
		if cfg.Authority, err = simcard.OpenAuthority(c.Authority, "Test card authority"); err != nil {
			return err
		}
	}
	card, err := simcard.New(cfg)
	if err != nil {
		return err
	}
	if err := card.Keep(c.File); err != nil {
		return err
	}
	show(out, card.Status())
	fmt.Fprintf(out, "Put it in with: simcard run %s\n", c.File)
	return nil
}

type statusCommand struct {
	File string `arg:"" help:"The card's file." type:"existingfile"`
}

// Run shows the card.
func (c *statusCommand) Run(out io.Writer) error {
	card, err := simcard.Load(c.File)
	if err != nil {
		return err
	}
	show(out, card.Status())
	return nil
}

func show(out io.Writer, s simcard.Status) {
	fmt.Fprintf(out, "%s (%s)\n", s.Name, s.Kind)
	if s.Profile == "" {
		return
	}
	fmt.Fprintf(out, "  id              %s\n", s.CardID)
	fmt.Fprintf(out, "  passcode tries  %s\n", tries(s.Tries))
	fmt.Fprintf(out, "  key tries       %s\n", tries(s.PUKTries))
}

func tries(n int) string {
	if n == 0 {
		return "none: blocked"
	}
	return fmt.Sprint(n)
}

type verifyCommand struct {
	File     string `arg:"" help:"The card's file. The card may not be in a reader." type:"existingfile"`
	Passcode string `arg:"" help:"The passcode to try."`
}

// Run tries the passcode.
func (c *verifyCommand) Run(out io.Writer) error {
	return holding(c.File, func(card *simcard.Card) error {
		right := card.Verify(c.Passcode)
		show(out, card.Status())
		if !right {
			return errors.New("the passcode is wrong, or the card is blocked")
		}
		fmt.Fprintln(out, "The passcode is right.")
		return nil
	})
}
