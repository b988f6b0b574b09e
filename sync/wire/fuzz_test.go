package wire

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzOpen: whatever opens is addressed and signed properly and signs back to
// the meaning it had; and nothing opens that Peek would not show.
func FuzzOpen(f *testing.F) {
	wall := newParty(f, "wall-1")
	good, err := wall.signer.Sign(helloFrom("wall-1"))
	must(f, err)
	f.Add(good)
	f.Add([]byte(honest + "\n\n— unlockpoint/wall-1 AAAA\n"))
	f.Add([]byte("\n\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := wall.verifier.Open(raw, Central)
		if err == nil && !bytes.Equal(Text(raw), Text(good)) {
			t.Errorf("a forged note opens: %+v", e)
		}
		if _, perr := Peek(raw); err == nil && perr != nil {
			t.Errorf("opens but does not peek: %v", perr)
		}
	})
}

// FuzzSigned: any text, properly signed, opens only as an envelope that the
// sender could have signed through Sign.
func FuzzSigned(f *testing.F) {
	wall := newParty(f, "wall-1")
	f.Add(honest)
	f.Add(`{"v":1,"v":1}`)
	f.Add(`{"V":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := wall.verifier.Open(signed(t, wall, text+"\n"), Central)
		if err != nil {
			return
		}
		if e.From != "wall-1" || e.To != Central {
			t.Errorf("opened %+v", e)
		}
		if _, err := wall.signer.Sign(e); err != nil {
			t.Errorf("opened what cannot be signed: %v", err)
		}
	})
}

// FuzzDecode: whatever decodes strictly is one JSON value and decodes the same
// after being written again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(honest))
	f.Add([]byte(`{"a":{"a":[{"a":1},{"a":2}]}}`))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Add([]byte(`[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var v any
		if Decode(raw, &v) != nil {
			return
		}
		again, err := json.Marshal(v)
		must(t, err)
		var w any
		if len(again) <= MaxNote && Decode(again, &w) != nil {
			t.Errorf("%q decodes, %q does not", raw, again)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	key := newParty(f, Central).seal
	e := helloFrom("wall-1")
	good, err := Seal(key.Public(), realm, e, []byte("card 7"))
	must(f, err)
	f.Add(good.Data)
	f.Add(make([]byte, 48))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := key.Unseal(realm, e, Sealed{Kid: key.Kid(), Data: data}); err == nil && !bytes.Equal(data, good.Data) {
			t.Error("a forged body unseals")
		}
	})
}

func FuzzTopic(f *testing.F) {
	f.Add(UpTopic("north", "wall-1", ClassReq))
	f.Add(StateTopic("north", "wall-1"))
	f.Add("unlock/1/+/#")
	f.Add(EnrolRequestTopic("abcdefgh"))
	f.Add(OperatorTopic("jo", ClassAct))
	f.Fuzz(func(t *testing.T, topic string) {
		if id, ok := ParseEnrol(topic); ok && topic != EnrolRequestTopic(id) {
			t.Errorf("%q parses as code %s", topic, id)
		}
		if operator, ok := ParseAct(topic); ok && topic != OperatorTopic(operator, ClassAct) {
			t.Errorf("%q parses as operator %s", topic, operator)
		}
		site, terminal, class, ok := ParseUp(topic)
		if ok && topic != UpTopic(site, terminal, class) && topic != StateTopic(site, terminal) {
			t.Errorf("%q parses as %s/%s/%s", topic, site, terminal, class)
		}
	})
}

func FuzzIdentity(f *testing.F) {
	raw, err := json.Marshal(newIdentity(f))
	must(f, err)
	f.Add(raw)
	f.Add([]byte(`{"id":"central"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		i, err := ParseIdentity(raw)
		if err != nil {
			return
		}
		if _, err := i.Signer(); err != nil {
			t.Errorf("parses without a key: %v", err)
		}
	})
}

func FuzzBadge(f *testing.F) {
	raw, err := json.Marshal(newIdentity(f))
	must(f, err)
	f.Add(raw)
	f.Add([]byte(`{"id":"jo","role":"admin"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := ParseBadge(raw)
		if err != nil {
			return
		}
		if _, err := b.Signer(); err != nil {
			t.Errorf("parses without a key: %v", err)
		}
	})
}
