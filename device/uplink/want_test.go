package uplink

import (
	"testing"
	"testing/synctest"

	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

func (s *scene) wish(version uint64, hours string) link.Message {
	want := wire.Settings{Version: version, Policy: wire.DefaultPolicy(), Log: "debug",
		Site: wire.Site{ID: site, Name: "St Elsewhere", Booth: "hall", Hours: hours}}
	m := s.centre.openOn(wire.DownTopic(site, terminal, wire.ClassWant),
		wire.Envelope{Kind: wire.Want, ID: wire.NewID(), From: wire.Central, To: terminal}, want)
	m.Retained = true
	return m
}

func (s *scene) hours() string {
	synctest.Wait()
	return s.store.Settings().Site.Hours
}

// Only the highest version counts, whatever the broker has kept; the terminal
// says what it took over, once.
func TestTheNewestSettingsCount(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		s.status()
		s.line.say(s.wish(5, "8 to 5"))
		if got := s.hours(); got != "8 to 5" {
			t.Errorf("hours are %q", got)
		}
		if st := s.status(); st.Settings.Version != 5 || st.Settings.Log != "debug" {
			t.Errorf("told %+v", st.Settings)
		}
		for _, old := range []uint64{4, 5} {
			if s.line.say(s.wish(old, "never")); s.hours() != "8 to 5" {
				t.Errorf("version %d counts after 5", old)
			}
		}
		s.line.say(s.wish(7, "9 to 6"))
		if got := s.hours(); got != "9 to 6" {
			t.Errorf("hours are %q", got)
		}
		if n := len(s.centre.facts); n != 2 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestSettingsThatAreNotCentralsOrBreakARuleAreDropped(t *testing.T) {
	play(t, func(s *scene) {
		s.line.set(true)
		honest := s.centre.signer
		stranger, err := wire.NewSigner(wire.Central, other(t))
		must(t, err)
		s.centre.signer = stranger
		forged := s.wish(9, "forged")
		s.centre.signer = honest
		long := s.wish(9, string(make([]byte, 500)))
		elsewhere := s.wish(9, "elsewhere")
		elsewhere.Topic = wire.DownTopic(site, terminal, wire.ClassCmd)
		for _, m := range []link.Message{forged, long, elsewhere} {
			if s.line.say(m); s.hours() != "" {
				t.Errorf("hours are %q", s.hours())
			}
		}
	})
}
