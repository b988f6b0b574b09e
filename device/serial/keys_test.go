package serial

import (
	"bytes"
	"strings"
	"testing"
)

// taken is what the line editor sees of what a line brings.
func taken(line string) (seen string, last size) {
	var k keys
	var out bytes.Buffer
	for _, b := range []byte(line) {
		some, is := k.take(b)
		out.Write(some)
		if is != (size{}) {
			last = is
		}
	}
	return out.String(), last
}

func TestWhatALineBrings(t *testing.T) {
	for line, want := range map[string]string{
		"show\r":                     "show\r",
		"show\r\nexit\n":             "show\rexit\r", // whatever ends a line
		"\r\r":                       "\r\r",
		"sh\x00\x00ow":               "show", // a BREAK
		"\xff\xfesh\x80\xc3\xa9ow":   "show", // another speed; letters of no command
		"\x1b[A\x1b[3~\x1b[1~":       "\x1b[A\x1b[3~\x1b[H",
		"\x1b[200~show\x1b[201~":     "show",       // pasted
		"\x1b[24;80Rok":              "ok",         // the screen's answer
		"\x1bshow\x1b[\rexit":        "show\rexit", // sequences that broke off
		"\x1b\x1b[A":                 "\x1b[A",
		"\x1b[1;2;3;4;5;6;7;8;9show": "8;9show", // too long for a sequence
		"a\x7f\x15\x04":              "a\x7f\x15\x04",
		"\x07\x0e\x19\x1f":           "\x0e",
	} {
		if seen, _ := taken(line); seen != want {
			t.Errorf("%q comes as %q, want %q", line, seen, want)
		}
	}
}

func TestTheScreenSaysHowLargeItIs(t *testing.T) {
	for answer, want := range map[string]size{
		"\x1b[24;80R":    {columns: 80, rows: 24},
		"\x1b[50;132R":   {columns: 132, rows: 50},
		"\x1b[1;1R":      {},
		"\x1b[24R":       {},
		"\x1b[;R":        {},
		"\x1b[9999;80R":  {},
		"\x1b[24;80;80R": {},
	} {
		if _, is := taken(answer); is != want {
			t.Errorf("%q is %+v, want %+v", answer, is, want)
		}
	}
}

// Whatever the line brings, the editor sees keys it knows and whole sequences.
func FuzzKeys(f *testing.F) {
	f.Add("show\r\n")
	f.Add("\x1b[24;80R\x1b[A\x1b\x1b[")
	f.Add("\x00\xff\x1bO\x1b[1;")
	f.Fuzz(func(t *testing.T, line string) {
		seen, is := taken(line)
		if is.columns < 0 || is.columns > 1000 || is.rows > 1000 {
			t.Errorf("a screen of %+v", is)
		}
		for _, sequence := range []string{"\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~"} {
			seen = strings.ReplaceAll(seen, sequence, "")
		}
		for _, r := range seen {
			if (r < ' ' || r > '~') && !strings.ContainsRune(controls, r) {
				t.Fatalf("%q comes through", r)
			}
		}
	})
}
