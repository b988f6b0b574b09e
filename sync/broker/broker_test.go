package broker_test

import (
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/broker"
	"unlockpoint/sync/wire"
)

func accounts() []broker.Account {
	return []broker.Account{
		{User: "central", Password: "c", Role: broker.Central},
		{User: "wall-1", Password: "w1", Role: broker.Terminal, Site: "north"},
		{User: "wall-2", Password: "w2", Role: broker.Terminal, Site: "south"},
		{User: "jo", Password: "j", Role: broker.Operator},
		{User: "al", Password: "a", Role: broker.Operator},
	}
}

// TestWhatIsDelivered asks each broker what arrives, not what it says: it may
// grant a SUBSCRIBE and acknowledge a PUBLISH and do neither. Behind each case
// goes a message that surely arrives, so that nothing has to be waited for.
func TestWhatIsDelivered(t *testing.T) {
	cases := []struct {
		name, from, topic, to, filter string
		arrives                       bool
	}{
		{"a request", "wall-1", "unlock/1/north/wall-1/up/req", "central", "unlock/1/+/+/up/#", true},
		{"a fact", "wall-1", "unlock/1/north/wall-1/up/fact", "central", "unlock/1/+/+/up/#", true},
		{"a birth", "wall-1", "unlock/1/north/wall-1/state", "central", "unlock/1/+/+/state", true},
		{"a reply", "central", "unlock/1/north/wall-1/dn/reply", "wall-1", "unlock/1/north/wall-1/dn/#", true},
		{"a head", "central", "unlock/1/north/all/head", "wall-1", "unlock/1/north/all/head", true},
		{"central's state", "central", "unlock/1/central/state", "wall-1", "unlock/1/central/state", true},
		{"central's keys", "central", "unlock/1/central/keys", "wall-1", "unlock/1/central/keys", true},
		{"an act", "jo", "unlock/1/ops/jo/up", "central", "unlock/1/+/+/up/#", true},
		{"an answer", "central", "unlock/1/ops/jo/dn", "jo", "unlock/1/ops/jo/dn", true},

		{"what is neither request nor fact", "wall-1", "unlock/1/north/wall-1/up/log", "central", "unlock/1/+/+/up/#", false},
		{"an act in another's name", "jo", "unlock/1/ops/al/up", "central", "unlock/1/+/+/up/#", false},
		{"an act by a terminal", "wall-1", "unlock/1/ops/jo/up", "central", "unlock/1/+/+/up/#", false},
		{"an answer by an operator", "jo", "unlock/1/ops/al/dn", "al", "unlock/1/ops/al/dn", false},
		{"another's answer", "central", "unlock/1/ops/jo/dn", "al", "unlock/1/ops/jo/dn", false},
		{"another's answer, by wildcard", "central", "unlock/1/ops/jo/dn", "al", "unlock/1/ops/+/dn", false},
		{"another's act, overheard", "jo", "unlock/1/ops/jo/up", "al", "unlock/1/ops/#", false},
		{"a command by an operator", "jo", "unlock/1/north/wall-1/dn/cmd", "wall-1", "unlock/1/north/wall-1/dn/#", false},
		{"a request by an operator", "jo", "unlock/1/north/wall-1/up/req", "central", "unlock/1/+/+/up/#", false},
		{"a terminal's request, overheard by an operator", "wall-1", "unlock/1/north/wall-1/up/req", "jo", "unlock/1/+/+/up/#", false},

		{"a request in another's name", "wall-1", "unlock/1/south/wall-2/up/req", "central", "unlock/1/+/+/up/#", false},
		{"a birth of another", "wall-1", "unlock/1/south/wall-2/state", "central", "unlock/1/+/+/state", false},
		{"a stream we do not have", "wall-1", "unlock/1/north/wall-1/up/other", "central", "unlock/1/+/+/up/#", false},
		{"a reply by a terminal", "wall-1", "unlock/1/south/wall-2/dn/reply", "wall-2", "unlock/1/south/wall-2/dn/#", false},
		{"a reply to itself", "wall-1", "unlock/1/north/wall-1/dn/reply", "wall-1", "unlock/1/north/wall-1/dn/#", false},
		{"a head by a terminal", "wall-1", "unlock/1/north/all/head", "wall-2", "unlock/1/north/all/head", false},
		{"central's keys by a terminal", "wall-1", "unlock/1/central/keys", "wall-2", "unlock/1/central/keys", false},
		{"central's state by a terminal", "wall-1", "unlock/1/central/state", "wall-2", "unlock/1/central/state", false},
		{"outside of ours", "central", "other/1", "central", "other/#", false},
		{"another's reply, overheard", "central", "unlock/1/south/wall-2/dn/reply", "wall-1", "unlock/1/south/wall-2/dn/#", false},
		{"another's reply, by wildcard", "central", "unlock/1/south/wall-2/dn/reply", "wall-1", "unlock/1/+/+/dn/#", false},
		{"another's request, overheard", "wall-2", "unlock/1/south/wall-2/up/req", "wall-1", "unlock/1/#", false},
		{"everything", "wall-2", "unlock/1/south/wall-2/up/req", "wall-1", "#", false},
	}
	each(t, func(t *testing.T, at place) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				if got := delivered(t, at, c.from, c.topic, c.to, c.filter); got != c.arrives {
					t.Errorf("arrives: %v, want %v", got, c.arrives)
				}
			})
		}
	})
}

// sentinel is a topic that reader to surely gets from central.
func sentinel(to string) string {
	switch to {
	case "central":
		return "unlock/1/sentinel/central/state"
	case "jo", "al":
		return "unlock/1/central/state"
	}
	if id, ok := strings.CutPrefix(to, "enrol:"); ok {
		return wire.EnrolReplyTopic(id)
	}
	return "unlock/1/sentinel/" + to + "/dn/ack"
}

func delivered(t *testing.T, at place, from, topic, to, filter string) bool {
	t.Helper()
	reader := rawReader(t, at, to, filter, sentinel(to))
	writer := rawClient(t, at, from)
	writer.Publish(topic, 1, false, "payload").WaitTimeout(5 * time.Second)
	// Mochi hangs up on a forbidden PUBLISH and acknowledges a good one before
	// it delivers it; Mosquitto acknowledges both. Either way the first is
	// dealt with when the second is answered.
	writer.Publish("unlock/1/second/"+from+"/up/fact", 1, false, "").WaitTimeout(5 * time.Second)
	central := rawClient(t, at, "central")
	if !central.Publish(sentinel(to), 1, false, end).WaitTimeout(5 * time.Second) {
		t.Fatal("the sentinel is stuck")
	}
	came := false
	for m := range reader {
		if m == end {
			return came
		}
		came = came || m == topic
	}
	t.Fatal("the reader lost its line")
	return false
}
