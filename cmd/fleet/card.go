package main

import (
	"context"
	"fmt"

	"unlockpoint/sync/operator"
	"unlockpoint/sync/wire"
)

type cardCmd struct {
	Find     findCmd     `cmd:"" help:"Look for cards by id, or by part of the holder's name."`
	History  historyCmd  `cmd:"" help:"Show what happened to a card."`
	Release  releaseCmd  `cmd:"" help:"Let the holder of a card that is locked out try again."`
	Assist   assistCmd   `cmd:"" help:"Give out a code that unlocks a card at a terminal, once, without questions and mail."`
	Remove   removeCmd   `cmd:"" help:"Remove the registration of a card."`
	Freeze   freezeCmd   `cmd:"" help:"Close self-service for a card."`
	Unfreeze unfreezeCmd `cmd:"" help:"Open self-service for a frozen card again. It takes two operators."`
	Address  addressCmd  `cmd:"" help:"Set or change the email address for a card."`
	Waiting  waitingCmd  `cmd:"" help:"List what waits for a second operator."`
	Agree    agreeCmd    `cmd:"" help:"Agree to what another operator asked for."`
}

type findCmd struct {
	Query  string `arg:"" help:"Id of a card, or 2 or more letters of a name."`
	Output form   `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help teaches by example.
func (findCmd) Help() string {
	return `Each card that is found is written into the audit log.

Examples:
  fleet card find shah
  fleet card find piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 -o json`
}

// Run looks for cards.
func (f *findCmd) Run(ctx context.Context, top *cli) error {
	var views []wire.CardView
	if err := top.ask(ctx, wire.CardFind, wire.CardFindBody{Query: f.Query}, &views); err != nil {
		return err
	}
	t := table{head: []string{"card", "holder", "address", "site", "standing", "attempts left", "last unlock"}, data: views}
	for _, v := range views {
		t.rows = append(t.rows, []string{v.Card, v.Holder, orDash(v.Address), v.Site, string(v.Standing), fmt.Sprint(v.AttemptsLeft), moment(v.LastUnlock)})
	}
	return t.print(top.out, f.Output)
}

type historyCmd struct {
	Card   string `arg:"" help:"Id of the card: \"fleet card find\" shows it."`
	Output form   `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
	All    bool   `help:"Go back to the beginning, instead of the newest 50."`
}

// Help teaches by example.
func (historyCmd) Help() string {
	return `Looking is an entry of the history itself. Beside mails stands what the mail
server said, in numbers: 550 mostly means that there is no such address, 552 or
x.2.2 that the mailbox is full, 450 and 451 that it wants to be asked again,
and "no reply" that it could not be reached.

Examples:
  fleet card history piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9
  fleet card history piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --all -o csv > history.csv`
}

// Run shows a history, newest first.
func (h *historyCmd) Run(ctx context.Context, top *cli) error {
	var all []wire.CardEntry
	err := top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		for page := (wire.History{More: true}); page.More && (h.All || len(all) == 0); {
			body := wire.CardHistoryBody{Card: h.Card}
			if n := len(all); n > 0 {
				body.Before = all[n-1].Seq
			}
			page = wire.History{}
			if err := top.put(ctx, line, wire.CardHistory, body, &page); err != nil {
				return err
			}
			all = append(all, page.Entries...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	t := table{head: []string{"time", "what", "by", "site", "note", "reason"}, data: all}
	for _, e := range all {
		t.rows = append(t.rows, []string{moment(e.At), e.What, both(e.By, e.Second), orDash(e.Site), orDash(e.Note), orDash(e.Reason)})
	}
	return t.print(top.out, h.Output)
}

// both are who did something and who agreed.
func both(by, second string) string {
	if second == "" {
		return by
	}
	return by + ", " + second
}

// act is what all acts on a card have.
type act struct {
	Card   string `arg:"" help:"Id of the card: \"fleet card find\" shows it."`
	Reason string `required:"" help:"Why, for the audit log and whoever asks later."`
}

// do does an act, and says what came of it.
func (a act) do(ctx context.Context, top *cli, kind wire.Kind, change func(*wire.CardActBody)) error {
	b := wire.CardActBody{Card: a.Card, Reason: a.Reason}
	if change != nil {
		change(&b)
	}
	var done wire.CardDone
	if err := top.ask(ctx, kind, b, &done); err != nil {
		return err
	}
	return top.done(done)
}

func (top *cli) done(d wire.CardDone) (err error) {
	switch {
	case d.Agree != "":
		_, err = fmt.Fprintf(top.out, "Not done yet: a second operator has to agree within an hour.\n  fleet card agree %s\n", d.Agree)
	case d.Code != "":
		_, err = fmt.Fprintf(top.out, "%s %s\nGood for %d minutes, once, with this card only, at any terminal.\n", d.Code[:len(d.Code)/2], d.Code[len(d.Code)/2:], d.Minutes)
	default:
		_, err = fmt.Fprintln(top.out, "done; the holder gets a mail, if there is an address on file")
	}
	return err
}

type releaseCmd struct{ act }

// Help teaches by example.
func (releaseCmd) Help() string {
	return `A second release within 30 days takes two operators.

Examples:
  fleet card release piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --reason "showed her badge"`
}

// Run releases a lockout.
func (r *releaseCmd) Run(ctx context.Context, top *cli) error {
	return r.do(ctx, top, wire.CardRelease, nil)
}

type assistCmd struct{ act }

// Help teaches by example.
func (assistCmd) Help() string {
	return `Make sure of who the person is before. For a card that cannot prove itself to
central it takes two operators.

Examples:
  fleet card assist piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --reason "showed her badge"`
}

// Run gives out a code.
func (a *assistCmd) Run(ctx context.Context, top *cli) error {
	return a.do(ctx, top, wire.CardAssist, nil)
}

type removeCmd struct {
	act
	Forget bool `help:"Also take the email address off file, and cut the history off the person for good. It takes two operators."`
}

// Help teaches by example.
func (removeCmd) Help() string {
	return `Examples:
  fleet card remove piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --reason "left the trust"
  fleet card remove piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --forget --reason "asked to be forgotten"`
}

// Run removes a registration.
func (r *removeCmd) Run(ctx context.Context, top *cli) error {
	return r.do(ctx, top, wire.CardRemove, func(b *wire.CardActBody) { b.Forget = r.Forget })
}

type freezeCmd struct{ act }

// Help teaches by example.
func (freezeCmd) Help() string {
	return `Examples:
  fleet card freeze piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --reason "badge lost"`
}

// Run freezes a card.
func (f *freezeCmd) Run(ctx context.Context, top *cli) error {
	return f.do(ctx, top, wire.CardFreeze, nil)
}

type unfreezeCmd struct{ act }

// Help teaches by example.
func (unfreezeCmd) Help() string {
	return `Examples:
  fleet card unfreeze piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --reason "badge found"`
}

// Run unfreezes a card.
func (u *unfreezeCmd) Run(ctx context.Context, top *cli) error {
	return u.do(ctx, top, wire.CardUnfreeze, nil)
}

type addressCmd struct {
	act
	Email string `required:"" help:"The new address."`
}

// Help teaches by example.
func (addressCmd) Help() string {
	return `With no address on file, codes go to this one from now on. With one, they do
after the wait for a new address (policy), and both are told.

Examples:
  fleet card address piv:0a1b2c3d4e5f60718293a4b5c6d7e8f9 --email amina.shah@nhs.net --reason "has married"`
}

// Run sets an address.
func (a *addressCmd) Run(ctx context.Context, top *cli) error {
	return a.do(ctx, top, wire.CardAddress, func(b *wire.CardActBody) { b.Address = a.Email })
}

type waitingCmd struct {
	Output form `short:"o" enum:"table,json,csv" default:"table" help:"table, json or csv."`
}

// Help teaches by example.
func (waitingCmd) Help() string {
	return `Examples:
  fleet card waiting
  fleet card waiting -o json`
}

// Run lists what waits.
func (w *waitingCmd) Run(ctx context.Context, top *cli) error {
	var list []wire.Waiting
	if err := top.ask(ctx, wire.CardWaiting, wire.CardWaitingBody{}, &list); err != nil {
		return err
	}
	t := table{head: []string{"number", "act", "card", "holder", "by", "until", "reason"}, data: list}
	for _, one := range list {
		t.rows = append(t.rows, []string{one.ID, string(one.Kind), one.Card.Card, one.Card.Holder, one.By, moment(one.Until), one.Act.Reason})
	}
	return t.print(top.out, w.Output)
}

type agreeCmd struct {
	Number string `arg:"" help:"Number of what waits: \"fleet card waiting\" lists it."`
}

// Help says what is signed.
func (agreeCmd) Help() string {
	return `You sign all that the other operator asked for, with the reason: it is shown before
it is done. Both signatures are kept in the audit log, see "fleet card history -o json".

Examples:
  fleet card waiting
  fleet card agree 3f9a0c2b7d41`
}

// Run agrees to what is shown.
func (a *agreeCmd) Run(ctx context.Context, top *cli) error {
	return top.with(ctx, func(ctx context.Context, line *operator.Line) error {
		var list []wire.Waiting
		if err := top.put(ctx, line, wire.CardWaiting, wire.CardWaitingBody{ID: a.Number}, &list); err != nil {
			return err
		}
		agreed := wire.CardAgreeBody{ID: a.Number} // of nothing that waits central says so
		if len(list) > 0 {
			agreed = list[0].CardAgreeBody
			fmt.Fprintf(top.out, "%s for %s, asked for by %s: %s\n", agreed.Kind, list[0].Card.Holder, agreed.By, agreed.Act.Reason)
		}
		var done wire.CardDone
		if err := top.put(ctx, line, wire.CardAgree, agreed, &done); err != nil {
			return err
		}
		return top.done(done)
	})
}
