package journey_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/front"
)

// tongue is all that a language can say, and what it has in common with others:
// names, addresses and numbers. What keys are called is not said but drawn as
// it is printed on them.
type tongue struct {
	texts map[string]bool
	forms []*regexp.Regexp // of texts with placeholders
	names []string
	known map[string]bool // what was looked at
}

func tongueOf(l *words.Language) *tongue {
	t := &tongue{texts: map[string]bool{}, known: map[string]bool{}}
	t.learn(reflect.ValueOf(*l))
	t.learn(reflect.ValueOf(l.Pages()))
	r := site()
	t.names = []string{r.Terminal, r.Site, r.Booth, r.Hours, r.Phone, r.Sender, strings.Join(r.Domains, ", ")}
	for _, other := range words.Languages() {
		t.names = append(t.names, other.Name)
	}
	for _, subject := range r.Subjects {
		t.names = append(t.names, subject)
	}
	return t
}

// learn takes every text from a part of the words.
func (t *tongue) learn(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		t.learnText(v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			t.learn(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			t.learn(v.Index(i))
		}
	case reflect.Map:
		for _, value := range v.Seq2() {
			t.learn(value)
		}
	}
}

var slot = regexp.MustCompile(`\\\{[a-z]+(?::(.*?)\\\|(.*?))?\\\}`)

func (t *tongue) learnText(text string) {
	if !strings.Contains(text, "{") {
		t.texts[text] = true
		return
	}
	form := slot.ReplaceAllStringFunc(regexp.QuoteMeta(text), func(found string) string {
		if part := slot.FindStringSubmatch(found); part[2] != "" {
			return "(?:" + part[1] + "|" + strings.ReplaceAll(part[2], "#", `\d+`) + ")"
		}
		return "(.*?)"
	})
	if form != "(.*?)" {
		t.forms = append(t.forms, regexp.MustCompile("^"+form+"$"))
	}
}

// says reports whether a text is of the language: one of its own, or one of
// its own around facts, which are names or of the language themselves.
func (t *tongue) says(text string) bool {
	if known, ok := t.known[text]; ok {
		return known
	}
	t.known[text] = t.texts[text] || t.fact(text) || slices.ContainsFunc(t.forms, func(form *regexp.Regexp) bool {
		facts := form.FindStringSubmatch(text)
		return facts != nil && !slices.ContainsFunc(facts[1:], func(fact string) bool { return !t.says(fact) })
	})
	return t.known[text]
}

// neutral is a number, a domain or an address; a day has the name of a month.
var (
	neutral = regexp.MustCompile(`^([0-9]*|[^ ]+@[^ ]+|[a-z]+\.[a-z]+)$`)
	day     = regexp.MustCompile(`^\d+ (\p{L}+) \d{4}$`)
)

func (t *tongue) fact(text string) bool {
	if month := day.FindStringSubmatch(text); month != nil {
		return t.texts[month[1]]
	}
	return neutral.MatchString(text) || slices.Contains(t.names, text)
}

// foreign is what a page says that is not of the language.
func (t *tongue) foreign(p display.Page) []string {
	said := append([]string{p.Title, p.Doing, p.Step, p.Error}, p.Body...)
	if p.Field != nil {
		said = append(said, p.Field.Label)
	}
	for _, c := range p.Choices {
		said = append(said, c.Label)
	}
	for _, a := range p.Actions {
		said = append(said, a.Label)
	}
	return slices.DeleteFunc(said, t.says)
}

// TestNothingIsLeftUntranslated finds what any page of any story says that is
// not in the words of its language.
func TestNothingIsLeftUntranslated(t *testing.T) {
	for _, l := range words.Languages() {
		tongue := tongueOf(l)
		for _, page := range allShown(l.Code) {
			for _, p := range []display.Page{page, front.Covered(page), front.Saved(page, 1)} {
				for _, text := range tongue.foreign(p) {
					t.Errorf("%s in %s says %q", p.ID, l.Name, text)
				}
			}
			if page.Words != l.Display {
				t.Errorf("%s in %s has keys of another language", page.ID, l.Name)
			}
		}
	}
}

func TestWhatIsForeignIsFound(t *testing.T) {
	welsh := tongueOf(words.In("cy"))
	for text, want := range map[string]bool{
		"Gosodiadau": true, "Cam 2 o 4": true, "Dilys tan 1 Mawrth 2028.": true, "Am eich cerdyn clyfar GIG": true, "": true, "English": true,
		"Settings": false, "Step 2 of 4": false, "Dilys tan 1 March 2028.": false, "Am eich NHS smartcard": false,
		"Its memory is full. The terminal reports it to IT.": false, "1 try": false,
	} {
		if welsh.says(text) != want {
			t.Errorf("%q is Welsh: %v", text, !want)
		}
	}
}

// TestAFaultThatNobodyNamedIsSaidInTheLanguageOfThePage: no free text reaches a
// page.
func TestAFaultThatNobodyNamedIsSaidInTheLanguageOfThePage(t *testing.T) {
	for _, l := range words.Languages() {
		s := begin(nil)
		s.next(journey.Fault{Why: "a fault that came later"})
		s.state.Look.Language = l.Code
		if body := pages.View(s.state).Body; body[0] != l.Fault["other"] {
			t.Errorf("in %s it says %q", l.Name, body[0])
		}
	}
}
