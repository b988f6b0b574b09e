package broker_test

import (
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
func rawClient(t *testing.T, url, user, password string) mqtt.Client {
	t.Helper()
	return connected(t, mqtt.NewClientOptions().AddBroker(url).SetUsername(user).SetPassword(password))
}

// clients counts the clients of this test run: a broker lets no two of them
// have one id, and no clock is fine enough to tell them apart.
var clients atomic.Int64

func connected(t *testing.T, o *mqtt.ClientOptions) mqtt.Client {
	t.Helper()
	user := o.Username
	o.SetClientID(fmt.Sprintf("%s-%d", user, clients.Add(1))).SetAutoReconnect(false).SetProtocolVersion(4)
	c := mqtt.NewClient(o)
	token := c.Connect()
	if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("%s cannot connect: %v", user, token.Error())
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c
}

// rawReader returns the topics of what arrives. The channel is closed when the
// line is lost.
func rawReader(t *testing.T, url, user, password string, filters ...string) <-chan string {
	t.Helper()
	topics := make(chan string, 16)
	c := connected(t, mqtt.NewClientOptions().AddBroker(url).SetUsername(user).SetPassword(password).
		SetConnectionLostHandler(func(mqtt.Client, error) { close(topics) }))
	for _, f := range filters {
		token := c.Subscribe(f, 1, func(_ mqtt.Client, m mqtt.Message) { topics <- m.Topic() })
		if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
			t.Fatalf("no answer to SUBSCRIBE %s: %v", f, token.Error())
		}
	}
	return topics
}

// openInto keeps the line that a client opens, to cut it.
func openInto(line *net.Conn) mqtt.OpenConnectionFunc {
	return func(u *url.URL, _ mqtt.ClientOptions) (net.Conn, error) {
		conn, err := net.Dial("tcp", u.Host)
		*line = conn
		return conn, err
	}
}
