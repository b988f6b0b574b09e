package broker_test

import (
	"testing"
	"time"

	"unlockpoint/sync/broker"
)

// Who comes back under the id of a line that is still open is heard at once.
func TestTheNextOfAnIDIsNotForgotten(t *testing.T) {
	b, err := broker.Start("127.0.0.1:0", accounts())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	at := place{url: b.URL()}
	central := rawClient(t, at, "central")
	for range 300 {
		topics := make(chan string, 1)
		c := connected(t, at.as(t, "wall-1").SetClientID("wall-1"))
		if !c.Subscribe("unlock/1/north/wall-1/dn/#", 1, into(topics)).WaitTimeout(10 * time.Second) {
			t.Fatal("no answer to SUBSCRIBE")
		}
		central.Publish("unlock/1/north/wall-1/dn/ack", 1, false, end)
		select {
		case <-topics:
		case <-time.After(10 * time.Second):
			t.Fatal("the client that came last gets nothing")
		}
	}
}
