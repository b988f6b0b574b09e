package iso7816_test

import (
	"bytes"
	"errors"
	"testing"

	"unlockpoint/reader/iso7816"
)

func TestDataObjectsAreReadInTurn(t *testing.T) {
	long := bytes.Repeat([]byte{7}, 300)
	b := iso7816.AppendObject(nil, 0x30, []byte("fascn"))
	b = iso7816.AppendObject(b, 0x5FC102, nil)
	b = iso7816.AppendObject(b, 0x7F71, bytes.Repeat([]byte{1}, 200))
	b = iso7816.AppendObject(b, 0x70, long)
	objects, err := iso7816.ParseObjects(b)
	if err != nil || len(objects) != 4 {
		t.Fatalf("%v, %v", objects, err)
	}
	if v, ok := iso7816.Find(objects, 0x70); !ok || !bytes.Equal(v, long) {
		t.Errorf("% X", v)
	}
	if v, ok := iso7816.Find(objects, 0x5FC102); !ok || len(v) != 0 {
		t.Errorf("% X %v", v, ok)
	}
	if _, ok := iso7816.Find(objects, 0x31); ok {
		t.Error("found what is not there")
	}
	if _, err := iso7816.FindIn(b, 0x31); !errors.Is(err, iso7816.ErrMalformed) {
		t.Errorf("%v", err)
	}
}

func TestBrokenDataObjectsAreRefused(t *testing.T) {
	for _, b := range []string{
		"\x30", "\x30\x02a", "\x30\x80aa\x00\x00", "\x30\x81", "\x30\x82\x01", "\x30\x84\x00\x00\x00\x01a",
		"\x5F", "\x5F\x81", "\x5F\x81\x82\x03\x00", "\x30\x83\xFF\xFF\xFFa",
	} {
		if _, err := iso7816.ParseObjects([]byte(b)); !errors.Is(err, iso7816.ErrMalformed) {
			t.Errorf("% X: %v", b, err)
		}
	}
}

// Whatever parses, and is written again, parses the same.
func FuzzParseObjects(f *testing.F) {
	f.Add([]byte("\x30\x01a\x5F\xC1\x02\x00"))
	f.Add([]byte("\x70\x81\x01a"))
	f.Add([]byte("\x30\x80a\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		objects, err := iso7816.ParseObjects(raw)
		if err != nil {
			return
		}
		var b []byte
		for _, o := range objects {
			if len(o.Value) > 0xFFFF {
				return
			}
			b = iso7816.AppendObject(b, o.Tag, o.Value)
		}
		again, err := iso7816.ParseObjects(b)
		if err != nil || len(again) != len(objects) {
			t.Fatalf("% X: %v", b, err)
		}
		for i := range again {
			if again[i].Tag != objects[i].Tag || !bytes.Equal(again[i].Value, objects[i].Value) {
				t.Errorf("object %d: %+v, %+v", i, objects[i], again[i])
			}
		}
	})
}
