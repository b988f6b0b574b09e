package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"encoding/pem"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/broker/brokertest"
	"unlockpoint/sync/central/authority"
	"unlockpoint/sync/central/keyring"
	"unlockpoint/sync/central/store"
)

// place is a broker as its clients see it.
type place struct {
	url, enrol string
	vouches    *authority.Authority // nil: users have passwords
	retire     func(t *testing.T, user string, issued authority.Issued)
	keeps      bool // what is to be retained, of those who enrol too
}

// each runs a story against every broker and every way to prove who one is.
func each(t *testing.T, story func(t *testing.T, at place)) {
	t.Run("embedded", func(t *testing.T) {
		b, err := broker.Start("127.0.0.1:0", accounts())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.Close() })
		story(t, place{url: b.URL()})
	})
	t.Run("mosquitto", func(t *testing.T) { story(t, place{url: brokertest.Mosquitto(t, accounts()).URL()}) })
	eachTLS(t, story)
}

// eachTLS runs it where users have certificates.
func eachTLS(t *testing.T, story func(t *testing.T, at place)) {
	t.Run("embedded tls", func(t *testing.T) { story(t, embeddedTLS(t)) })
	t.Run("mosquitto tls", func(t *testing.T) { story(t, mosquittoTLS(t)) })
}

// members are the accounts that are no terminals.
func members() []broker.Account {
	return []broker.Account{{User: "central", Role: broker.Central},
		{User: "jo", Role: broker.Operator}, {User: "al", Role: broker.Operator}}
}

func embeddedTLS(t *testing.T) place {
	vouches := newAuthority(t)
	secure := certificates(t, vouches)
	secure.EnrolAddr = "127.0.0.1:0"
	b, err := broker.StartTLS("127.0.0.1:0", members(), secure)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return place{url: b.URL(), enrol: b.EnrolURL(), vouches: vouches, retire: func(t *testing.T, user string, issued authority.Issued) {
		secure := certificates(t, vouches, issued)
		secure.Retired = []string{user}
		if err := b.Admit(members(), secure); err != nil {
			t.Fatal(err)
		}
	}}
}

func mosquittoTLS(t *testing.T) place {
	vouches := newAuthority(t)
	s := brokertest.MosquittoTLS(t, members(), certificates(t, vouches))
	return place{url: s.URL(), enrol: s.EnrolURL(), vouches: vouches, keeps: true, retire: func(t *testing.T, user string, issued authority.Issued) {
		secure := certificates(t, vouches, issued)
		secure.Retired = []string{user}
		if err := s.Reload(members(), secure); err != nil {
			t.Fatal(err)
		}
	}}
}

func newAuthority(t *testing.T) (a *authority.Authority) {
	t.Helper()
	db, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := keyring.Create(filepath.Join(t.TempDir(), "ring"))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx store.Tx) (err error) {
		a, err = authority.Open(tx, ring, "trust.example", time.Now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func certificates(t *testing.T, a *authority.Authority, revoked ...authority.Issued) broker.TLS {
	t.Helper()
	cert, key, err := a.Server([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.RevocationList(revoked)
	if err != nil {
		t.Fatal(err)
	}
	return broker.TLS{Authority: a.PEM(), Certificate: cert, Key: key, Revoked: list}
}

// as are the options of a client that is a user; "enrol:ID" has no certificate
// and calls itself ID.
func (p place) as(t *testing.T, user string) *mqtt.ClientOptions {
	t.Helper()
	if id, ok := strings.CutPrefix(user, "enrol:"); ok {
		return mqtt.NewClientOptions().AddBroker(p.enrol).SetClientID(id).SetTLSConfig(&tls.Config{RootCAs: p.vouches.Pool()})
	}
	o := mqtt.NewClientOptions().AddBroker(p.url)
	if p.vouches == nil {
		password := map[string]string{"central": "c", "wall-1": "w1", "wall-2": "w2", "jo": "j", "al": "a"}
		return o.SetUsername(user).SetPassword(password[user])
	}
	secure, _ := certified(t, p.vouches, user)
	return o.SetTLSConfig(secure)
}

// certified is a client's configuration with a certificate of its own.
func certified(t *testing.T, a *authority.Authority, user string) (*tls.Config, authority.Issued) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := a.User(user, key.Public(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(issued.PEM))
	own := tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key}
	return &tls.Config{RootCAs: a.Pool(), ServerName: "127.0.0.1", Certificates: []tls.Certificate{own}}, issued
}
