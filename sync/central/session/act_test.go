package session_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"unlockpoint/sync/central/operators"
	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// counter is an operator, with real keys.
type counter struct {
	*house
	badge wire.Badge
}

func (h *house) operator(id string, role wire.Role) *counter {
	h.t.Helper()
	c := &counter{house: h}
	h.update(func(tx store.Tx) (err error) {
		c.badge, err = operators.Add(tx, h.ring, operators.New{ID: id, Role: role, Realm: realm, URL: "mqtt://localhost:1883", Now: h.now})
		return err
	})
	return c
}

// acts counts what it does under the body's terminal; "long" brings more
// than a note holds.
func (h *house) acts() map[wire.Kind]session.Act {
	return map[wire.Kind]session.Act{
		wire.FleetLs: {Reads: true, Do: func(store.Tx, operators.Operator, []byte) (any, error) {
			return strings.Repeat("long", 50_000), nil
		}},
		wire.CardRelease: {Do: func(tx store.Tx, by operators.Operator, body []byte) (any, error) {
			if err := h.desk.count(tx, "released by "+by.ID); err != nil {
				return nil, err
			}
			if bytes.Contains(body, []byte("own")) {
				return nil, socket.Refuse("not your own card")
			}
			return "released", nil
		}},
	}
}

func (c *counter) note(kind wire.Kind, id string, end time.Duration, body string) []byte {
	c.t.Helper()
	e := wire.Envelope{Kind: kind, ID: id, From: c.badge.ID, To: wire.Central, Exp: c.now.Add(end)}
	var err error
	if e.Sealed, err = wire.Seal(c.badge.Central.SealKey, realm, e, []byte(body)); err != nil {
		c.t.Fatal(err)
	}
	signer, err := c.badge.Signer()
	if err != nil {
		c.t.Fatal(err)
	}
	note, err := signer.Sign(e)
	if err != nil {
		c.t.Fatal(err)
	}
	return note
}

// say publishes a note and reads the answer.
func (c *counter) say(note []byte) (a wire.Answer) {
	c.t.Helper()
	verifier, err := c.badge.Verifier()
	if err != nil {
		c.t.Fatal(err)
	}
	seal, err := wire.ParseSealKey(c.badge.SealKey)
	if err != nil {
		c.t.Fatal(err)
	}
	var parts wire.Parts
	for _, out := range c.receive(wire.OperatorTopic(c.badge.ID, wire.ClassAct), note) {
		e, err := verifier.Open(out.Payload, c.badge.ID)
		if err != nil || out.Topic != wire.OperatorTopic(c.badge.ID, wire.ClassAnswer) || out.Retained {
			c.t.Fatal(out.Topic, err)
		}
		plain, err := seal.Unseal(realm, e, *e.Sealed)
		if err != nil {
			c.t.Fatal(err)
		}
		var part wire.Part
		if err := wire.Decode(plain, &part); err != nil {
			c.t.Fatal(err)
		}
		whole, done, err := parts.Take(part)
		if err != nil {
			c.t.Fatal(err)
		}
		if done {
			if err := json.Unmarshal(whole, &a); err != nil {
				c.t.Fatal(err)
			}
			return a
		}
	}
	c.t.Fatal("no answer")
	return a
}

func TestAnActIsDoneOnceAndAnsweredEachTime(t *testing.T) {
	h := open(t)
	jo := h.operator("jo", wire.Booth)
	note := jo.note(wire.CardRelease, "act-1", time.Minute, `{}`)
	for range 3 {
		if a := jo.say(note); string(a.Result) != `"released"` || a.Refused != "" {
			t.Fatalf("%+v", a)
		}
	}
	if n := h.count("released by jo"); n != 1 {
		t.Fatalf("done %d times", n)
	}
	if a := jo.say(jo.note(wire.CardRelease, "act-1", time.Minute, `{"reason":"another"}`)); a.Refused != wire.OtherBody {
		t.Fatalf("another text under the same id: %+v", a)
	}
}

// TestAnActThatWasDoneInTimeIsAnsweredLater: who took its lost answer for the
// answer of another clock would sign it anew, and have it done twice.
func TestAnActThatWasDoneInTimeIsAnsweredLater(t *testing.T) {
	h := open(t)
	jo := h.operator("jo", wire.Booth)
	note := jo.note(wire.CardRelease, "act-1", time.Minute, `{}`)
	for range 2 {
		if a := jo.say(note); string(a.Result) != `"released"` || a.Refused != "" {
			t.Fatalf("%+v", a)
		}
		h.now = h.now.Add(3 * time.Minute)
	}
	if n := h.count("released by jo"); n != 1 {
		t.Fatalf("done %d times", n)
	}
	if a := jo.say(jo.note(wire.CardRelease, "act-1", time.Minute, `{"reason":"another"}`)); a.Refused != wire.OtherBody {
		t.Fatalf("another text under the same id: %+v", a)
	}
}

func TestARefusedActLeavesNothingBehind(t *testing.T) {
	h := open(t)
	jo := h.operator("jo", wire.Booth)
	a := jo.say(jo.note(wire.CardRelease, "act-1", time.Minute, `{"card":"own"}`))
	if a.Refused != wire.NotDone || len(a.Why) != 1 || a.Why[0] != "not your own card" || h.count("released by jo") != 0 {
		t.Fatalf("%+v, done %d times", a, h.count("released by jo"))
	}
}

func TestALongAnswerComesInParts(t *testing.T) {
	jo := open(t).operator("jo", wire.Viewer)
	var result string
	if err := json.Unmarshal(jo.say(jo.note(wire.FleetLs, "act-1", time.Minute, `{}`)).Result, &result); err != nil || len(result) != 200_000 {
		t.Fatalf("%d bytes, %v", len(result), err)
	}
}

func TestAnActThatIsOverIsNotDone(t *testing.T) {
	h := open(t)
	jo := h.operator("jo", wire.Booth)
	for name, end := range map[string]time.Duration{"past": -time.Second, "now": 0, "far ahead": 48 * time.Hour} {
		a := jo.say(jo.note(wire.CardRelease, wire.NewID(), end, `{}`))
		if a.Refused != wire.Expired || !a.Time.Equal(h.now) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if h.count("released by jo") != 0 {
		t.Error("done")
	}
}

func TestEveryRefusalSaysWhichRoleIsNeeded(t *testing.T) {
	h := open(t)
	for _, role := range []wire.Role{wire.Viewer, wire.Engineer} {
		jo := h.operator("jo-"+string(role), role)
		a := jo.say(jo.note(wire.CardRelease, "act-1", time.Minute, `{}`))
		if a.Refused != wire.NotAllowed || len(a.Why) != 1 || a.Why[0] != `"fleet card release" needs the role booth or admin, and yours is `+string(role) {
			t.Errorf("%+v", a)
		}
	}
	al := h.operator("al", wire.Admin)
	if a := al.say(al.note(wire.AuditVerify, "act-1", time.Minute, `{}`)); a.Refused != wire.NotDone || !strings.Contains(a.Why[0], "does not know") {
		t.Errorf("%+v", a)
	}
}

func TestNobodyActsAsSomebodyElse(t *testing.T) {
	h := open(t)
	jo, al := h.operator("jo", wire.Viewer), h.operator("al", wire.Admin)
	wall := h.terminal("ward-7")
	forged := al.badge
	forged.NoteKey = jo.badge.NoteKey
	mallory := &counter{h, forged}
	gone := h.operator("gone", wire.Admin)
	h.update(func(tx store.Tx) error { return operators.Remove(tx, "gone") })
	for _, c := range []struct {
		name, topic, reason string
		note                []byte
	}{
		{"another's topic", wire.OperatorTopic("al", wire.ClassAct), "topic", jo.note(wire.FleetLs, "1", time.Minute, `{}`)},
		{"another's name", wire.OperatorTopic("al", wire.ClassAct), "unproved", mallory.note(wire.FleetLs, "2", time.Minute, `{}`)},
		{"a removed operator", wire.OperatorTopic("gone", wire.ClassAct), "unknown", gone.note(wire.FleetLs, "3", time.Minute, `{}`)},
		{"a terminal's request", wire.OperatorTopic("ward-7", wire.ClassAct), "topic", wall.ask("")},
		{"an act on a terminal's topic", wire.UpTopic(site, "jo", "req"), "topic", jo.note(wire.FleetLs, "4", time.Minute, `{}`)},
		{"noise", wire.OperatorTopic("jo", wire.ClassAct), "malformed", []byte("noise")},
		{"too much", wire.OperatorTopic("jo", wire.ClassAct), "too-large", make([]byte, wire.MaxNote+1)},
	} {
		before := h.dropped(c.reason)
		if out := h.receive(c.topic, c.note); out != nil || h.dropped(c.reason) != before+1 {
			t.Errorf("%s: answered %v, counted %v", c.name, out, h.dropped(c.reason)-before)
		}
	}
}
