package wire

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
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

func TestPeekShowsTheHeaderAlone(t *testing.T) {
	wall := newParty(t, "wall-1")
	raw, err := wall.signer.Sign(helloFrom("wall-1"))
	must(t, err)
	e, err := Peek(raw)
	must(t, err)
	if e.From != "wall-1" || e.Kind != Hello || e.Body != nil {
		t.Errorf("peeked %+v", e)
	}
}

func TestASignerSignsItsOwnNotesOnly(t *testing.T) {
	wall := newParty(t, "wall-1")
	if _, err := wall.signer.Sign(helloFrom("wall-2")); err == nil {
		t.Error("signed in another's name")
	}
	if _, err := (Signer{}).Sign(helloFrom("wall-1")); err == nil {
		t.Error("signed without a key")
	}
	huge := helloFrom("wall-1")
	huge.Body = fmt.Appendf(nil, `{"build":%q}`, strings.Repeat("x", MaxNote))
	if _, err := wall.signer.Sign(huge); err == nil {
		t.Error("signed a note that nobody may open")
	}
}

// signed is what an attacker with wall-1's key can put on the wire: any text
// at all, properly signed.
func signed(t testing.TB, p party, text string) []byte {
	t.Helper()
	raw, err := note.Sign(&note.Note{Text: text}, p.signer.key())
	must(t, err)
	return raw
}

// honest is the text of a good note; the attacks each change one thing in it.
const honest = `{"v":1,"kind":"hello","id":"01j0000000000000000000000a","from":"wall-1","to":"central","body":{"head":1}}`

// swap changes one thing, and fails where it is not there.
func swap(t testing.TB, old, new string) string {
	t.Helper()
	if strings.Count(honest, old) != 1 {
		t.Fatalf("%q does not stand once in the honest note", old)
	}
	return strings.Replace(honest, old, new, 1) + "\n"
}

func TestWhatASignerCannotSay(t *testing.T) {
	wall := newParty(t, "wall-1")
	if _, err := wall.verifier.Open(signed(t, wall, honest+"\n"), Central); err != nil {
		t.Fatalf("the honest note is refused: %v", err)
	}
	for name, text := range map[string]string{
		"in another's name":        swap(t, `"from":"wall-1"`, `"from":"wall-2"`),
		"as central":               swap(t, `"from":"wall-1"`, `"from":"central"`),
		"to another":               swap(t, `"to":"central"`, `"to":"wall-2"`),
		"a name twice":             swap(t, `"v":1,`, `"v":1,"from":"wall-2",`),
		"a name twice, escaped":    swap(t, `"v":1,`, `"v":1,"\u0066rom":"wall-2",`),
		"a name twice in the body": swap(t, `"head":1`, `"head":1,"head":2`),
		"a case variant":           swap(t, `"v":1,`, `"v":1,"From":"wall-2",`),
		"a case variant alone":     swap(t, `"kind"`, `"Kind"`),
		"a folded letter":          swap(t, `"v":1,`, `"v":1,"seſs":"x",`),
		"an empty name":            swap(t, `"v":1,`, `"v":1,"":1,`),
		"a tab":                    swap(t, `"v":1,`, "\"v\":1,\t"),
		"a carriage return":        swap(t, `"v":1,`, "\"v\":1,\r"),
		"two lines":                swap(t, `"v":1,`, "\"v\":1,\n"),
		"two values":               honest + honest + "\n",
		"something behind":         honest + " x\n",
		"an empty line before":     "\n" + honest + "\n",
		"another version":          swap(t, `"v":1`, `"v":2`),
		"no version":               swap(t, `"v":1,`, ``),
		"an unknown kind":          swap(t, `"hello"`, `"format.disk"`),
		"a kind of central's":      swap(t, `"hello"`, `"ack"`),
		"no id":                    swap(t, `"id":"01j0000000000000000000000a",`, ``),
		"an id with a slash":       swap(t, `01j0000000000000000000000a`, `../etc`),
		"an id with a newline":     swap(t, `01j0000000000000000000000a`, `a\nb`),
		"a long id":                swap(t, `01j0000000000000000000000a`, strings.Repeat("a", 33)),
		"a malformed session":      swap(t, `"v":1,`, `"v":1,"sess":"A B",`),
		"no body":                  swap(t, `,"body":{"head":1}`, ``),
		"both bodies":              swap(t, `"body"`, `"sealed":{"kid":"a","data":"AA=="},"body"`),
		"sealed where open":        swap(t, `"body":{"head":1}`, `"sealed":{"kid":"a","data":"AA=="}`),
		"open where sealed":        swap(t, `"hello"`, `"card.look"`),
		"nested deep":              swap(t, `{"head":1}`, strings.Repeat("[", 40)+strings.Repeat("]", 40)),
		"a list":                   "[" + honest + "]\n",
		"null":                     "null\n",
		"too large":                swap(t, `"head":1`, `"build":"`+strings.Repeat("x", MaxNote)+`"`),
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := wall.verifier.Open(signed(t, wall, text), Central); err == nil {
				t.Errorf("opened as %+v", e)
			}
		})
	}
}

func TestWhatTheBrokerCannotDo(t *testing.T) {
	wall, other := newParty(t, "wall-1"), newParty(t, "wall-2")
	again := newParty(t, "wall-1") // the same name, another key
	good := signed(t, wall, honest+"\n")
	theirs := bytes.SplitAfter(signed(t, other, honest+"\n"), []byte("\n\n"))[1]
	same := bytes.SplitAfter(good, []byte("\n\n"))[1]
	for name, raw := range map[string][]byte{
		"change a letter":             bytes.Replace(good, []byte(`"head":1`), []byte(`"head":2`), 1),
		"sign with another's key":     signed(t, other, honest+"\n"),
		"sign with a key of the name": signed(t, again, honest+"\n"),
		"add another's signature":     join(good, theirs),
		"put another's first":         join(bytes.SplitAfter(good, []byte("\n\n"))[0], theirs, same),
		"repeat the signature":        join(good, same),
		"add an unknown signature":    join(good, []byte("— example.com/x "+base64.StdEncoding.EncodeToString(make([]byte, 68))+"\n")),
		"take the signature off":      bytes.SplitAfter(good, []byte("\n\n"))[0],
		"cut the end off":             good[:len(good)-1],
		"add a line":                  join(good, []byte("\n")),
		"send nothing":                nil,
	} {
		t.Run(name, func(t *testing.T) {
			if e, err := wall.verifier.Open(raw, Central); err == nil {
				t.Errorf("opened as %+v", e)
			}
		})
	}
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestSecretsDoNotPrint(t *testing.T) {
	wall := newParty(t, "wall-1")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		out := fmt.Sprintf(verb, wall.signer) + fmt.Sprintf(verb, wall.seal)
		if strings.Contains(out, fmt.Sprintf("%x", wall.seal.Bytes())) || len(out) > 120 {
			t.Errorf("%s prints %q", verb, out)
		}
	}
}
