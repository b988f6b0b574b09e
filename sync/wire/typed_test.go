package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestACodeArrivesAsItWasTyped(t *testing.T) {
	odd := `","code":"000000"` // no other text can take its place
	for _, body := range []any{CodeCheckBody{Case: odd, Code: Typed("204816")}, AssistTakeBody{Card: odd, Code: Typed("20481632"), SealTo: []byte{1}}} {
		text, err := Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Marshal(Written(text)); err != nil || !bytes.Equal(again, text) {
			t.Errorf("written again: %s, %v", again, err)
		}
		switch want := body.(type) {
		case CodeCheckBody:
			var got CodeCheckBody
			if err := Decode(text, &got); err != nil || got.Case != odd || string(got.Code) != string(want.Code) {
				t.Errorf("%s reads as %+v, %v", text, got, err)
			}
		case AssistTakeBody:
			var got AssistTakeBody
			if err := Decode(text, &got); err != nil || got.Card != odd || string(got.Code) != string(want.Code) {
				t.Errorf("%s reads as %+v, %v", text, got, err)
			}
		}
		if text, err := json.Marshal(body); err != nil || strings.Contains(string(text), "204816") {
			t.Errorf("encoding/json was shown the code: %s, %v", text, err)
		}
	}
	if text, err := Marshal(CodeCheckBody{Case: "c", Code: Typed(`1",`)}); err == nil {
		t.Errorf("no code, and written: %s", text)
	}
	if text, err := Marshal(CodeCheckBody{Case: "c"}); err != nil || string(text) != `{"case":"c","code":""}` {
		t.Errorf("%s, %v", text, err)
	}
}
