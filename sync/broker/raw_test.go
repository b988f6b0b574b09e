package broker_test

import (
	"net"
	"net/url"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// rawClient is a bare paho client: link gives up where a subscription is
// refused, and the table wants to see what happens then.
func rawClient(t *testing.T, url, user, password string) mqtt.Client {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(url).SetClientID(user + time.Now().Format("150405.000000000")).
		SetUsername(user).SetPassword(password).SetAutoReconnect(false).SetProtocolVersion(4))
	token := c.Connect()
	if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("%s cannot connect: %v", user, token.Error())
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c
}

// rawReader returns the topics of what arrives.
func rawReader(t *testing.T, url, user, password string, filters ...string) <-chan string {
	t.Helper()
	topics := make(chan string, 16)
	c := rawClient(t, url, user, password)
	for _, f := range filters {
		token := c.Subscribe(f, 1, func(_ mqtt.Client, m mqtt.Message) { topics <- m.Topic() })
		if !token.WaitTimeout(10 * time.Second) {
			t.Fatalf("no answer to SUBSCRIBE %s", f)
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
