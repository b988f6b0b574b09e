// Package enrol lets terminals join that made their keys themselves.
//
// Its words: an invitation is a one-time code and what was decided about the
// terminal that will use it; it is used up by the first terminal whose request
// is written with the code. The same keys again get the same reply, since the
// first may have been lost; other keys mean that two devices have the code,
// and the one that joined goes into quarantine until somebody has looked.
//
// A terminal cannot check the broker before it knows whom central vouches
// for, and the broker does not check the terminal: neither has to be believed.
// Request and reply carry a MAC under keys of the code that only its two ends
// have, and what the reply holds is sealed to the key that the request brought.
package enrol

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/root"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// Life of an invitation, and how long after it a late terminal is still told
// so.
const (
	Life     = 24 * time.Hour
	remember = 7 * 24 * time.Hour
)

// Invitation is one code. Its secret is sealed.
type Invitation struct {
	Site   string    `json:"site"`
	ID     string    `json:"id,omitempty"`   // of the terminal; empty: what it asks for, or made up
	Name   string    `json:"name,omitempty"` // as people say it
	Secret []byte    `json:"secret"`
	Ends   time.Time `json:"ends"`

	Keys     []byte `json:"keys,omitempty"` // hash of those that used it up
	Terminal string `json:"terminal,omitempty"`
	Reply    []byte `json:"reply,omitempty"`
}

func table() store.Table[Invitation] { return store.Table[Invitation]{Name: "invitation"} }

// Desk hands out invitations and answers requests.
type Desk struct {
	Realm     string
	Ring      *keyring.Ring
	Authority *authority.Authority
	URL       string // of the broker, as terminals reach it
	Policy    wire.Policy
	Site      func(id string) wire.Site
	Now       func() time.Time
}

// Invite makes a code for a terminal of a site, until the returned time.
func (d *Desk) Invite(tx store.Tx, i Invitation) (wire.EnrolCode, time.Time, error) {
	code := wire.NewEnrolCode()
	var err error
	if i.Secret, err = d.Ring.Seal(keyring.Field, table().Name, code.ID, code.Secret()); err != nil {
		return code, time.Time{}, fmt.Errorf("sealing an enrolment code: %w", err)
	}
	i.Ends = d.Now().Add(Life)
	return code, i.Ends, table().Put(tx, code.ID, i)
}

// ErrIgnored says that a request proves nothing: it is not answered.
var ErrIgnored = errors.New("not written with an enrolment code of ours")

// Outcome of a request that was answered.
type Outcome struct {
	Reply    []byte
	Terminal string // that joined, now or before
	Refused  wire.Refusal
}

// Answer serves the request of a terminal that uses a code.
func (d *Desk) Answer(tx store.Tx, id string, payload []byte) (Outcome, error) {
	i, there, err := table().Find(tx, id)
	if err != nil || !there {
		return Outcome{}, errors.Join(err, ErrIgnored)
	}
	code, err := d.code(id, i)
	if err != nil {
		return Outcome{}, err
	}
	var r wire.EnrolRequest
	if err := code.Read(wire.EnrolAsks, payload, &r); err != nil {
		return Outcome{}, ErrIgnored
	}
	return d.serve(tx, code, i, r)
}

func (d *Desk) code(id string, i Invitation) (wire.EnrolCode, error) {
	secret, err := d.Ring.Open(keyring.Field, table().Name, id, i.Secret)
	if err != nil {
		return wire.EnrolCode{}, fmt.Errorf("opening an enrolment code: %w", err)
	}
	return wire.EnrolCodeOf(id, secret)
}

func (d *Desk) serve(tx store.Tx, code wire.EnrolCode, i Invitation, r wire.EnrolRequest) (Outcome, error) {
	csr, err := keysOf(r)
	switch hash := hashOf(r, csr); {
	case err != nil:
		return refuse(code, wire.BadRequest)
	case i.Terminal != "" && bytes.Equal(i.Keys, hash):
		return Outcome{Reply: i.Reply, Terminal: i.Terminal}, nil
	case i.Terminal != "":
		return d.twice(tx, code, i)
	case !d.Now().Before(i.Ends):
		return refuse(code, wire.CodeEnded)
	default:
		i.Keys = hash
		return d.join(tx, code, i, r, csr)
	}
}

// twice puts the terminal that joined into quarantine: another device has its
// code. That is an event, but not again while it is in there.
func (d *Desk) twice(tx store.Tx, code wire.EnrolCode, i Invitation) (Outcome, error) {
	const why = "its enrolment code was used by another device as well"
	t, err := terminals.Find(tx, i.Terminal)
	if err == nil && t.Quarantine == "" {
		err = errors.Join(terminals.SetQuarantine(tx, t.ID, why),
			fleet.Happened(tx, wire.Event{At: d.Now(), Kind: wire.Quarantined, Terminal: t.ID, Site: t.Site, Text: why}))
	}
	if err != nil {
		return Outcome{}, err
	}
	out, err := refuse(code, wire.CodeUsed)
	out.Terminal = t.ID
	return out, err
}

// keysOf holds the keys of a request against their forms.
func keysOf(r wire.EnrolRequest) (*x509.CertificateRequest, error) {
	csr, err := x509.ParseCertificateRequest(r.CSR)
	if err == nil {
		err = csr.CheckSignature()
	}
	if err == nil {
		_, err = wire.Seal(r.SealKey, "", wire.Envelope{}, nil)
	}
	if err == nil && (r.V != wire.Version || len(r.NoteKey) != ed25519.PublicKeySize) {
		err = errors.New("another version, or a malformed key")
	}
	return csr, err
}

func hashOf(r wire.EnrolRequest, csr *x509.CertificateRequest) []byte {
	if csr == nil {
		return nil
	}
	var all [3][sha256.Size]byte
	for i, key := range [][]byte{csr.RawSubjectPublicKeyInfo, r.NoteKey, r.SealKey} {
		all[i] = sha256.Sum256(key)
	}
	sum := sha256.Sum256(bytes.Join([][]byte{all[0][:], all[1][:], all[2][:]}, nil))
	return sum[:]
}

// join makes the terminal, uses the invitation up, and writes the reply.
func (d *Desk) join(tx store.Tx, code wire.EnrolCode, i Invitation, r wire.EnrolRequest, csr *x509.CertificateRequest) (Outcome, error) {
	n := terminals.New{ID: i.ID, Site: i.Site, Name: i.Name, Now: d.Now(), Authority: d.Authority}
	if n.ID == "" {
		n.ID = r.Name
	}
	if n.ID == "" {
		n.ID = "terminal-" + code.ID
	}
	issued, err := terminals.Join(tx, n, terminals.Keys{TLS: csr.PublicKey, Note: r.NoteKey, Seal: r.SealKey})
	if errors.Is(err, terminals.ErrTaken) {
		return refuse(code, wire.NameTaken)
	}
	if errors.Is(err, terminals.ErrMalformed) {
		return refuse(code, wire.BadRequest)
	}
	if err != nil {
		return Outcome{}, err
	}
	above, err := root.Find(tx)
	if err != nil {
		return Outcome{}, err
	}
	if i.Reply, err = d.reply(code, above, n, issued, r.SealKey); err != nil {
		return Outcome{}, err
	}
	i.Terminal = n.ID
	return Outcome{Reply: i.Reply, Terminal: n.ID}, table().Put(tx, code.ID, i)
}

func (d *Desk) reply(code wire.EnrolCode, above root.Published, n terminals.New, issued authority.Issued, sealTo []byte) ([]byte, error) {
	pinned, err := terminals.Pinned(d.Ring)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(wire.Enrolled{
		Realm: d.Realm, ID: n.ID, Name: n.DisplayName(), Central: pinned, RegistryKey: d.Ring.RegistryKey(n.Site), ConsoleKey: d.Ring.ConsoleKey(n.ID),
		URL: d.URL, Authority: d.Authority.PEM(), Certificate: issued.PEM, Root: above.Root, Keys: above.Version,
		Policy: d.Policy, Site: d.Site(n.Site), Time: d.Now(),
	})
	if err != nil {
		return nil, fmt.Errorf("writing an enrolment: %w", err)
	}
	sealed, err := wire.Seal(sealTo, "", wire.EnrolContext(code.ID), body)
	if err != nil {
		return nil, err
	}
	return code.Write(wire.EnrolAnswers, wire.EnrolReply{V: wire.Version, Sealed: sealed})
}

func refuse(code wire.EnrolCode, why wire.Refusal) (Outcome, error) {
	raw, err := code.Write(wire.EnrolAnswers, wire.EnrolReply{V: wire.Version, Refused: why})
	return Outcome{Reply: raw, Refused: why}, err
}

// Sweep forgets invitations that ended long ago, as many as one transaction
// takes, and says whether there may be more.
func (d *Desk) Sweep(tx store.Tx) (more bool, err error) {
	for row, err := range table().Each(tx, "") {
		if err != nil {
			return false, fmt.Errorf("forgetting invitations: %w", err)
		}
		if tx.Full() {
			return true, nil
		}
		if d.Now().Sub(row.Value.Ends) > remember {
			if err := table().Delete(tx, row.Key); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}
