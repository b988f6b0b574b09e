package words_test

import (
	"fmt"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

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
	for _, l := range words.Languages() {
		if len(l.Questions) != 20 {
			t.Errorf("%s: there are %d questions", l.Code, len(l.Questions))
		}
		for i, q := range l.Questions {
			if !strings.HasSuffix(q, "?") || letters(q) > 70 {
				t.Errorf("%s: question %d is no question, or too long for a small panel: %s", l.Code, i+1, q)
			}
			if slices.Contains(l.Questions[:i], q) {
				t.Errorf("%s: question %d is asked twice", l.Code, i+1)
			}
			if got := l.Question(i + 1); got != q || !slices.Contains(words.Wordings(i+1), q) {
				t.Errorf("%s: question %d is %q", l.Code, i+1, got)
			}
		}
		if l.Question(0) != "" || l.Question(21) != "" {
			t.Errorf("%s: there are questions that nobody wrote", l.Code)
		}
	}
}

func letters(s string) int { return utf8.RuneCountInString(s) }

// spoken is every text of a language by the place where it stands.
func spoken(l *words.Language) map[string]string {
	all := map[string]string{}
	for id, text := range l.Pages() {
		for name, s := range map[string]string{"title": text.Title, "field": text.Field, "primary": text.Primary, "stop": text.Stop} {
			all[id+" "+name] = s
		}
		put(all, id+" body", slices.All(text.Body))
		put(all, id+" choice", maps.All(text.Choice))
	}
	put(all, "label", maps.All(l.Label))
	put(all, "busy", maps.All(l.Busy))
	put(all, "complaint", maps.All(l.Complaint))
	put(all, "card", maps.All(l.Card))
	put(all, "fault", maps.All(l.Fault))
	put(all, "month", slices.All(l.Months))
	put(all, "question", slices.All(l.Questions))
	words := reflect.ValueOf(l.Display)
	for _, f := range reflect.VisibleFields(words.Type()) {
		if !f.Anonymous {
			all["display "+f.Name] = words.FieldByIndex(f.Index).String()
		}
	}
	return all
}

func put[K comparable](all map[string]string, where string, texts iter.Seq2[K, string]) {
	for k, s := range texts {
		all[fmt.Sprintf("%s %v", where, k)] = s
	}
}

// TestEveryLanguageSaysItAll finds what somebody forgot to translate, and
// what nobody says in English.
func TestEveryLanguageSaysItAll(t *testing.T) {
	english := spoken(words.English())
	if len(words.Languages()) < 2 || words.In("cy").Name != "Cymraeg" || words.In("").Name != "English" || words.In("xx").Code != "en" {
		t.Fatal("English and Welsh are there, and English for all else")
	}
	for _, tongue := range words.Tongues() {
		if l := words.In(tongue.Code); l.Code != tongue.Code || l.Name != tongue.Name {
			t.Errorf("%v is called %s", tongue, l.Name)
		}
	}
	for _, l := range words.Languages()[1:] {
		said := spoken(l)
		for where, s := range english {
			if problem := untranslated(s, said[where]); problem != "" {
				t.Errorf("%s: %s: %q %s: %q", l.Code, where, s, problem, said[where])
			}
		}
		for where, s := range said {
			if _, known := english[where]; !known {
				t.Errorf("%s: %s: nobody says %q", l.Code, where, s)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+(:[^}]*)?\}`)

func untranslated(english, said string) string {
	spoken := strings.ContainsFunc(placeholder.ReplaceAllString(english, ""), unicode.IsLetter)
	switch {
	case (english == "") != (said == ""):
		return "stands against"
	case spoken && english == said:
		return "is not translated"
	case !slices.Equal(facts(english), facts(said)):
		return "speaks of other facts than"
	}
	return ""
}

// facts are the names of a text's placeholders. One with a count keeps it.
func facts(text string) []string {
	var names []string
	for _, p := range placeholder.FindAllString(text, -1) {
		name, _, counts := strings.Cut(strings.Trim(p, "{}"), ":")
		if counts {
			name += " #"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestTheTestSeesWhatIsNotTranslated(t *testing.T) {
	for _, c := range []struct {
		english, said string
		fine          bool
	}{
		{"Go to {booth}.", "Ewch i {booth}.", true},
		{"{question}", "{question}", true},
		{"{a}, then {b}.", "{b} ar ôl {a}.", true},
		{"Stop", "Stop", false},
		{"Stop", "", false},
		{"", "Stopio", false},
		{"Go to {booth}.", "Ewch i'r bwth.", false},
		{"{tries:1 try|# tries}", "{tries} cynnig", false},
	} {
		if problem := untranslated(c.english, c.said); (problem == "") != c.fine {
			t.Errorf("%q and %q: %q", c.english, c.said, problem)
		}
	}
}

// manners are what the house does not say (STYLE.md, 24), by language.
var manners = map[string]struct{ unkind, numeral, but string }{
	"en": {`please|sorry|oops|invalid|error|illegal|abort|failed`, `two|three|four|five|six|seven|eight|nine|ten`, "failed attempts"},
	"cy": {`gwelwch yn dda|sori|gwall|annilys|methodd|methu|erthylu`, `dwy|tri|tair|pedwar|pedair|pump|pum|chwech|chwe|saith|wyth|naw|deg`, ""},
}

// TestManner holds all texts to the house manner.
func TestManner(t *testing.T) {
	for _, l := range words.Languages() {
		m, known := manners[l.Code]
		if !known {
			continue // a language is one file: whoever adds it may add its manners here
		}
		unkind := regexp.MustCompile(`(?i)\b(` + m.unkind + `)\b`)
		numeral := regexp.MustCompile(`(?i)\b(` + m.numeral + `)\b`)
		for where, s := range spoken(l) {
			if unkind.MatchString(s) && (m.but == "" || !strings.Contains(s, m.but)) {
				t.Errorf("%s: %s: %q", l.Code, where, s)
			}
			if numeral.MatchString(s) {
				t.Errorf("%s: %s: write numerals: %q", l.Code, where, s)
			}
			if strings.Contains(s, "!") || strings.Contains(s, "  ") {
				t.Errorf("%s: %s: %q", l.Code, where, s)
			}
		}
	}
}

// TestLength keeps pages short enough for the least panel in the largest
// text: three paragraphs, none longer than a breath.
func TestLength(t *testing.T) {
	for _, l := range words.Languages() {
		for id, text := range l.Pages() {
			if len(text.Body) > 4 || letters(text.Title) > 45 {
				t.Errorf("%s: %s has %d paragraphs, its title %d letters", l.Code, id, len(text.Body), letters(text.Title))
			}
			for _, p := range text.Body {
				if letters(p) > 170 {
					t.Errorf("%s: %s says too much at once: %q", l.Code, id, p)
				}
			}
			for _, label := range []string{text.Primary, text.Stop} {
				if letters(label) > 24 {
					t.Errorf("%s: %s has a label of %d letters: %q", l.Code, id, letters(label), label)
				}
			}
		}
	}
}

func TestADateIsWrittenOut(t *testing.T) {
	day := time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC)
	for code, want := range map[string]string{"en": "1 March 2028", "cy": "1 Mawrth 2028"} {
		if got := words.In(code).Date(day); got != want {
			t.Errorf("%s: %q", code, got)
		}
	}
	for _, l := range words.Languages() {
		if len(l.Months) != 12 {
			t.Errorf("%s has %d months", l.Code, len(l.Months))
		}
	}
}
