package session_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"unlockpoint/sync/central/session"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// fact writes the next fact of the terminal's outbox and makes its note.
func (x *terminal) fact(what string) []byte {
	text, _ := json.Marshal(wire.AuditBody{What: what})
	before, _ := hex.DecodeString(x.chain)
	sum := sha256.Sum256(append(before, text...))
	x.seq, x.chain = x.seq+1, hex.EncodeToString(sum[:])
	return x.factNote(wire.FactBody{Inc: inc, Seq: x.seq, Chain: x.chain, Fact: text})
}

func (x *terminal) factNote(f wire.FactBody) []byte {
	return x.sign(wire.Envelope{Kind: wire.Audit}, f)
}

func (x *terminal) facts(n int) {
	for i := range n {
		x.receive(x.up("fact"), x.fact(fmt.Sprint(i)))
	}
}

func (x *terminal) ack(out []session.Out) (a wire.AckBody) {
	x.t.Helper()
	if err := wire.Decode(x.open(out, "ack").Body, &a); err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *terminal) sweep() {
	x.t.Helper()
	if err := store.Finish(x.t.Context(), x.db, func(tx store.Tx) (bool, error) { return session.Sweep(tx, x.now) }); err != nil {
		x.t.Fatal(err)
	}
}

func (x *terminal) taken(what string) int {
	return x.count(fmt.Sprintf(`fact {"what":%q,"at":"0001-01-01T00:00:00Z"}`, what))
}

func TestFactsAreTakenInOrderAndOnce(t *testing.T) {
	x := open(t).terminal("ward-7")
	one, two := x.fact("one"), x.fact("two")
	if a := x.ack(x.receive(x.up("fact"), one)); a.Seq != 1 || a.Inc != inc || a.Resend {
		t.Fatalf("%+v", a)
	}
	if a := x.ack(x.receive(x.up("fact"), two)); a.Seq != 2 {
		t.Fatalf("%+v", a)
	}
	if a := x.ack(x.receive(x.up("fact"), one)); a.Seq != 2 { // its ack was lost
		t.Fatalf("%+v", a)
	}
	if x.taken("one") != 1 || x.taken("two") != 1 {
		t.Fatalf("taken %d and %d times", x.taken("one"), x.taken("two"))
	}
	if w := x.hello(); w.Acked != 2 {
		t.Fatalf("welcome says %d", w.Acked)
	}
}

func TestAGapIsAskedForOnceInAWhile(t *testing.T) {
	x := open(t).terminal("ward-7")
	one, two, three := x.fact("one"), x.fact("two"), x.fact("three")
	if a := x.ack(x.receive(x.up("fact"), two)); a.Seq != 0 || !a.Resend {
		t.Fatalf("%+v", a)
	}
	if out := x.receive(x.up("fact"), three); out != nil {
		t.Fatal("asked again at once")
	}
	x.now = x.now.Add(5 * time.Second)
	if a := x.ack(x.receive(x.up("fact"), three)); !a.Resend {
		t.Fatalf("%+v", a)
	}
	for i, note := range [][]byte{one, two, three} {
		if a := x.ack(x.receive(x.up("fact"), note)); a.Seq != uint64(i+1) || a.Resend {
			t.Fatalf("%+v", a)
		}
	}
}

func TestAFactThatDoesNotFollowIsACloneAndNotTaken(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.receive(x.up("fact"), x.fact("one"))
	chain, seq := x.chain, x.seq
	clone := *x
	x.receive(x.up("fact"), x.fact("two"))
	clone.chain, clone.seq = chain, seq
	if out := clone.receive(x.up("fact"), clone.fact("other two")); out != nil || x.quarantine("ward-7") == "" {
		t.Fatalf("answered %v, quarantine %q", out, x.quarantine("ward-7"))
	}
	if out := x.receive(x.up("fact"), x.fact("three")); out != nil || x.taken("three") != 0 {
		t.Fatal("facts of a terminal in quarantine were taken")
	}
	if r := x.look(x.receive(x.up("req"), x.ask(""))); r.Refused == "" {
		t.Fatal("served in quarantine")
	}
}

func TestAWrongChainHashIsNotTaken(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.receive(x.up("fact"), x.factNote(wire.FactBody{Inc: inc, Seq: 1, Chain: inc, Fact: []byte(`{"what":"x"}`)}))
	if x.quarantine("ward-7") == "" || x.taken("x") != 0 {
		t.Fatal("taken")
	}
}

func TestADiskThatWasSetBackIsQuarantinedOnceItsSessionIsUsed(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.facts(3)
	x.seq, x.chain = 1, hex.EncodeToString(make([]byte, 32))
	x.hello()
	if x.quarantine("ward-7") != "" {
		t.Fatal("too early")
	}
	x.receive(x.up("req"), x.ask(""))
	if x.quarantine("ward-7") == "" {
		t.Fatal("not noticed")
	}
}

func TestANewStoreOfTheSameTerminalBeginsAnew(t *testing.T) {
	x := open(t).terminal("ward-7")
	x.facts(3)
	fresh := "ffeeddccbbaa99887766554433221100"
	sum := sha256.Sum256(append(mustHex(fresh), "{}"...))
	note := x.factNote(wire.FactBody{Inc: fresh, Seq: 1, Chain: hex.EncodeToString(sum[:]), Fact: []byte("{}")})
	if a := x.ack(x.receive(x.up("fact"), note)); a.Inc != fresh || a.Seq != 1 {
		t.Fatalf("%+v", a)
	}
}

func TestAFactThatCouldNotBeKeptComesAgain(t *testing.T) {
	x := open(t).terminal("ward-7")
	note := x.fact("one")
	x.desk.err = fmt.Errorf("disk full")
	if out, err := x.server.Receive(t.Context(), x.up("fact"), note); err == nil || out != nil {
		t.Fatalf("%v %v", out, err)
	}
	x.desk.err = nil
	if a := x.ack(x.receive(x.up("fact"), note)); a.Seq != 1 || x.taken("one") != 1 {
		t.Fatalf("%+v", a)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add("unlock/1/east/ward-7/up/req", []byte("{}\n\n— unlockpoint/ward-7 AAAA\n"))
	f.Add("unlock/1/east/ward-7/state", []byte(""))
	h := open(f)
	f.Add(h.terminal("ward-7").up("req"), h.terminal("ward-8").helloNote(nil))
	f.Fuzz(func(t *testing.T, topic string, note []byte) {
		if out, err := h.server.Receive(t.Context(), topic, note); out != nil || err != nil {
			t.Fatalf("answered %v, %v", out, err)
		}
	})
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}
