// Package words is what the terminal says to people, as data: one file for
// each language. A further language is one more file.
//
// Its words: a Text is what one page says; a variant of a page is the same
// page in other circumstances, written as "page/variant"; a placeholder
// stands for a fact, as {booth}, or for a count, as {tries:1 try|# tries}.
//
// The package knows no journey: package pages chooses what is said.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"unlockpoint/display"
)

//go:embed *.toml
var files embed.FS

// Language is everything the terminal can say in one language. It is never
// changed.
type Language struct {
	Code      string            `toml:"-"`    // "cy", by its file (ISO 639-1)
	Name      string            `toml:"name"` // as its speakers call it
	Months    []string          `toml:"months"`
	Questions []string          `toml:"questions"`
	Page      map[string]Text   `toml:"page"`
	Display   display.Words     `toml:"display"`
	Card      map[string]string `toml:"card"`  // what kinds of card are called, by profile
	Fault     map[string]string `toml:"fault"` // why the terminal cannot serve
	Label     map[string]string `toml:"label"`
	Busy      map[string]string `toml:"busy"` // what a page waits for
	Complaint map[string]string `toml:"complaint"`
}

// Text is what one page says.
type Text struct {
	Title   string            `toml:"title"`
	Body    []string          `toml:"body"`
	Tone    string            `toml:"tone"`
	Field   string            `toml:"field"`
	Primary string            `toml:"primary"`
	Stop    string            `toml:"stop"`
	Choice  map[string]string `toml:"choice"`
}

// English is the language that is spoken where nobody chose another.
func English() *Language { return languages()[0] }

// Languages are all there are: English first, the others by their codes.
func Languages() []*Language { return slices.Clone(languages()) }

// In is the language with that code, or English.
func In(code string) *Language {
	for _, l := range languages() {
		if l.Code == code {
			return l
		}
	}
	return English()
}

var languages = sync.OnceValue(func() []*Language {
	all, err := loadAll()
	if err != nil {
		panic(err) // the files are part of the program
	}
	return all
})

func loadAll() ([]*Language, error) {
	english, err := load("en.toml")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		return nil, err
	}
	all := []*Language{english}
	for _, name := range names {
		if name == "en.toml" {
			continue
		}
		l, err := load(name)
		if err != nil {
			return nil, err
		}
		l.tune(english)
		all = append(all, l)
	}
	return all, nil
}

func load(name string) (*Language, error) {
	l := Language{Code: strings.TrimSuffix(name, ".toml")}
	meta, err := toml.DecodeFS(files, name, &l)
	if err != nil {
		return nil, fmt.Errorf("read the language %s: %w", l.Code, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("read the language %s: nobody says %s", l.Code, unknown[0])
	}
	return &l, nil
}

// tune gives every page the tone it has in English: it is no word.
func (l *Language) tune(english *Language) {
	for id, text := range l.Page {
		text.Tone = english.Page[id].Tone
		l.Page[id] = text
	}
}

// Wordings are a question in every language: a person may think in another
// than the one on the panel.
func Wordings(n int) []string {
	var all []string
	for _, l := range languages() {
		all = append(all, l.Question(n))
	}
	return all
}

// Date is a day as people write it: no month can be taken for a day.
func (l *Language) Date(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), l.Months[t.Month()-1], t.Year())
}

// Question is the wording of a question by its number, from 1. The numbers
// are kept in registrations and never change their meaning.
func (l *Language) Question(n int) string {
	if n < 1 || n > len(l.Questions) {
		return ""
	}
	return l.Questions[n-1]
}

// Text is what a page says: the variant's words, and the page's own where the
// variant is silent.
func (l *Language) Text(page, variant string) Text {
	text := l.Page[page]
	if variant == "" {
		return text
	}
	return text.with(l.Page[page+"/"+variant])
}

func (t Text) with(v Text) Text {
	t.Title = either(v.Title, t.Title)
	t.Tone = either(v.Tone, t.Tone)
	t.Field = either(v.Field, t.Field)
	t.Primary = either(v.Primary, t.Primary)
	t.Stop = either(v.Stop, t.Stop)
	if v.Body != nil {
		t.Body = v.Body
	}
	if v.Choice != nil {
		t.Choice = v.Choice
	}
	return t
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
