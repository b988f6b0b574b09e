package session_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/registry"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/wire"
)

func TestATerminalSaysHelloAndAsks(t *testing.T) {
	x := open(t).terminal("ward-7")
	w := x.hello()
	if !w.Time.Equal(x.now) || len(w.Prove) != 32 || w.Settings.Site.ID != site || w.Settings.Policy.Attempts != 3 {
		t.Fatalf("welcome: %+v", w)
	}
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" || r.AttemptsLeft != 3 {
		t.Fatalf("reply: %+v", r)
	}
}

func TestALostReplyIsSentAgainByteForByteAndHasOneEffect(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	note := x.ask("")
	first := x.receive(x.up("req"), note)
	x.now = x.now.Add(time.Hour)
	again := x.receive(x.up("req"), note)
	if !bytes.Equal(first[0].Payload, again[0].Payload) || x.count("served") != 1 {
		t.Fatalf("served %d times", x.count("served"))
	}
}

func TestAUsedIDWithAnotherBodyIsRefusedAndHasNoEffect(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	id := wire.NewID()
	x.receive(x.up("req"), x.ask(id))
	r := x.look(x.receive(x.up("req"), x.ask(id))) // sealed anew: another text
	if r.Refused != wire.OtherBody || x.count("served") != 1 {
		t.Fatalf("refused %q, served %d times", r.Refused, x.count("served"))
	}
	if !strings.Contains(x.log.String(), "used id") {
		t.Error("nothing in the log")
	}
}

func TestADeadSessionIsToldSoAndChangesNothing(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	x.now = x.now.Add(24 * time.Hour)
	note := x.ask("")
	if r := x.look(x.receive(x.up("req"), note)); r.Refused != wire.NewSession || x.count("served") != 0 {
		t.Fatalf("refused %q, served %d times", r.Refused, x.count("served"))
	}
	x.sess = ""
	x.hello()
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" {
		t.Fatalf("refused %q after a new hello", r.Refused)
	}
}

func TestTheNextSessionEndsTheOneBefore(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	old := x.sess
	x.hello()
	x.receive(x.up("req"), x.ask(""))
	x.sess = old
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != wire.NewSession {
		t.Fatalf("refused %q", r.Refused)
	}
}

func TestAHelloPlayedBackEndsNothing(t *testing.T) {
	x := open(t).terminal("ward-7")
	note := x.helloNote(nil)
	x.sess = x.welcome(x.receive(x.up("req"), note)).Sess
	x.receive(x.up("req"), x.ask(""))
	x.facts(3)

	// When somebody on the way sends the hello again, soon or much later,
	x.receive(x.up("req"), note)
	x.now = x.now.Add(20 * time.Hour)
	x.sweep()
	x.receive(x.up("req"), note)

	// then the session lives on, and nobody is put into quarantine.
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" || x.quarantine("ward-7") != "" {
		t.Fatalf("refused %q, quarantine %q", r.Refused, x.quarantine("ward-7"))
	}
}

func TestAHelloPlayedBackAfterItsReplyIsForgottenHarmsNobody(t *testing.T) {
	x := open(t).terminal("ward-7")
	note := x.helloNote(nil)
	x.sess = x.welcome(x.receive(x.up("req"), note)).Sess
	x.facts(3)
	x.now = x.now.Add(72 * time.Hour)
	x.sweep()
	x.hello()
	x.receive(x.up("req"), x.ask(""))
	x.receive(x.up("req"), note) // it tells of no facts: as a disk that was set back would
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" || x.quarantine("ward-7") != "" {
		t.Fatalf("refused %q, quarantine %q", r.Refused, x.quarantine("ward-7"))
	}
}

func TestARequestPlayedBackAfterItsReplyIsForgottenChangesNothing(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	note := x.ask("")
	x.receive(x.up("req"), note)
	x.now = x.now.Add(72 * time.Hour)
	x.sweep()
	if r := x.look(x.receive(x.up("req"), note)); r.Refused != wire.NewSession || x.count("served") != 1 {
		t.Fatalf("refused %q, served %d times", r.Refused, x.count("served"))
	}
}

func TestASessionThatCentralDidNotGiveIsTwoHoldersOfOneIdentity(t *testing.T) {
	x := open(t).terminal("ward-7")
	other := wire.NewID()
	x.hello()
	x.sess = other
	x.hello()
	if x.quarantine("ward-7") != "" {
		t.Fatal("quarantine before the hello was proved fresh")
	}
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != wire.BadRequest || x.quarantine("ward-7") == "" {
		t.Fatalf("refused %q, quarantine %q", r.Refused, x.quarantine("ward-7"))
	}
	if !strings.Contains(x.log.String(), "alarm") || x.count("served") != 0 || !slices.Equal(x.events(), []wire.EventKind{wire.Quarantined}) {
		t.Fatalf("served %d times; log: %s", x.count("served"), x.log)
	}
	x.update(func(tx store.Tx) error { return terminals.Release(tx, "ward-7") })
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" {
		t.Fatalf("refused %q after the release", r.Refused)
	}
}

// TestABackupPutsNobodyIntoQuarantine: its store knows nothing of the sessions
// that were given since it was made, nor of the facts that were taken. The
// registry begins another epoch, one for all who come back.
func TestABackupPutsNobodyIntoQuarantine(t *testing.T) {
	for name, rows := range map[string]int{"from after its first hello": 1, "from before": 0} {
		x := open(t).terminal("ward-7")
		backup := map[string][]byte{}
		if rows == 1 {
			x.hello()
			x.saved(backup)
		}
		x.hello()
		x.facts(3)
		x.hello()
		x.restore(backup)
		epochs := map[string]bool{}
		for range 2 { // the first welcome may be lost
			before := x.sess
			x.hello()
			if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" || x.quarantine("ward-7") != "" {
				t.Fatalf("%s: refused %q, quarantine %q", name, r.Refused, x.quarantine("ward-7"))
			}
			x.sess = before
			x.update(func(tx store.Tx) error {
				page, err := registry.Page(tx, site, wire.RegistryPageBody{})
				epochs[page.Epoch] = true
				return err
			})
		}
		if len(epochs) != 1 || epochs[""] {
			t.Errorf("%s: the registry's epochs are %v", name, epochs)
		}
	}
}

func TestWhatDoesNotProveWhoseItIsIsDropped(t *testing.T) {
	h := open(t)
	x, other := h.terminal("ward-7"), h.terminal("ward-8")
	x.hello()
	good := x.ask("")
	forged := other.helloNote(nil)
	forged = bytes.Replace(forged, []byte(`"from":"ward-8"`), []byte(`"from":"ward-7"`), 1)
	cases := []struct {
		reason, topic string
		note          []byte
	}{
		{"too-large", x.up("req"), bytes.Repeat([]byte("x"), wire.MaxNote+1)},
		{"malformed", x.up("req"), []byte("hello")},
		{"topic", "unlock/1/east/ward-7/dn/reply", good},
		{"topic", x.up("fact"), good},
		{"topic", other.up("req"), good},
		{"site", wire.UpTopic("west", "ward-7", "req"), good},
		{"unproved", x.up("req"), forged},
		{"unproved", x.up("req"), bytes.Replace(good, []byte("— unlockpoint/ward-7 "), []byte("— unlockpoint/ward-8 "), 1)},
		{"unknown", wire.UpTopic(site, "ward-9", "req"), bytes.ReplaceAll(good, []byte("ward-7"), []byte("ward-9"))},
	}
	for _, c := range cases {
		before := h.dropped(c.reason)
		if out := h.receive(c.topic, c.note); out != nil || h.dropped(c.reason) != before+1 {
			t.Errorf("%s: answered %v, counted %v", c.reason, out, h.dropped(c.reason)-before)
		}
	}
	if h.count("served") != 0 {
		t.Error("the desk was asked")
	}
}

func TestABodySealedForAnotherNoteIsDropped(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	x.id.Central.SealKey = x.seal.Public()
	if out := x.receive(x.up("req"), x.ask("")); out != nil || x.dropped("unsealable") != 1 {
		t.Fatalf("answered %v", out)
	}
}

func TestARetiredTerminalIsIgnored(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	x.update(func(tx store.Tx) error { return terminals.Retire(tx, "ward-7", x.now) })
	for _, note := range [][]byte{x.ask(""), x.helloNote(nil)} {
		if out := x.receive(x.up("req"), note); out != nil {
			t.Fatalf("answered %v", out)
		}
	}
	if x.dropped("retired") != 2 {
		t.Fatalf("counted %v", x.dropped("retired"))
	}
}

func TestAFaultOfOursLeavesNothingBehind(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	note := x.ask("")
	x.desk.err = errors.New("out of order")
	if out, err := x.server.Receive(t.Context(), x.up("req"), note); err == nil || out != nil {
		t.Fatalf("answered %v, %v", out, err)
	}
	x.desk.err = nil
	if r := x.look(x.receive(x.up("req"), note)); r.Refused != "" || x.count("served") != 1 {
		t.Fatalf("refused %q, served %d times", r.Refused, x.count("served"))
	}
}

func TestAnEarlierHelloWithoutAnswerIsNoAlarm(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.hello()
	for range 40 { // welcomes that got lost
		x.receive(x.up("req"), x.helloNote(nil))
	}
	x.hello()
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused != "" || x.quarantine("ward-7") != "" {
		t.Fatalf("refused %q, quarantine %q", r.Refused, x.quarantine("ward-7"))
	}
}

func TestPresenceFollowsBirthAndWill(t *testing.T) {
	x := open(t).terminal("ward-7")
	topic := wire.StateTopic(site, "ward-7")
	say := func(b wire.StateBody) session.Seen {
		x.receive(topic, x.sign(wire.Envelope{Kind: wire.State}, b))
		return x.server.Presence.Of("ward-7")
	}
	ill := &wire.Vitals{Faults: []wire.Fault{{Code: "reader.missing", Title: "No card reader"}}}

	came := x.now
	if seen := say(wire.StateBody{Online: true, Sess: "2", N: 1, Build: "1.2"}); !seen.Online || seen.Build != "1.2" || !seen.Since.Equal(came) {
		t.Fatalf("%+v", seen)
	}
	x.now = x.now.Add(time.Minute)
	if seen := say(wire.StateBody{Online: true, Sess: "2", N: 3, Vitals: ill}); seen.Vitals == nil || !seen.Since.Equal(came) {
		t.Fatalf("%+v", seen)
	}
	for _, old := range []wire.StateBody{{Online: true, Sess: "2", N: 2}, {Online: true, Sess: "1", N: 9}} {
		if seen := say(old); seen.Vitals == nil || x.dropped("old") == 0 {
			t.Fatalf("an old birth counts: %+v", seen)
		}
	}
	if seen := say(wire.StateBody{}); seen.Online || seen.Sess != "2" || seen.Vitals == nil {
		t.Fatalf("%+v", seen)
	}
	say(wire.StateBody{Online: true, Sess: "3", N: 1, Vitals: ill})
	say(wire.StateBody{Online: true, Sess: "3", N: 2})

	// What changed is told once, and a central that starts anew does not tell
	// it again.
	want := []wire.EventKind{wire.CameOnline, wire.FaultBegan, wire.WentOffline, wire.CameOnline, wire.FaultBegan, wire.FaultOver}
	x.server = session.New(x.server.Config)
	if say(wire.StateBody{Online: true, Sess: "3", N: 2}); !slices.Equal(x.events(), want) {
		t.Fatalf("%v, want %v", x.events(), want)
	}
	if x.server.Presence.Doubt(); x.server.Presence.Of("ward-7").Online {
		t.Fatal("still there without a link")
	}
}

// Who holds a terminal's keys cannot speak to the screens of those who look.
func TestABirthIsKeptAsItMayBeShown(t *testing.T) {
	x := open(t).terminal("ward-7")
	loud := wire.StateBody{Online: true, Sess: "1", Build: "\x1b[2J", Vitals: &wire.Vitals{Faults: []wire.Fault{{Title: "\x1b]0;x\x07"}}}}
	x.receive(wire.StateTopic(site, "ward-7"), x.sign(wire.Envelope{Kind: wire.State}, loud))
	if seen := x.server.Presence.Of("ward-7"); seen.Build != ".[2J" || seen.Vitals.Faults[0].Title != ".]0;x." {
		t.Fatalf("%+v", seen)
	}
}

func (h *house) events() (kinds []wire.EventKind) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		list, err := fleet.Since(tx, 0, 0)
		kinds = nil
		for _, e := range list {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	return kinds
}
