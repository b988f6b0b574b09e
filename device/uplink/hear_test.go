package uplink

import (
	"path/filepath"
	"testing"

	"unlockpoint/device/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// FuzzHear throws any bytes at every topic: nothing that central did not sign
// changes anything.
func FuzzHear(f *testing.F) {
	c, me := pair(f)
	db, err := store.Open(filepath.Join(f.TempDir(), "store"))
	must(f, err)
	f.Cleanup(func() { db.Close() })
	u := New(Config{Identity: me}, db)
	topics := []string{
		wire.DownTopic(site, terminal, wire.ClassReply), wire.DownTopic(site, terminal, wire.ClassAck),
		wire.HeadTopic(site), wire.CentralStateTopic, "elsewhere",
	}
	stranger, _ := pair(f)
	f.Add(stranger.state(false).Payload)
	f.Add(stranger.head(9).Payload)
	f.Add(stranger.ack(wire.AckBody{Inc: db.Inc(), Seq: 0}).Payload)
	f.Add([]byte("{}\n\n— unlockpoint/central AAAA\n"))
	f.Add(c.state(true).Payload[:40])
	f.Fuzz(func(t *testing.T, raw []byte) {
		x := &talk{u: u, up: true, calls: map[string]*call{}, session: &session{}}
		x.greet()
		for _, topic := range topics {
			x.hear(link.Message{Topic: topic, Payload: raw})
		}
		if x.err != nil || !x.ready() || x.here || x.hello == nil {
			t.Errorf("%q changed something: %v", raw, x.err)
		}
	})
}
