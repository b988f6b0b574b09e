package browser

import (
	"image"
	"testing"

	"unlockpoint/display"
)

var bounds = image.Rect(0, 0, 800, 480)

func TestMessagesThatMeanSomething(t *testing.T) {
	for raw, want := range map[string]display.Event{
		`{"touch":"down","x":10,"y":20}`:          {Touch: &display.Touch{Phase: display.Down, X: 10, Y: 20}},
		`{"touch":"up","x":-5,"y":900}`:           {Touch: &display.Touch{Phase: display.Up, X: -5, Y: 900}},
		`{"touch":"move","x":1,"y":2,"finger":1}`: {Touch: &display.Touch{Phase: display.Move, X: 1, Y: 2, Finger: 1}},
		`{"key":"Enter"}`:                         {Key: display.Enter},
		`{"key":"7"}`:                             {Key: "7"},
		`{"text":"a"}`:                            {Rune: 'a'},
	} {
		got, err := parse([]byte(raw), bounds)
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v %v", raw, got, err)
			continue
		}
		if want.Touch != nil && *want.Touch != *got[0].Touch || want.Key != got[0].Key || want.Rune != got[0].Rune {
			t.Errorf("%s: %+v", raw, got[0])
		}
	}
}

func TestMessagesThatAreRefused(t *testing.T) {
	for _, raw := range []string{
		``, `{}`, `[]`, `null`, `{"key":"Enter"} {"key":"Enter"}`, `{"key":"Show"}`, `{"key":"10"}`, `{"key":"F1"}`,
		`{"touch":"poke","x":1,"y":1}`, `{"touch":"down","x":800,"y":0}`, `{"touch":"down","x":-1,"y":0}`,
		`{"text":"é"}`, `{"text":"\n"}`, `{"key":"1","text":"a"}`, `{"other":1}`, `{"touch":"down","x":1e9,"y":0}`,
	} {
		if got, err := parse([]byte(raw), bounds); err == nil {
			t.Errorf("%s was taken as %+v", raw, got)
		}
	}
}

func FuzzMessage(f *testing.F) {
	for _, seed := range []string{`{"touch":"down","x":10,"y":20}`, `{"key":"Enter"}`, `{"text":"Blackbird 7"}`, `{"key":"1","text":"a"}`, `{`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		events, err := parse(raw, bounds)
		if err != nil {
			return
		}
		for _, e := range events {
			switch {
			case e.Touch != nil:
				if e.Touch.Phase == display.Down && !(image.Point{X: e.Touch.X, Y: e.Touch.Y}).In(bounds) {
					t.Errorf("a touch outside: %+v", *e.Touch)
				}
			case e.Key != "":
				if !display.IsKey(e.Key) {
					t.Errorf("a key of no pad: %q", e.Key)
				}
			case e.Rune < ' ' || e.Rune > '~':
				t.Errorf("a character of no field: %q", e.Rune)
			}
		}
	})
}
