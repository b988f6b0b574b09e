package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
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
		return csv.NewWriter(w).WriteAll(append([][]string{t.head}, t.rows...))
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(columns, strings.ToUpper(strings.Join(t.head, "\t")))
	for _, row := range t.rows {
		fmt.Fprintln(columns, strings.Join(row, "\t"))
	}
	return columns.Flush()
}

func printJSON(w io.Writer, data any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(data)
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
