package enrol_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/enrol"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

// office is a desk with a store and a clock that a test moves.
type office struct {
	*enrol.Desk
	t   testing.TB
	db  *store.DB
	now time.Time
}

func newOffice(t testing.TB) *office {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "ring"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, db: db, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	o.Desk = &enrol.Desk{Realm: "trust.example", Ring: ring, URL: "mqtts://broker.example:8883", Policy: wire.DefaultPolicy(),
		Site: func(id string) wire.Site { return wire.Site{ID: id} }, Now: clock}
	o.update(func(tx store.Tx) (err error) {
		o.Authority, err = authority.Open(tx, ring, o.Realm, clock)
		return err
	})
	return o
}

func (o *office) update(do func(tx store.Tx) error) {
	o.t.Helper()
	if err := o.db.Update(o.t.Context(), do); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) invite(id string) (code wire.EnrolCode) {
	o.t.Helper()
	o.update(func(tx store.Tx) (err error) {
		code, _, err = o.Invite(tx, enrol.Invitation{Site: "ward7", ID: id})
		return err
	})
	return code
}

// answer is what a terminal with a code and a request hears.
func (o *office) answer(code wire.EnrolCode, r wire.EnrolRequest) (out enrol.Outcome, err error) {
	o.t.Helper()
	raw, err := code.Write(wire.EnrolAsks, r)
	if err != nil {
		o.t.Fatal(err)
	}
	err = o.db.Update(o.t.Context(), func(tx store.Tx) (err error) {
		out, err = o.Answer(tx, code.ID, raw)
		return err
	})
	return out, err
}

// request is that of a new terminal.
func request(t testing.TB, name string) wire.EnrolRequest {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	seal, err := wire.GenerateSealKey()
	if err != nil {
		t.Fatal(err)
	}
	return wire.EnrolRequest{V: wire.Version, Name: name, CSR: csr, NoteKey: bytes.Repeat([]byte{1}, 32), SealKey: seal.Public()}
}

func TestHowACodeIsUsed(t *testing.T) {
	good := request(t, "")
	bad := good
	bad.CSR = append(bytes.Clone(good.CSR[:len(good.CSR)-1]), good.CSR[len(good.CSR)-1]^1)
	short := good
	short.NoteKey = nil
	later := good
	later.V = 2
	for name, c := range map[string]struct {
		id       string // that central decided
		after    time.Duration
		request  wire.EnrolRequest
		refused  wire.Refusal
		terminal string
	}{
		"with central's name":      {"ward7-door", time.Hour, request(t, "my-own"), "", "ward7-door"},
		"with its own name":        {"", time.Hour, request(t, "my-own"), "", "my-own"},
		"on its last second":       {"ward7-door", enrol.Life - time.Second, good, "", "ward7-door"},
		"too late":                 {"ward7-door", enrol.Life, good, wire.CodeEnded, ""},
		"for a name that is taken": {"", time.Hour, request(t, "there"), wire.NameTaken, ""},
		"for central's name":       {"", time.Hour, request(t, "central"), wire.BadRequest, ""},
		"with another's signature": {"ward7-door", time.Hour, bad, wire.BadRequest, ""},
		"without a note key":       {"ward7-door", time.Hour, short, wire.BadRequest, ""},
		"in another version":       {"ward7-door", time.Hour, later, wire.BadRequest, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.update(func(tx store.Tx) error {
				_, err := terminals.Add(tx, o.Ring, terminals.New{ID: "there", Site: "ward7", Realm: o.Realm, URL: o.URL})
				return err
			})
			code := o.invite(c.id)
			o.now = o.now.Add(c.after)
			out, err := o.answer(code, c.request)
			if err != nil || out.Refused != c.refused || out.Terminal != c.terminal {
				t.Fatalf("%+v, %v", out, err)
			}
			var reply wire.EnrolReply
			if err := code.Read(wire.EnrolAnswers, out.Reply, &reply); err != nil || reply.Refused != c.refused || (reply.Sealed == nil) != (c.refused != "") {
				t.Errorf("%+v, %v", reply, err)
			}
		})
	}
}

// TestASecondDeviceWithACodeIsAnEvent: as any quarantine is; one, however often
// it tries.
func TestASecondDeviceWithACodeIsAnEvent(t *testing.T) {
	o := newOffice(t)
	code := o.invite("ward7-door")
	for _, r := range []wire.EnrolRequest{request(t, ""), request(t, ""), request(t, "")} {
		if _, err := o.answer(code, r); err != nil {
			t.Fatal(err)
		}
	}
	o.update(func(tx store.Tx) error {
		held, err := terminals.Find(tx, "ward7-door")
		list, listErr := fleet.Since(tx, 0, 0)
		if len(list) != 1 || list[0].Kind != wire.Quarantined || list[0].Terminal != "ward7-door" || list[0].Site != "ward7" ||
			held.Quarantine == "" || list[0].Text != held.Quarantine || !list[0].At.Equal(o.now) {
			t.Errorf("%+v of %+v", list, held)
		}
		return errors.Join(err, listErr)
	})
}

func TestInvitationsAreForgottenInTheEnd(t *testing.T) {
	o := newOffice(t)
	code := o.invite("ward7-door")
	o.now = o.now.Add(enrol.Life + 8*24*time.Hour)
	o.sweep()
	if _, err := o.answer(code, request(t, "")); !errors.Is(err, enrol.ErrIgnored) {
		t.Error(err)
	}
}

func (o *office) sweep() {
	o.t.Helper()
	if err := store.Finish(o.t.Context(), o.db, o.Sweep); err != nil {
		o.t.Fatal(err)
	}
}

// More than one transaction forgets, all made on the same day.
func TestAnyNumberOfInvitationsIsForgotten(t *testing.T) {
	o := newOffice(t)
	for range 8 {
		o.update(func(tx store.Tx) (err error) {
			for range 200 {
				_, _, one := o.Invite(tx, enrol.Invitation{Site: "ward7"})
				err = errors.Join(err, one)
			}
			return err
		})
	}
	o.now = o.now.Add(enrol.Life + 8*24*time.Hour)
	o.sweep()
	o.update(func(tx store.Tx) error {
		for key := range tx.Scan("invitation", "", 0) {
			t.Fatalf("%s is kept", key)
		}
		return nil
	})
}

// Anybody may publish to the enrolment listener.
func FuzzAnswer(f *testing.F) {
	o := newOffice(f)
	code := o.invite("ward7-door")
	good, err := code.Write(wire.EnrolAsks, request(f, ""))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(code.ID, bytes.Replace(good, []byte(`"v":1`), []byte(`"v":2`), 1))
	f.Add("abcdefgh", good)
	f.Add("", []byte("{}\n"))
	f.Fuzz(func(t *testing.T, id string, raw []byte) {
		err := o.db.Update(t.Context(), func(tx store.Tx) error { _, err := o.Answer(tx, id, raw); return err })
		if !errors.Is(err, enrol.ErrIgnored) && !bytes.Equal(raw, good) {
			t.Errorf("answered: %v", err)
		}
	})
}
