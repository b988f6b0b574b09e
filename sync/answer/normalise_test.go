package answer

import (
	_ "embed"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

//go:embed testdata/normalise-v1.txt
var vectors string

func TestNormaliserV1NeverChanges(t *testing.T) {
	n := 0
	for line := range strings.Lines(vectors) {
		typed, want, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found {
			continue
		}
		n++
		if got, err := normalised(typed); err != nil || got != want {
			t.Errorf("%q becomes %q, want %q (%v)", typed, got, want, err)
		}
	}
	if n < 30 {
		t.Errorf("only %d vectors were read", n)
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	for typed, want := range map[string]error{
		"":                       ErrShort,
		"x":                      ErrShort,
		" . x . ":                ErrShort,
		"?!":                     ErrShort,
		strings.Repeat("x", 201): ErrLong,
		"Москва":                 ErrCharacter,
		"a\tb":                   ErrCharacter,
		"a\x00b":                 ErrCharacter,
		"a\u0085b":               ErrCharacter,
		"\xff\xfe":               ErrCharacter,
		"ａｂ":                     ErrCharacter, // full width
		"İzmir":                  ErrCharacter, // its lower case depends on the language
		"cat 🐈":                  ErrCharacter,
	} {
		if _, err := normalised(typed); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", typed, err, want)
		}
	}
	if got, err := normalised("ß"); err != nil || got != "ss" {
		t.Errorf("two characters remain of ß, got %q, %v", got, err)
	}
}

// keyboard is what a person can type at a terminal.
func keyboard() *rapid.Generator[string] {
	letters := []rune(" '-.,!?/&0123456789abcxyzABCXYZàÀêÊîÎôÔûÛŵŴŷŶẁẃẅỳýÿßæÆþÞðÐøØ‘’–")
	return rapid.StringOfN(rapid.SampledFrom(letters), 0, 60, -1)
}

func TestNormalisingTwiceIsNormalisingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once, err := normalised(keyboard().Draw(t, "typed"))
		if err != nil {
			return
		}
		if len(once) <= maxAnswer {
			if twice, err := normalised(once); err != nil || twice != once {
				t.Fatalf("%q became %q, %v", once, twice, err)
			}
		}
		if strings.Trim(once, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Fatalf("%q has more than letters and digits", once)
		}
	})
}

func TestCaseAndPunctuationDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`[a-zA-Z0-9]{2,30}`).Draw(t, "typed")
		at := rapid.IntRange(0, len(typed)).Draw(t, "at")
		mark := rapid.SampledFrom([]string{" ", "-", "'", "’", ".", "\u0301"}).Draw(t, "mark")
		want, err := normalised(typed)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{strings.ToUpper(typed), strings.ToLower(typed), typed[:at] + mark + typed[at:]} {
			if got, err := normalised(other); err != nil || got != want {
				t.Fatalf("%q becomes %q, %q becomes %q (%v)", typed, want, other, got, err)
			}
		}
	})
}

func FuzzNormalise(f *testing.F) {
	f.Add("Aberystwyth")
	f.Add("Tŷ Ddewi")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		once, err := normalised(typed)
		if err != nil {
			return
		}
		if len(once) < minAnswer || strings.Trim(once, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			t.Fatalf("%q became %q", typed, once)
		}
	})
}

func normalised(typed string) (string, error) {
	text, err := Normalise([]byte(typed))
	return string(text), err
}
