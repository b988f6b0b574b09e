package simcard

import (
	"bytes"
	"io"
	"testing"
)

// wire is a vpcd that has said all it will say.
type wire struct {
	io.Reader
	io.Writer
}

func TestFramesAreAnsweredInTurn(t *testing.T) {
	card, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	in := "\x00\x01\x01" + // on: no answer
		"\x00\x01\x04" + // ATR
		"\x00\x0A\x00\xA4\x04\x00\x05\xA0\x00\x00\x03\x08" + // SELECT
		"\x00\x04\x00\x20\x00\x80" // tries
	serve(t.Context(), wire{bytes.NewReader([]byte(in)), &out}, card)
	got := out.Bytes()
	if !bytes.HasPrefix(got, []byte("\x00\x05\x3B\x80\x80\x01\x01")) || !bytes.HasSuffix(got, []byte("\x90\x00\x00\x02\x63\xC3")) {
		t.Errorf("% X", got)
	}
}

func FuzzFrames(f *testing.F) {
	card, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("\x00\x01\x04\x00\x01\x02"))
	f.Add([]byte("\x00\x04\x00\x20\x00\x80"))
	f.Add([]byte("\xFF\xFFx"))
	f.Add([]byte("\x00\x00\x00\x01\x09"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if err := serve(t.Context(), wire{bytes.NewReader(in), io.Discard}, card); err == nil {
			t.Error("it never ends")
		}
	})
}
