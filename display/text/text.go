// Package text is a Page without pixels: as text for goldens, the engineers'
// console and page.txt, and as the driver's JSON.
//
// What was typed into a field appears as a count, never as itself.
package text

import (
	"fmt"
	"strings"

	"unlockpoint/display"
)

// Of is the page as text. A page of the same content is the same text.
func Of(p display.Page) string {
	var b strings.Builder
	head(&b, p)
	for _, paragraph := range body(p) {
		fmt.Fprintf(&b, "\n%s\n", paragraph)
	}
	if p.Error != "" {
		fmt.Fprintf(&b, "\n! %s\n", p.Error)
	}
	field(&b, p.Field)
	options(&b, p)
	if p.SecondsLeft > 0 {
		fmt.Fprintf(&b, "\n%d:%02d left\n", p.SecondsLeft/60, p.SecondsLeft%60)
	}
	return b.String()
}

// body is what the page says below its title, the most important first.
func body(p display.Page) []string {
	said := []string{}
	if p.Doing != "" {
		said = append(said, p.Doing+".")
	}
	return append(said, p.Body...)
}

func head(b *strings.Builder, p display.Page) {
	fmt.Fprintf(b, "[%s] %s\n", p.ID, p.Tone)
	if p.Step != "" {
		fmt.Fprintf(b, "%s\n", p.Step)
	}
	fmt.Fprintf(b, "%s\n%s\n", p.Title, strings.Repeat("=", len([]rune(p.Title))))
}

func field(b *strings.Builder, f *display.Field) {
	if f == nil || f.Kind == display.ChoiceField {
		return
	}
	fmt.Fprintf(b, "\n%s: %d of at most %d characters (%s%s)\n", f.Label, f.Count(), f.Max, f.Kind, manner(f))
}

func manner(f *display.Field) string {
	var said string
	if f.Digits {
		said += ", digits"
	}
	if f.Masked {
		said += ", masked"
	}
	if f.CanShow {
		said += ", can be shown"
	}
	return said
}

func options(b *strings.Builder, p display.Page) {
	if len(p.Choices)+len(p.Actions) > 0 {
		b.WriteString("\n")
	}
	for _, c := range p.Choices {
		fmt.Fprintf(b, "  %s  %s\n", c.Key, c.Label)
	}
	for _, a := range p.Actions {
		fmt.Fprintf(b, "  <%s> %s\n", a.Key, a.Label)
	}
}
