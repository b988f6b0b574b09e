package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"unlockpoint/sync/wire"
)

type rootCmd struct {
	New     newRoot     `cmd:"" help:"Make the root key, on a machine that is never on the network."`
	List    listRoot    `cmd:"" help:"Print central's keys, for the root to sign."`
	Sign    signRoot    `cmd:"" help:"Sign what \"root list\" printed. Needs the root key and nothing else."`
	Publish publishRoot `cmd:"" help:"Hand central a signed list. Terminals believe it."`
}

type newRoot struct {
	File string `arg:"" type:"path" help:"Where the key goes: into a safe, and a copy into another."`
}

// Run makes a root key.
func (n *newRoot) Run(top *cli) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	if err := writeNew(n.File, base64.StdEncoding.EncodeToString(key.Seed())+"\n"); err != nil {
		return err
	}
	_, err = fmt.Fprintf(top.out, "%s is the root: keep it off the network. Sign with it what \"central root list\" prints.\n", n.File)
	return err
}

type listRoot struct{}

// Run prints the list that is to be signed.
func (*listRoot) Run(ctx context.Context, top *cli) error {
	var l wire.KeyList
	if err := top.ask(ctx, "GET", "/keys", nil, &l); err != nil {
		return err
	}
	return json.NewEncoder(top.out).Encode(l)
}

type signRoot struct {
	Key  string `arg:"" type:"path" help:"File of the root key."`
	List string `arg:"" optional:"" default:"-" type:"path" help:"What \"root list\" printed; standard input when left out."`
}

// Run signs a list.
func (s *signRoot) Run(top *cli) error {
	text, err := secret("the root key", s.Key)
	if err != nil {
		return err
	}
	seed, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(seed) != ed25519.SeedSize {
		return fmt.Errorf("%s is no root key: \"central root new\" makes one", s.Key)
	}
	raw, err := read(s.List)
	if err != nil {
		return fmt.Errorf("reading the list: %w", err)
	}
	var l wire.KeyList
	if err := wire.Decode([]byte(strings.TrimSpace(string(raw))), &l); err != nil {
		return errors.New("this is not what \"central root list\" prints")
	}
	signed, err := l.Sign(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		return err
	}
	_, err = top.out.Write(signed)
	return err
}

type publishRoot struct {
	File string `arg:"" optional:"" default:"-" type:"path" help:"The signed list; standard input when left out."`
}

// Run publishes a list.
func (p *publishRoot) Run(ctx context.Context, top *cli) error {
	raw, err := read(p.File)
	if err != nil {
		return fmt.Errorf("reading the signed list: %w", err)
	}
	var l wire.KeyList
	if err := top.ask(ctx, "POST", "/keys", string(raw), &l); err != nil {
		return err
	}
	_, err = fmt.Fprintf(top.out, "version %d is published\n", l.Version)
	return err
}
