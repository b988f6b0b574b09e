package speech

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// line is one thing that is said of a page.
type line struct {
	text     string
	name     string // said after it, in a language of its own
	language string // of the name
	news     string // what makes it new on the same page; empty: it never is
}

func (l line) String() string { return strings.TrimSpace(l.text + " " + l.name) }

// heard is a page as somebody heard it.
type heard struct {
	place place
	lines []line
	typed typed
	count string // how much is typed, in words
}

// place is what makes a page another one: the next question has the same id.
type place struct {
	id, title, step string
	session         uint64
}

// typed is how far the field is filled in. Clear is what was typed where that
// is no secret.
type typed struct {
	count int
	clear string
}

// Read is everything that is said of a page, in its order.
func Read(p display.Page, layer typing.Layer) []string {
	var all []string
	for _, l := range hear(p, layer).lines {
		all = append(all, l.String())
	}
	return all
}

func hear(p display.Page, layer typing.Layer) heard {
	h := heard{place: place{p.ID, p.Title, p.Step, p.Session}}
	h.title(p)
	h.add(p.Step)
	h.add(p.Error)
	for _, paragraph := range p.Body {
		h.number(hidden(paragraph, p.Words))
	}
	h.field(p)
	for _, c := range p.Choices {
		h.named(c.Key, c.Label, c.Language, p.Words)
	}
	for _, a := range p.Actions {
		h.named(a.Key, a.Label, a.Language, p.Words)
	}
	h.edges(p, layer)
	return h
}

func (h *heard) add(text string) { h.put(text, text) }

// number is a text whose numbers count down: those alone are no news.
func (h *heard) number(text string) { h.put(text, numerals.ReplaceAllString(text, "#")) }

func (h *heard) key(key, label string, w display.Words) { h.add(keyName(key, w) + ": " + label) }

// named is a key whose label may be in another language than the page.
func (h *heard) named(key, label, language string, w display.Words) {
	if language == "" {
		h.key(key, label, w)
		return
	}
	said := keyName(key, w) + ":"
	h.lines = append(h.lines, line{text: said, name: label, language: language, news: said + " " + label})
}

func (h *heard) put(text, news string) {
	if text != "" {
		h.lines = append(h.lines, line{text: text, news: news})
	}
}

// title has the tone of the page before it, for those who see no symbol.
func (h *heard) title(p display.Page) {
	w := p.Words
	tone := [...]string{display.Working: w.Wait, display.Success: w.Done, display.Warning: w.Careful, display.Problem: w.Stuck}[p.Tone]
	h.add(strings.TrimPrefix(tone+": "+cmp.Or(p.Doing, p.Title), ": "))
}

// field says what is asked for, and how much of it is there.
func (h *heard) field(p display.Page) {
	f := p.Field
	if f == nil {
		return
	}
	if f.Kind == display.ChoiceField {
		h.add(f.Label)
		return
	}
	h.typed = typed{count: f.Count()}
	h.count = count(f.Count(), p.Words)
	said := h.count
	if !f.Secret() && f.Count() > 0 {
		h.typed.clear = f.Value.Reveal()
		said = h.typed.clear
	}
	if f.Label != "" {
		said = f.Label + ": " + said
	}
	h.put(said, "")
}

// edges are what is around a page: the menu, what # does where that is not
// help, time that runs out, and how the terminal is.
func (h *heard) edges(p display.Page, layer typing.Layer) {
	w := p.Words
	h.key(display.Settings, w.Settings, w)
	if typing.TakesText(p.Field) {
		h.add([...]string{w.Small, w.Capitals, w.Digits, w.Signs}[layer])
		h.key(display.Help, w.Others, w)
	} else {
		h.key(display.Help, w.Help, w)
	}
	if p.SecondsLeft > 0 {
		h.put(fmt.Sprintf("%s: %d:%02d", w.Left, p.SecondsLeft/60, p.SecondsLeft%60), "")
	}
	h.add(p.Status.Terminal)
	h.add(either(p.Status.Online, w.Online, w.Offline))
	h.add(either(p.Status.Reader, w.Ready, w.Absent))
}

// after is what is new to somebody who has heard the page before.
func (h heard) after(before heard) []line {
	known := map[string]bool{"": true}
	for _, l := range before.lines {
		known[l.news] = true
	}
	var all []line
	for _, l := range h.lines {
		if !known[l.news] {
			all = append(all, l)
		}
	}
	return all
}

// sign is the character that was typed since, where it is no secret.
func (h heard) sign(before heard) string {
	if h.typed.clear == "" || h.typed.count < before.typed.count {
		return ""
	}
	_, size := utf8.DecodeLastRuneInString(h.typed.clear)
	return h.typed.clear[len(h.typed.clear)-size:]
}

// part is what is said in one language; empty is the page's.
type part struct{ text, language string }

// parts are what voices say of lines, one after the other.
func parts(lines []line) []part {
	var all []part
	for _, l := range lines {
		said := []part{{l.text, ""}}
		if l.name != "" {
			said = append(said, part{l.name, l.language})
		}
		for _, p := range said {
			p.text = sentence(p.text)
			if n := len(all) - 1; n >= 0 && all[n].language == p.language {
				all[n].text += p.text
				continue
			}
			all = append(all, p)
		}
	}
	return all
}

// sentence puts a stop behind a line that has none: voices breathe there.
func sentence(text string) string {
	if last, _ := utf8.DecodeLastRuneInString(text); !unicode.IsPunct(last) {
		text += "."
	}
	return text + "\n"
}

var (
	numerals = regexp.MustCompile(`\d+`)
	dots     = regexp.MustCompile(`•+`)
)

// hidden has words for the letters that an address leaves out.
func hidden(text string, w display.Words) string {
	return dots.ReplaceAllString(text, " "+w.Hidden+" ")
}

func count(n int, w display.Words) string {
	switch n {
	case 0:
		return w.Nothing
	case 1:
		return w.One
	}
	return strings.ReplaceAll(w.Many, "#", strconv.Itoa(n))
}

func keyName(key string, w display.Words) string {
	switch key {
	case display.Settings:
		return w.Star
	case display.Help:
		return w.Hash
	}
	return key
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
