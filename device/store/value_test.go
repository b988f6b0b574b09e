package store

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"unlockpoint/sync/wire"
)

func FuzzDecodeValue(f *testing.F) {
	for _, v := range []any{"inc", uint64(7), tail{Seq: 1}, registered(1, hashOf(1)), wire.Settings{Policy: wire.DefaultPolicy()}} {
		value, err := encode([]byte("key/1"), v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value)
		f.Add(value[:len(value)-1])
	}
	f.Add([]byte{})
	f.Add([]byte{schema, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, value []byte) {
		var text json.RawMessage
		err := decode([]byte("key/1"), value, &text)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatalf("bad bytes are damage, not %v", err)
		}
		if err != nil {
			return
		}
		if decode([]byte("key/2"), value, &text) == nil {
			t.Error("the value is good under another key, too")
		}
		again, err := encode([]byte("key/1"), text)
		if err != nil {
			t.Fatal(err)
		}
		var same json.RawMessage
		if err := decode([]byte("key/1"), again, &same); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzJournal opens journals of any bytes with a good checksum: a later
// version, or a bug, may have written them.
func FuzzJournal(f *testing.F) {
	for _, e := range []entry{
		{}, {Case: "c", Generation: 3, With: wire.PUKNext, Reset: sent},
		{Generation: 2, NextSent: true}, {Reset: did, Change: sent, NextSent: true}, {Told: true, Reset: did},
	} {
		text, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var e entry
		if json.Unmarshal(text, &e) != nil {
			return
		}
		switch e.pin() {
		case wire.PINReset, wire.PINUnknown:
		default:
			t.Errorf("pin %q", e.pin())
		}
		if e.Reset == did && e.Change == notSent && e.puk() != e.With {
			t.Errorf("the card took %q and is said to have %q", e.With, e.puk())
		}
		value, err := encode([]byte("unlock/x"), e)
		if err != nil {
			t.Fatal(err)
		}
		var back entry
		if err := decode([]byte("unlock/x"), value, &back); err != nil || !reflect.DeepEqual(back, e) {
			t.Errorf("%+v reads back as %+v, %v", e, back, err)
		}
	})
}
