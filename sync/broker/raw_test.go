package broker_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// rawClient is a bare paho client: link gives up where a subscription is
// refused, and the table wants to see what happens then.
func rawClient(t *testing.T, at place, user string) mqtt.Client {
	t.Helper()
	return connected(t, at.as(t, user))
}

// clients counts the clients of this test run: a broker lets no two of them
// have one id, and no clock is fine enough to tell them apart.
var clients atomic.Int64

func connected(t *testing.T, o *mqtt.ClientOptions) mqtt.Client {
	t.Helper()
	if o.ClientID == "" {
		o.SetClientID(fmt.Sprintf("client-%d", clients.Add(1)))
	}
	c := mqtt.NewClient(o.SetAutoReconnect(false).SetProtocolVersion(4))
	token := c.Connect()
	if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("%s cannot connect: %v", o.ClientID, token.Error())
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c
}

// end is the payload, and what a reader gets, of the last message of a story.
const end = "end"

// rawReader returns the topics of what arrives, and end for the last. The channel is closed when the
// line is lost.
func rawReader(t *testing.T, at place, user string, filters ...string) <-chan string {
	t.Helper()
	topics := make(chan string, 16)
	c := connected(t, at.as(t, user).
		SetConnectionLostHandler(func(mqtt.Client, error) { close(topics) }))
	for _, f := range filters {
		token := c.Subscribe(f, 1, into(topics))
		if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
			t.Fatalf("no answer to SUBSCRIBE %s: %v", f, token.Error())
		}
	}
	return topics
}

// into passes on the topics of what arrives.
func into(topics chan<- string) mqtt.MessageHandler {
	return func(_ mqtt.Client, m mqtt.Message) {
		if string(m.Payload()) == end {
			topics <- end
			return
		}
		topics <- m.Topic()
	}
}

// openInto keeps the line that a client opens, to cut it.
func openInto(line *net.Conn, secure *tls.Config) mqtt.OpenConnectionFunc {
	return func(u *url.URL, _ mqtt.ClientOptions) (net.Conn, error) {
		conn, err := net.Dial("tcp", u.Host)
		*line = conn
		if err == nil && u.Scheme == "mqtts" {
			return tls.Client(conn, secure), nil
		}
		return conn, err
	}
}
