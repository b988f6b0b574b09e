package broker_test

import (
	"net"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// TestAWillObeysTheRules: a will is a PUBLISH that the broker does later, and
// may not reach what its owner could not write to.
func TestAWillObeysTheRules(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		for topic, arrives := range map[string]bool{
			"unlock/1/north/wall-1/state":  true,
			"unlock/1/south/wall-2/state":  false,
			"unlock/1/north/wall-1/up/req": true,
		} {
			t.Run(topic, func(t *testing.T) {
				reader := rawReader(t, url, "central", "c", "unlock/1/+/+/up/#", "unlock/1/+/+/state")
				vanish(t, url, topic)
				// The ghost's own death is seen by its second will: a client of
				// the same name takes its place only when it is gone.
				if got := came(t, url, reader, topic); got != arrives {
					t.Errorf("arrives: %v, want %v", got, arrives)
				}
			})
		}
	})
}

// vanish connects as wall-1 with a will and drops the line.
func vanish(t *testing.T, url, topic string) {
	t.Helper()
	var line net.Conn
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(url).SetClientID("ghost").
		SetUsername("wall-1").SetPassword("w1").SetAutoReconnect(false).SetProtocolVersion(4).
		SetWill(topic, "gone", 1, false).
		SetCustomOpenConnectionFn(openInto(&line)))
	if token := c.Connect(); !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("cannot connect: %v", token.Error())
	}
	line.Close()
}

// came tells whether the will arrived, once the ghost is surely buried: the
// broker ends an old session before it greets a new one of the same name.
func came(t *testing.T, url string, reader <-chan string, topic string) bool {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(url).SetClientID("ghost").
		SetUsername("wall-1").SetPassword("w1").SetAutoReconnect(false).SetProtocolVersion(4))
	if token := c.Connect(); !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("cannot connect: %v", token.Error())
	}
	defer c.Disconnect(0)
	end := "unlock/1/end/wall-1/state"
	c.Publish(end, 1, false, "end").WaitTimeout(10 * time.Second)
	arrived := false
	for {
		select {
		case m := <-reader:
			if m == end {
				return arrived
			}
			arrived = arrived || m == topic
		case <-time.After(10 * time.Second):
			t.Fatal("the end does not come")
		}
	}
}
