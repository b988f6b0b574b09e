package web

import (
	"html/template"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dustin/go-humanize"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/wire"
)

// say is how templates say what there is.
var say = template.FuncMap{
	"when": when, "clock": clock, "uptime": uptime, "size": size, "sentence": sentence, "label": label,
	"value": wire.Shown, "told": audit.Words, "form": formOf, "forms": formsOf, "fields": fields, "works": works, "work": workOf,
}

// when is a moment in a text.
func when(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

// clock is a moment in a table whose heading says that it is UTC.
func clock(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05") }

// uptime of a program, in seconds.
func uptime(seconds int) string {
	start := time.Unix(0, 0)
	return strings.TrimSpace(humanize.RelTime(start, start.Add(time.Duration(max(1, seconds))*time.Second), "", ""))
}

// size of something, in bytes of whichever type.
func size(n any) string {
	v := reflect.ValueOf(n)
	if v.CanInt() {
		return humanize.IBytes(uint64(max(0, v.Int())))
	}
	return humanize.IBytes(v.Uint())
}

// label begins with a capital.
func label(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
}

// sentence is a label that ends as one.
func sentence(text string) string {
	if strings.HasSuffix(text, ".") {
		return label(text)
	}
	return label(text) + "."
}
