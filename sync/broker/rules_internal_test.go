package broker

import (
	"strings"
	"testing"
)

// matches is what MQTT says of a filter and a topic (version 5.0, section 4.7).
func matches(filter, topic string) bool {
	want, have := strings.Split(filter, "/"), strings.Split(topic, "/")
	for i, w := range want {
		if w == "#" {
			return true
		}
		if i == len(have) || w != "+" && w != have[i] {
			return false
		}
	}
	return len(want) == len(have)
}

// Whoever may have a filter gets no topic with it that a rule does not give.
func FuzzWhatAFilterMayReach(f *testing.F) {
	f.Add("unlock/1/+/ward/dn/#", "unlock/1/east/ward/dn/#", "unlock/1/east/ward/dn/a/b")
	f.Add("unlock/1/+/ward/dn/#", "unlock/1/+/+/dn/#", "unlock/1/east/other/dn/a")
	f.Add("unlock/1/#", "unlock/1", "unlock/1")
	f.Add("unlock/1/+/head", "unlock/1/#", "unlock/1/east/ward/up/req")
	f.Fuzz(func(t *testing.T, rule, filter, topic string) {
		if covers(rule, filter) && matches(filter, topic) && !matches(rule, topic) {
			t.Errorf("%q allows %q, which reaches %q", rule, filter, topic)
		}
	})
}
