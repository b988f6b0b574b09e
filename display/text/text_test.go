package text

import (
	"encoding/json"
	"strings"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/layout/layouttest"
)

func sample(id string) display.Page {
	for _, p := range layouttest.Samples() {
		if p.ID == id {
			return p
		}
	}
	return display.Page{}
}

func TestAPageAsText(t *testing.T) {
	got := Of(sample("unlock.code"))
	want := `[unlock.code] plain
Step 2 of 3
Enter the code from your e-mail
===============================

We sent it to s•••••@nhs.net at 14:32.

You may take your card out and come back with the code.

6-digit code: 4 of at most 6 characters (code, digits)

  <Enter> Continue
  <Cancel> Cancel

13:32 left
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAPageAsJSON(t *testing.T) {
	raw, err := JSON(sample("unlock.code"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"unlock.code","title":"Enter the code from your e-mail","step":"Step 2 of 3",` +
		`"body":["We sent it to s•••••@nhs.net at 14:32.","You may take your card out and come back with the code."],` +
		`"field":{"kind":"code","label":"6-digit code","count":4,"max":6,"masked":false},` +
		`"actions":[{"key":"Enter","label":"Continue"},{"key":"Cancel","label":"Cancel"}],` +
		`"choices":[],"error":"","seconds_left":812,"session":7}`
	if string(raw) != want {
		t.Errorf("got\n%s\nwant\n%s", raw, want)
	}
}

func TestAnEmptyPageHasListsAndNoField(t *testing.T) {
	raw, err := JSON(display.Page{ID: "idle"})
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"body", "actions", "choices"} {
		if _, ok := back[list].([]any); !ok {
			t.Errorf("%s is %v", list, back[list])
		}
	}
	if back["field"] != nil {
		t.Errorf("field is %v", back["field"])
	}
}

func TestNoFormOfAPageSaysWhatWasTyped(t *testing.T) {
	for _, p := range layouttest.Samples() {
		if p.Field.Count() < 4 {
			continue
		}
		raw, err := JSON(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{Of(p), string(raw)} {
			if strings.Contains(form, p.Field.Value.Reveal()) {
				t.Errorf("%s says it:\n%s", p.ID, form)
			}
		}
	}
}
