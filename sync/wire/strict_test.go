package wire

import (
	"strings"
	"testing"
)

func TestDecodeErrorsDoNotQuoteWhatTheyRead(t *testing.T) {
	var v CodeCheckBody
	for _, raw := range []string{`{"code":271828}`, `{"code":"271828"`, `{"É271828":1}`, `{"code":{"271828":""}}`} {
		err := Decode([]byte(raw), &v)
		if err == nil {
			t.Fatalf("read %s", raw)
		}
		if strings.Contains(err.Error(), "271828") {
			t.Errorf("%q quotes the code", err)
		}
	}
	if err := Decode([]byte(`{"inc":"x","seq":-271828}`), new(AckBody)); err == nil || strings.Contains(err.Error(), "271828") {
		t.Errorf("a number out of range: %v", err)
	}
}

func TestDecodeSkipsWhatANewerEndSays(t *testing.T) {
	var v CaseBody
	must(t, Decode([]byte(`{"colour":{"red":[1,{"deep":null}]},"case":"c1"}`), &v))
	if v.Case != "c1" {
		t.Errorf("read %+v", v)
	}
}

func TestTheSameNameMayStandInTwoObjects(t *testing.T) {
	var v []CaseBody
	must(t, Decode([]byte(`[{"case":"a"},{"case":"b"}]`), &v))
	if len(v) != 2 || v[1].Case != "b" {
		t.Errorf("read %+v", v)
	}
}
