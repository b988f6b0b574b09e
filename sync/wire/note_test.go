package wire

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestANoteSaysWhatItsSenderSaid(t *testing.T) {
	wall := newParty(t, "wall-1")
	said := helloFrom("wall-1")
	raw, err := wall.signer.Sign(said)
	must(t, err)
	heard, err := wall.verifier.Open(raw, Central)
	must(t, err)
	if !reflect.DeepEqual(heard, said) {
		t.Errorf("heard %+v, said %+v", heard, said)
	}
	again, err := wall.signer.Sign(said)
	must(t, err)
	if !bytes.Equal(raw, again) {
		t.Error("a retry must send identical bytes")
	}
	if got := string(Text(raw)); !strings.HasSuffix(got, "}\n") || !bytes.HasPrefix(raw, []byte(got)) {
		t.Errorf("text of the note is %q", got)
	}
}
