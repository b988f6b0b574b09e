package wire

import (
	"strings"
	"testing"
)

func TestWhatIsShownObeysNobody(t *testing.T) {
	for text, want := range map[string]string{
		"Tŷ Gwyn, 2 °C":              "Tŷ Gwyn, 2 °C",
		"\x1b[2J\x1b]0;all well\x07": ".[2J.]0;all well.",
		"one\r\ntwo\tthree":          "one  two three",
		"\u009b31m red":              ".31m red",    // CSI in one byte, ECMA-48
		"a\u202ecba":                 "a.cba",       // right to left
		"\xff":                       "\uFFFD",      // no UTF-8
		"zero\u200bwidth\x00":        "zero.width.", //
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestABirthIsShortAndPlain(t *testing.T) {
	evil := "\x1b[2J" + strings.Repeat("x", 10_000)
	said := StateBody{Online: true, Sess: evil, Build: evil, Vitals: &Vitals{}}
	for range 1000 {
		said.Vitals.Faults = append(said.Vitals.Faults, Fault{Code: evil, Title: evil, Do: evil, Severity: Severity(evil)})
	}
	b := said.Plain()
	texts := []string{b.Sess, b.Build}
	for _, f := range b.Vitals.Faults {
		texts = append(texts, f.Code, f.Title, f.Do, string(f.Severity))
	}
	for _, text := range texts {
		if len(text) > longestWord || strings.Contains(text, "\x1b") {
			t.Fatalf("%.20q of %d bytes", text, len(text))
		}
	}
	if len(b.Vitals.Faults) > mostFaults || said.Vitals.Faults[0].Title != evil {
		t.Errorf("%d faults, or the birth itself was changed", len(b.Vitals.Faults))
	}
}
