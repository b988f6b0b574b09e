package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"unlockpoint/sync/central"
	"unlockpoint/sync/central/login"
	"unlockpoint/sync/wire"
)

type operatorsCmd struct {
	Add    addOperator    `cmd:"" help:"Make the keys of an operator and write the file that says who they are."`
	Ls     lsOperators    `cmd:"" help:"List the operators."`
	Login  loginOperator  `cmd:"" help:"Give an operator a log-in for central's pages: a password, and the secret of an authenticator app."`
	Remove removeOperator `cmd:"" help:"Take an operator off the list: nothing they sign counts any more."`
}

type addOperator struct {
	ID     string   `arg:"" name:"name" help:"Short name of the operator: a-z, 0-9 and -, such as jo-bevan."`
	Role   string   `required:"" enum:"viewer,booth,engineer,admin" help:"What they may do: viewer (look), booth (cards), engineer (terminals) or admin (everything)."`
	Site   []string `help:"Id of a site where they may act; once for each. Everywhere when left out."`
	Card   string   `help:"Id of their own smartcard, on which they may do nothing; empty: they have none."`
	Output string   `short:"o" required:"" type:"path" placeholder:"FILE" help:"Where the file goes. Hand it to the operator and delete it here: it holds their keys."`
}

// Run adds an operator. The file is made first: keys that cannot be written
// down would be lost.
func (a *addOperator) Run(ctx context.Context, top *cli) error {
	if err := writeNew(a.Output, ""); err != nil {
		return fmt.Errorf("%w (such a file is never overwritten)", err)
	}
	var b wire.Badge
	err := top.ask(ctx, "POST", "/operators", central.NewOperator{ID: a.ID, Role: wire.Role(a.Role), Sites: a.Site, Card: a.Card}, &b)
	if err == nil {
		err = b.Save(a.Output)
	}
	if err != nil {
		return errors.Join(err, os.Remove(a.Output))
	}
	fmt.Fprintf(top.out, "%s, %s: %s\n", b.ID, b.Role, a.Output)
	if a.Card == "" {
		fmt.Fprintln(top.out, "No card is named as theirs, so that none is refused to them. If they have one, remove them, and add them with --card.")
	}
	return top.tellBroker()
}

type lsOperators struct{}

// Run lists the operators.
func (*lsOperators) Run(ctx context.Context, top *cli) error {
	var list []central.OperatorLine
	if err := top.ask(ctx, "GET", "/operators", nil, &list); err != nil {
		return err
	}
	w := tabwriter.NewWriter(top.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "OPERATOR\tROLE\tSITES\tCARD\tADDED")
	for _, o := range list {
		sites := "all"
		if len(o.Sites) > 0 {
			sites = strings.Join(o.Sites, " ")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", o.ID, o.Role, sites, cmp.Or(o.Card, "-"), o.Added.Format(time.DateOnly))
	}
	return w.Flush()
}

type removeOperator struct {
	ID string `arg:"" name:"name" help:"Name of the operator."`
}

// Run removes an operator.
func (r *removeOperator) Run(ctx context.Context, top *cli) error {
	if err := top.ask(ctx, "DELETE", "/operators/"+r.ID, nil, nil); err != nil {
		return err
	}
	return top.tellBroker()
}

type loginOperator struct {
	ID string `arg:"" name:"name" help:"Name of the operator."`
}

// Run prints the log-in, which is kept nowhere else.
func (l *loginOperator) Run(ctx context.Context, top *cli) error {
	var a login.Account
	if err := top.ask(ctx, "POST", "/operators/"+l.ID+"/login", nil, &a); err != nil {
		return err
	}
	fmt.Fprintf(top.out, "name:      %s\npassword:  %s\nauthenticator app: %s\n"+
		"Hand both over by different ways. A log-in of before is no longer good; the password can be changed on the page.\n", l.ID, a.Password, a.Link)
	return nil
}
