package broker_test

import (
	"net"
	"testing"
	"time"
)

// TestAWillObeysTheRules: a will is a PUBLISH that the broker does later, and
// may not reach what its owner could not write to.
func TestAWillObeysTheRules(t *testing.T) {
	each(t, func(t *testing.T, at place) {
		reader := rawReader(t, at, "central", "unlock/1/+/+/up/#", "unlock/1/+/+/state")
		// The one that must not arrive is let go first: it would be there before
		// the others.
		vanish(t, at, "unlock/1/south/wall-2/state")
		for _, topic := range []string{"unlock/1/north/wall-1/state", "unlock/1/north/wall-1/up/req"} {
			vanish(t, at, topic)
			select {
			case got := <-reader:
				if got != topic {
					t.Errorf("%s arrives, want %s", got, topic)
				}
			case <-time.After(10 * time.Second):
				t.Errorf("%s does not arrive", topic)
			}
		}
	})
}

// vanish connects as wall-1 with a will and drops the line.
func vanish(t *testing.T, at place, topic string) {
	t.Helper()
	var line net.Conn
	o := at.as(t, "wall-1")
	connected(t, o.SetWill(topic, "gone", 1, false).SetCustomOpenConnectionFn(openInto(&line, o.TLSConfig)))
	line.Close()
}
