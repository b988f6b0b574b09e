package enrol_test

import (
	"crypto/tls"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"unlockpoint/sync/wire"
)

// A stranger has the broker retain a request. Central takes it away: it does
// not come again when central does.
func TestWhatAStrangerHasRetainedDoesNotComeAgain(t *testing.T) {
	each(t, func(t *testing.T, h *hospital) {
		h.stranger(t, "abcdefgh", true)
		h.stranger(t, "ijklmnop", false) // central takes them one after the other
		h.stop()
		h.start()
		h.stranger(t, "qrstuvwx", false)
		if n := strings.Count(h.log.String(), "code=abcdefgh"); n != 1 {
			t.Errorf("it came %d times:\n%s", n, h.log)
		}
	})
}

// stranger sends a request with a code that there is not until central, which
// may not listen yet, has looked at it.
func (h *hospital) stranger(t *testing.T, id string, retained bool) {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(h.enrol).SetClientID(id).SetAutoReconnect(false).
		SetTLSConfig(&tls.Config{InsecureSkipVerify: true})) // it has nothing to hide
	if token := c.Connect(); !token.WaitTimeout(limit) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer c.Disconnect(0)
	for end := time.Now().Add(limit); !strings.Contains(h.log.String(), "code="+id); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("central does not look at it:\n%s", h.log)
		}
		if token := c.Publish(wire.EnrolRequestTopic(id), 1, retained, "nonsense"); !token.WaitTimeout(limit) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		for retained && !strings.Contains(h.log.String(), "code="+id) && time.Now().Before(end) { // once is enough
			time.Sleep(20 * time.Millisecond)
		}
	}
}
