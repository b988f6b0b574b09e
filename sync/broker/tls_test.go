package broker_test

import (
	"crypto/tls"
	"net"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"unlockpoint/sync/broker"
)

const (
	codeA = "enrol:abcdefgh"
	codeB = "enrol:ijklmnop"
)

// TestWhoEnrolsReachesCentralAndNobodyElse: what is delivered to and from
// clients without a certificate, which anybody may be.
func TestWhoEnrolsReachesCentralAndNobodyElse(t *testing.T) {
	cases := []struct {
		name, from, topic, to, filter string
		arrives                       bool
	}{
		{"a request", codeA, "enrol/1/abcdefgh/csr", "central", "enrol/1/+/csr", true},
		{"what takes a request away", "central", "enrol/1/abcdefgh/csr", "central", "enrol/1/+/csr", true},
		{"a reply", "central", "enrol/1/abcdefgh/cert", codeA, "enrol/1/abcdefgh/cert", true},

		{"a request with another code", codeA, "enrol/1/ijklmnop/csr", "central", "enrol/1/+/csr", false},
		{"a reply by who enrols", codeA, "enrol/1/ijklmnop/cert", codeB, "enrol/1/ijklmnop/cert", false},
		{"another's reply, overheard", "central", "enrol/1/ijklmnop/cert", codeA, "enrol/1/ijklmnop/cert", false},
		{"another's reply, by wildcard", "central", "enrol/1/ijklmnop/cert", codeA, "enrol/1/+/cert", false},
		{"another's request, overheard", codeB, "enrol/1/ijklmnop/csr", codeA, "#", false},
		{"a terminal's request by who enrols", codeA, "unlock/1/north/abcdefgh/up/req", "central", "unlock/1/+/+/up/#", false},
		{"a terminal's birth by who enrols", codeA, "unlock/1/north/abcdefgh/state", "central", "unlock/1/+/+/state", false},
		{"a terminal's reply to who enrols", "central", "unlock/1/north/abcdefgh/dn/reply", codeA, "unlock/1/north/abcdefgh/dn/#", false},
		{"central's state to who enrols", "central", "unlock/1/central/state", codeA, "unlock/1/central/state", false},
		{"a request by a terminal", "wall-1", "enrol/1/abcdefgh/csr", "central", "enrol/1/+/csr", false},
		{"a reply by a terminal", "wall-1", "enrol/1/abcdefgh/cert", codeA, "enrol/1/abcdefgh/cert", false},
		{"a request by who has its id for a name", "abcdefgh", "enrol/1/abcdefgh/csr", "central", "enrol/1/+/csr", false},
	}
	eachTLS(t, func(t *testing.T, at place) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				if got := delivered(t, at, c.from, c.topic, c.to, c.filter); got != c.arrives {
					t.Errorf("arrives: %v, want %v", got, c.arrives)
				}
			})
		}
	})
}

// TestWhatAStrangerHasKeptIsTakenAway: the embedded broker keeps nothing of who
// enrols; Mosquitto does, as its retain_available is for all listeners alike
// (mosquitto.conf(5)), until central takes it away.
func TestWhatAStrangerHasKeptIsTakenAway(t *testing.T) {
	eachTLS(t, func(t *testing.T, at place) {
		topic := "enrol/1/abcdefgh/csr"
		kept := func() bool {
			reader := rawReader(t, at, "central", "enrol/1/+/csr", sentinel("central"))
			if !rawClient(t, at, "central").Publish(sentinel("central"), 1, false, end).WaitTimeout(10 * time.Second) {
				t.Fatal("the sentinel is stuck")
			}
			return <-reader == topic
		}
		watching := rawReader(t, at, "central", "enrol/1/+/csr")
		var line net.Conn
		o := at.as(t, codeA)
		o.TLSConfig.ServerName = "127.0.0.1"
		stranger := connected(t, o.SetWill(topic, "gone", 1, true).SetCustomOpenConnectionFn(openInto(&line, o.TLSConfig)))
		stranger.Publish(topic, 1, true, "payload").WaitTimeout(10 * time.Second)
		line.Close()
		for range 2 { // the message, and the will
			if got := <-watching; got != topic {
				t.Fatalf("%s arrives", got)
			}
		}
		if at.keeps != kept() {
			t.Errorf("the broker keeps it: %v, want %v", !at.keeps, at.keeps)
		}
		if !rawClient(t, at, "central").Publish(topic, 1, true, "").WaitTimeout(10 * time.Second) {
			t.Fatal("central cannot take it away")
		}
		if kept() {
			t.Error("it is still there")
		}
	})
}

// TestWhoIsLetIn: by which certificate, at which of the two listeners.
func TestWhoIsLetIn(t *testing.T) {
	eachTLS(t, func(t *testing.T, at place) {
		good, _ := certified(t, at.vouches, "wall-1")
		other, _ := certified(t, newAuthority(t), "wall-1")
		other.RootCAs = at.vouches.Pool()
		none := &tls.Config{RootCAs: at.vouches.Pool()}
		old := good.Clone()
		old.MaxVersion = tls.VersionTLS12
		for _, c := range []struct {
			name, url string
			with      *tls.Config
			in        bool
		}{
			{"a certificate", at.url, good, true},
			{"of another authority", at.url, other, false},
			{"none", at.url, none, false},
			{"an old TLS", at.url, old, false},
			{"none, to enrol", at.enrol, none, true},
		} {
			if got := letIn(t, c.url, c.with); got != c.in {
				t.Errorf("%s: let in %v, want %v", c.name, got, c.in)
			}
		}
	})
}

func letIn(t *testing.T, url string, with *tls.Config) bool {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(url).SetClientID("abcdefgh").SetTLSConfig(with).
		SetAutoReconnect(false).SetProtocolVersion(4))
	token := c.Connect()
	if !token.WaitTimeout(10 * time.Second) {
		t.Fatal("no answer")
	}
	defer c.Disconnect(0)
	// With TLS 1.3 a client believes to be in before the server has looked at
	// its certificate; the broker's answer to CONNECT settles it.
	return token.Error() == nil
}

// TestWhoIsRetiredIsOut: nothing more is delivered to a line that was open,
// and no other is let in.
func TestWhoIsRetiredIsOut(t *testing.T) {
	eachTLS(t, func(t *testing.T, at place) {
		secure, issued := certified(t, at.vouches, "wall-1")
		topic := "unlock/1/north/wall-1/up/req"
		open := connected(t, mqtt.NewClientOptions().AddBroker(at.url).SetTLSConfig(secure))
		reader := rawReader(t, at, "central", "unlock/1/+/+/up/#", sentinel("central"))
		open.Publish(topic, 1, false, "before").WaitTimeout(10 * time.Second)
		if got := <-reader; got != topic {
			t.Fatalf("%s arrives", got)
		}
		at.retire(t, "wall-1", issued)
		for deadline := time.Now().Add(20 * time.Second); letIn(t, at.url, secure); {
			if time.Now().After(deadline) {
				t.Fatal("still let in")
			}
		}
		open.Publish(topic, 1, false, "after").WaitTimeout(5 * time.Second)
		if !rawClient(t, at, "central").Publish(sentinel("central"), 1, false, end).WaitTimeout(10 * time.Second) {
			t.Fatal("the sentinel is stuck")
		}
		if got := <-reader; got != end {
			t.Errorf("%s arrives", got)
		}
		if !letIn(t, at.url, at.as(t, "wall-2").TLSConfig) {
			t.Error("the others are out as well")
		}
	})
}

// A certificate may be out while its name stays: one of a former operator.
func TestARevokedCertificateIsNotLetIn(t *testing.T) {
	eachTLS(t, func(t *testing.T, at place) {
		old, issued := certified(t, at.vouches, "jo")
		if !letIn(t, at.url, old) {
			t.Fatal("not let in before")
		}
		at.retire(t, "nobody", issued)
		for deadline := time.Now().Add(20 * time.Second); letIn(t, at.url, old); {
			if time.Now().After(deadline) {
				t.Fatal("still let in")
			}
		}
		if !letIn(t, at.url, at.as(t, "jo").TLSConfig) {
			t.Error("nor is another certificate of the same name")
		}
	})
}

func TestACertificateThatDoesNotReadDoesNotStart(t *testing.T) {
	if b, err := broker.StartTLS("127.0.0.1:0", members(), broker.TLS{Authority: "x"}); err == nil {
		b.Close()
		t.Error("started")
	}
}
