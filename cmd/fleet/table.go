package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"unlockpoint/sync/wire"
)

// table is a list to print, in one of three forms.
type table struct {
	head []string
	rows [][]string
	data any // the same for JSON
}

// form is how a list is printed.
type form string

func (t table) print(w io.Writer, f form) error {
	switch f {
	case "json":
		return printJSON(w, t.data)
	case "csv":
		return csv.NewWriter(w).WriteAll(plain(append([][]string{t.head}, t.rows...)))
	}
	head := strings.Split(strings.ToUpper(strings.Join(t.head, "\t")), "\t")
	return columns(w, append([][]string{head}, t.rows...))
}

// columns prints rows whose cells stand below each other.
func columns(w io.Writer, rows [][]string) error {
	tabs := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range plain(rows) {
		fmt.Fprintln(tabs, strings.Join(row, "\t"))
	}
	return tabs.Flush()
}

// plain makes all cells safe to show, in place.
func plain(rows [][]string) [][]string {
	for _, row := range rows {
		for i := range row {
			row[i] = wire.Plain(row[i])
		}
	}
	return rows
}

func printJSON(w io.Writer, data any) error {
	raw, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	return printRaw(w, raw)
}

// printRaw prints JSON with an escape for whatever a screen might obey, which
// can stand in its strings alone.
func printRaw(w io.Writer, raw []byte) error {
	var b strings.Builder
	for _, r := range string(raw) {
		if unicode.IsPrint(r) || r == '\n' {
			b.WriteRune(r)
			continue
		}
		for _, half := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, "\\u%04x", half)
		}
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

// moment is a time as people here read it; a dash for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

// orDash keeps columns from looking empty.
func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
