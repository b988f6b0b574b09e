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
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed *.toml
var files embed.FS

// Language is everything the terminal can say in one language. It is never
// changed.
type Language struct {
	Questions []string          `toml:"questions"`
	Page      map[string]Text   `toml:"page"`
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

// English is the language that every page has.
func English() *Language { return english() }

var english = sync.OnceValue(func() *Language {
	l, err := load("en")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return l
})

func load(name string) (*Language, error) {
	var l Language
	meta, err := toml.DecodeFS(files, name+".toml", &l)
	if err != nil {
		return nil, fmt.Errorf("read the language %s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("read the language %s: nobody says %s", name, unknown[0])
	}
	return &l, nil
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
