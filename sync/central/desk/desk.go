// Package desk is the rules of central: what a terminal is told, and what
// follows from what it says.
//
// Its words: a turn is one request in one transaction; a refusal is an answer
// like any other and changes nothing; a card is central's row of one
// smartcard and its holder. Attempts are counted by package ledger, codes and
// holders of cases by package cases, PUKs by package grant, registrations and
// the sites' feeds by package registry: the desk brings them together with
// keys, proofs and mail, and writes each thing down in the audit log, in the
// transaction that does it.
//
// The desk does no I/O but on the transaction it is given, starts nothing and
// keeps nothing between calls. Whether a note is genuine, new and from whom it
// says is decided before it gets here (package session).
package desk

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/cases"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/ledger"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// Config is what the rules depend on.
type Config struct {
	Realm     string
	Keys      *keyring.Ring
	Policy    wire.Policy          // to begin with: see Follow
	Sites     map[string]wire.Site // their texts to begin with
	Authority *x509.CertPool       // that cards' certificates chain to
	Now       func() time.Time
	Rand      io.Reader  // nil: crypto/rand
	Argon     wire.Argon // of new registrations; zero: wire.DefaultArgon
	FreezeURL string     // what the links in letters begin with; empty: they have none
}

// Desk is the rules. It may be used by many goroutines.
type Desk struct {
	cfg   Config
	log   *audit.Log
	rules atomic.Pointer[rules]
}

// rules are a policy and what follows from it, and what people are told of
// sites.
type rules struct {
	policy wire.Policy
	sites  map[string]wire.Site
	ledger ledger.Rules
	cases  cases.Rules
}

// New returns the desk of a configuration.
func New(cfg Config) *Desk {
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Argon == (wire.Argon{}) {
		cfg.Argon = wire.DefaultArgon()
	}
	d := &Desk{cfg: cfg, log: audit.New(cfg.Keys)}
	d.Follow(cfg.Policy, cfg.Sites)
	return d
}

// Follow makes a policy and the texts of sites hold from now on, also for what
// is under way.
func (d *Desk) Follow(p wire.Policy, sites map[string]wire.Site) {
	d.rules.Store(&rules{policy: p, sites: sites, cases: cases.RulesOf(p),
		ledger: ledger.Rules{Attempts: p.Attempts, In30Days: p.AttemptsIn30d, Life: seconds(p.AttemptOpen)}})
}

func (d *Desk) policy() wire.Policy  { return d.rules.Load().policy }
func (d *Desk) ledger() ledger.Rules { return d.rules.Load().ledger }
func (d *Desk) cases() cases.Rules   { return d.rules.Load().cases }

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

// Terminal is who asks. Site is central's word for where it hangs, not the
// terminal's; SessNonce is the nonce for card proofs of its link session.
type Terminal struct {
	ID        string
	Name      string // as people call it; may be empty
	Site      string
	SessNonce []byte
}

// turn is one request or fact being served.
type turn struct {
	tx    store.Tx
	who   Terminal
	by    string   // who acts, when it is no terminal
	agree string   // the second operator
	notes [][]byte // by which operators do it
	now   time.Time
	reply wire.Envelope // header of the reply, which a grant is sealed for
}

// refused is the error of a turn that ends in a refusal.
type refused wire.Refusal

func (r refused) Error() string { return "refused: " + string(r) }

// Serve answers one request. reply is the header of the envelope that the
// answer will travel in. A refusal is an answer; an error is a fault of ours,
// and the transaction must then not be kept.
func (d *Desk) Serve(tx store.Tx, who Terminal, kind wire.Kind, body []byte, reply wire.Envelope) (any, error) {
	t := turn{tx: tx, who: who, now: d.cfg.Now(), reply: reply}
	answer, err := d.serve(t, kind, body)
	if r, ok := errors.AsType[refused](err); ok {
		return wire.Refuse(wire.Refusal(r)), nil
	}
	if err != nil {
		return nil, fmt.Errorf("serving %s: %w", kind, err)
	}
	return answer, nil
}

func (d *Desk) serve(t turn, kind wire.Kind, body []byte) (any, error) {
	switch kind {
	case wire.RegistryPage:
		return do(t, body, d.page)
	case wire.CardLook:
		return do(t, body, d.look)
	case wire.RegisterBegin:
		return do(t, body, d.registerBegin)
	case wire.RegisterEvaluate:
		return do(t, body, d.registerEvaluate)
	case wire.RegisterSubmit:
		return do(t, body, d.registerSubmit)
	case wire.AttemptBegin:
		return do(t, body, d.attemptBegin)
	case wire.AttemptProve:
		return do(t, body, d.attemptProve)
	case wire.CaseTake:
		return do(t, body, d.caseTake)
	case wire.CodeCheck:
		return do(t, body, d.codeCheck)
	case wire.CodeResend:
		return do(t, body, d.codeResend)
	case wire.CodeStatus:
		return do(t, body, d.codeStatus)
	case wire.AssistTake:
		return do(t, body, d.assistTake)
	case wire.UnlockGrant:
		return do(t, body, d.unlockGrant)
	}
	return nil, refused(wire.BadRequest)
}

// do reads a body and serves it.
func do[B, R any](t turn, body []byte, fn func(turn, B) (R, error)) (any, error) {
	var b B
	if err := wire.Decode(body, &b); err != nil {
		return nil, refused(wire.BadRequest)
	}
	r, err := fn(t, b)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// page is the next part of the registry of the terminal's own site.
func (d *Desk) page(t turn, b wire.RegistryPageBody) (wire.RegistryPageReply, error) {
	return registry.Page(t.tx, t.who.Site, b)
}

// id makes an id of 128 random bits: nobody names a thing before it is there.
func (d *Desk) id() (string, error) {
	raw, err := d.random(16)
	return hex.EncodeToString(raw), err
}

func (d *Desk) random(n int) ([]byte, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(d.cfg.Rand, raw); err != nil {
		return nil, fmt.Errorf("drawing random bytes: %w", err)
	}
	return raw, nil
}
