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
	Display   display.Words     `toml:"display"`
	Card      map[string]string `toml:"card"`  // what kinds of card are called, by profile
	Fault     map[string]string `toml:"fault"` // why the terminal cannot serve
	Label     map[string]string `toml:"label"`
	Busy      map[string]string `toml:"busy"` // what a page waits for
	Complaint map[string]string `toml:"complaint"`

	pages map[string]func() Text // read when they are first said
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

// Tongue is a language before anything is said in it.
type Tongue struct{ Code, Name string }

// English is the language that is spoken where nobody chose another.
func English() *Language { return tongues()[0].speak() }

// Languages are all there are: English first, the others by their codes.
func Languages() []*Language {
	var all []*Language
	for _, t := range tongues() {
		all = append(all, t.speak())
	}
	return all
}

// Tongues are the same, of which nothing but their names is known yet.
func Tongues() []Tongue {
	var all []Tongue
	for _, t := range tongues() {
		all = append(all, t.Tongue)
	}
	return all
}

// In is the language with that code, or English.
func In(code string) *Language {
	for _, t := range tongues() {
		if t.Code == code {
			return t.speak()
		}
	}
	return English()
}

// tongue is a language whose file is read when something is first said in it: a
// terminal that comes up speaks one.
type tongue struct {
	Tongue
	speak func() *Language
}

var (
	looked sync.Once
	found  []tongue
)

func tongues() []tongue {
	looked.Do(func() { found = look() })
	return found
}

func look() (all []tongue) {
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		panic(err) // the files are part of the program
	}
	for _, name := range names {
		t := tongue{Tongue{Code: strings.TrimSuffix(name, ".toml"), Name: nameIn(name)}, sync.OnceValue(func() *Language { return speak(name) })}
		if t.Code == "en" {
			all = slices.Insert(all, 0, t)
		} else {
			all = append(all, t)
		}
	}
	return all
}

// nameIn is the name in a file that nobody has read yet.
func nameIn(file string) string {
	text, _ := files.ReadFile(file)
	_, rest, _ := strings.Cut(string(text), "\nname = \"")
	name, _, _ := strings.Cut(rest, "\"")
	return name
}

// speak reads a language.
func speak(file string) *Language {
	l, err := load(file)
	if err != nil {
		panic(err)
	}
	return l
}

// load reads all of a language but its pages, which are most of it.
func load(name string) (*Language, error) {
	code := strings.TrimSuffix(name, ".toml")
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the language %s: %w", code, err)
	}
	head, pages, _ := strings.Cut(string(text), pageMark)
	l := &Language{Code: code, pages: map[string]func() Text{}}
	if err := decode(head, l); err != nil {
		return nil, fmt.Errorf("read the language %s: %w", code, err)
	}
	for page := range strings.SplitSeq(pages, pageMark) {
		name, said, _ := strings.Cut(page, "]\n")
		id := strings.Trim(name, `"`)
		if l.pages[id] != nil {
			return nil, fmt.Errorf("read the language %s: %s is there twice", code, id)
		}
		l.pages[id] = sync.OnceValue(func() Text { return l.read(id, said) })
	}
	return l, nil
}

// pageMark begins what a page says, as TOML's own name for a table does. Pages
// are the last in a file.
const pageMark = "\n[page."

// read reads a page. Each has the tone that it has in English: that is no word.
func (l *Language) read(id, said string) (t Text) {
	if err := decode(said, &t); err != nil {
		panic(fmt.Errorf("read the page %s of the language %s: %w", id, l.Code, err))
	}
	if l.Code != "en" {
		t.Tone = English().page(id).Tone
	}
	return t
}

func decode(text string, into any) error {
	meta, err := toml.Decode(text, into)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("nobody says %s", unknown[0])
	}
	return nil
}

// page is what one page says; nothing when nobody wrote it.
func (l *Language) page(id string) Text {
	if read := l.pages[id]; read != nil {
		return read()
	}
	return Text{}
}

// Pages are what all pages and their variants say, by their ids.
func (l *Language) Pages() map[string]Text {
	all := map[string]Text{}
	for id := range l.pages {
		all[id] = l.page(id)
	}
	return all
}

// Wordings are a question in every language: a person may think in another
// than the one on the panel.
func Wordings(n int) []string {
	var all []string
	for _, l := range Languages() {
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
	text := l.page(page)
	if variant == "" {
		return text
	}
	return text.with(l.page(page + "/" + variant))
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
