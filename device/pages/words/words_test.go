package words_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"unlockpoint/device/pages/words"
)

func TestFill(t *testing.T) {
	facts := words.Facts{"booth": "main entrance", "tries": "1", "left": "12", "phone": ""}
	for _, c := range []struct {
		text, want string
		whole      bool
	}{
		{"Go to the IT booth: {booth}.", "Go to the IT booth: main entrance.", true},
		{"You have {tries:1 try|# tries}.", "You have 1 try.", true},
		{"Good for {left:1 minute|# minutes}.", "Good for 12 minutes.", true},
		{"Phone: {phone}.", "Phone: .", false},
		{"Nobody knows {that}.", "Nobody knows .", false},
		{"No {PLACEHOLDER} here.", "No {PLACEHOLDER} here.", true},
	} {
		got, whole := words.Fill(c.text, facts)
		if got != c.want || whole != c.whole {
			t.Errorf("Fill(%q) = %q, %v; want %q, %v", c.text, got, whole, c.want, c.whole)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add("You have {tries:1 try|# tries}.", "tries", "3")
	f.Add("{", "}", "|")
	f.Fuzz(func(t *testing.T, text, name, fact string) {
		words.Fill(text, words.Facts{name: fact})
	})
}

// TestQuestions holds the bank to what makes a question a good one, as far as
// a test can tell.
func TestQuestions(t *testing.T) {
	questions := words.English().Questions
	if len(questions) != 20 {
		t.Errorf("there are %d questions", len(questions))
	}
	for i, q := range questions {
		if !strings.HasSuffix(q, "?") || len(q) > 70 {
			t.Errorf("question %d is no question, or too long for a small panel: %s", i+1, q)
		}
		if slices.Contains(questions[:i], q) {
			t.Errorf("question %d is asked twice", i+1)
		}
		if got := words.English().Question(i + 1); got != q {
			t.Errorf("question %d is %q", i+1, got)
		}
	}
	if words.English().Question(0) != "" || words.English().Question(21) != "" {
		t.Error("there are questions that nobody wrote")
	}
}

// spoken is every text of a language with where it stands.
func spoken(l *words.Language) map[string]string {
	all := map[string]string{}
	for id, text := range l.Page {
		for name, s := range map[string]string{"title": text.Title, "field": text.Field, "primary": text.Primary, "stop": text.Stop} {
			all[id+" "+name] = s
		}
		for _, s := range text.Body {
			all[id+" "+s] = s
		}
		for _, s := range text.Choice {
			all[id+" "+s] = s
		}
	}
	for id, s := range l.Label {
		all[id] = s
	}
	for id, s := range l.Busy {
		all["busy "+id] = s
	}
	for id, s := range l.Complaint {
		all[id] = s
	}
	return all
}

// TestManner holds all texts to the house manner (STYLE.md, 24).
func TestManner(t *testing.T) {
	unkind := regexp.MustCompile(`(?i)\b(please|sorry|oops|invalid|error|illegal|abort|failed)\b`)
	numeral := regexp.MustCompile(`(?i)\b(two|three|four|five|six|seven|eight|nine|ten)\b`)
	for where, s := range spoken(words.English()) {
		if unkind.MatchString(s) && !strings.Contains(s, "failed attempts") {
			t.Errorf("%s: %q", where, s)
		}
		if numeral.MatchString(s) {
			t.Errorf("%s: write numerals: %q", where, s)
		}
		if strings.Contains(s, "!") || strings.Contains(s, "  ") {
			t.Errorf("%s: %q", where, s)
		}
	}
}

// TestLength keeps pages short enough for the least panel in the largest
// text: three paragraphs, none longer than a breath.
func TestLength(t *testing.T) {
	for id, text := range words.English().Page {
		if len(text.Body) > 4 || len(text.Title) > 45 {
			t.Errorf("%s has %d paragraphs, its title %d letters", id, len(text.Body), len(text.Title))
		}
		for _, p := range text.Body {
			if len(p) > 170 {
				t.Errorf("%s says too much at once: %q", id, p)
			}
		}
		for _, label := range []string{text.Primary, text.Stop} {
			if len(label) > 24 {
				t.Errorf("%s has a label of %d letters: %q", id, len(label), label)
			}
		}
	}
}
