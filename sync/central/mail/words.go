package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed letters
var sources embed.FS

// House is what every letter of an installation has in common.
type House struct {
	Sender   string          // the address that letters come from
	Name     string          // shown beside it
	Contact  string          // the registration authority: whom to tell when it was not you
	Subjects map[Kind]string // in place of the usual ones
	Zone     *time.Location  // for times in letters; nil: UTC
}

// Rendered is a letter ready for the mail server.
type Rendered struct {
	ID      string // of the message; the same for every try of one letter
	To      string
	Subject string
	Text    string
	HTML    string
	Date    time.Time
}

// Words turns messages into letters.
type Words struct {
	house House
	text  *texttemplate.Template
	html  *htmltemplate.Template
}

// NewWords reads the templates. House's subjects are checked here.
func NewWords(h House) (*Words, error) {
	for kind, s := range h.Subjects {
		if s != oneLine(s) || s == "" {
			return nil, fmt.Errorf("subject of %s: write one line of text", kind)
		}
	}
	text, err := texttemplate.ParseFS(sources, "letters/*.txt")
	if err != nil {
		return nil, fmt.Errorf("reading text templates: %w", err)
	}
	html, err := htmltemplate.ParseFS(sources, "letters/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading HTML templates: %w", err)
	}
	return &Words{h, text, html}, nil
}

// view is what the templates see.
type view struct {
	Message
	Subject string
	Contact string
	When    string
}

// Render writes the text and HTML of a message.
func (w *Words) Render(m Message) (Rendered, error) {
	v := w.view(m)
	var text, html bytes.Buffer
	if err := w.text.ExecuteTemplate(&text, string(m.Kind)+".txt", v); err != nil {
		return Rendered{}, fmt.Errorf("writing %s as text: %w", m.Kind, err)
	}
	if err := w.html.ExecuteTemplate(&html, string(m.Kind)+".html", v); err != nil {
		return Rendered{}, fmt.Errorf("writing %s as HTML: %w", m.Kind, err)
	}
	return Rendered{To: m.To, Subject: v.Subject, Text: folded(text.String()), HTML: html.String()}, nil
}

// widest a line of a letter's text is, in runes (RFC 5322, 2.1.1, asks for no
// more than 78).
const widest = 76

// folded breaks lines that are too long at spaces, but not before a number: a
// telephone number has several. A word that is longer, such as a link, stays
// whole.
func folded(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		at := 0
		for _, word := range unbroken(line) {
			n := utf8.RuneCountInString(word)
			if at > 0 && at+1+n > widest {
				out.WriteByte('\n')
				at = 0
			} else if at > 0 {
				out.WriteByte(' ')
				at++
			}
			out.WriteString(word)
			at += n
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// unbroken are the words of a line, with numbers that go with them.
func unbroken(line string) (words []string) {
	for _, word := range strings.Fields(line) {
		if last := len(words) - 1; last >= 0 && unicode.IsDigit(rune(word[0])) {
			words[last] += " " + word
		} else {
			words = append(words, word)
		}
	}
	return words
}

// view cleans whatever a person or a file supplied: each is one line, so that
// no name can add a line to a letter, let alone to its header.
func (w *Words) view(m Message) view {
	zone := w.house.Zone
	if zone == nil {
		zone = time.UTC
	}
	m.Name, m.Terminal, m.Address, m.Code = oneLine(m.Name), oneLine(m.Terminal), oneLine(m.Address), oneLine(m.Code)
	m.Site.Name, m.Site.Booth, m.Site.Hours, m.Site.Phone =
		oneLine(m.Site.Name), oneLine(m.Site.Booth), oneLine(m.Site.Hours), oneLine(m.Site.Phone)
	return view{Message: m, Subject: w.house.Subject(m.Kind), Contact: oneLine(w.house.Contact),
		When: m.At.In(zone).Format("15:04 on Monday 2 January 2006")}
}

// Subject of a kind of letter. It never tells a code: subjects show on locked
// telephones.
func (h House) Subject(k Kind) string {
	if s, ok := h.Subjects[k]; ok {
		return s
	}
	switch k {
	case RegisterCode:
		return "Your code to register your smartcard"
	case UnlockCode:
		return "Your code to unlock your smartcard"
	case AttemptFailed:
		return "Somebody gave wrong answers for your smartcard"
	case Registered:
		return "Your smartcard is registered for self-service"
	case Unlocked:
		return "Your smartcard was unlocked"
	case AddressChanged:
		return "The email address for your smartcard was changed"
	case Frozen:
		return "Self-service has stopped for your smartcard"
	case Unfrozen:
		return "Self-service works again for your smartcard"
	case Released:
		return "The IT booth released your smartcard"
	case Assisted:
		return "The IT booth gave out a code for your smartcard"
	case Removed:
		return "Your smartcard is no longer registered for self-service"
	case AddressSet:
		return "This email address is now used for your smartcard"
	}
	return "About your smartcard"
}

// longest is more than any name of a person or a place needs, in runes.
const longest = 200

// oneLine makes one short line of s, without control or formatting runes.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	runes := []rune(strings.Join(strings.Fields(s), " "))
	return string(runes[:min(len(runes), longest)])
}
