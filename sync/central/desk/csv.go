package desk

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The columns of a card file. All but the last must be in the header, in any
// order.
const (
	columnCard        = "card"
	columnProfile     = "profile"
	columnHolder      = "holder"
	columnEmail       = "email"
	columnSite        = "site"
	columnPUK         = "puk"
	columnCertificate = "certificate"
)

// Columns of a card file, in the order to write them.
func Columns() []string {
	return []string{columnCard, columnProfile, columnHolder, columnEmail, columnSite, columnPUK, columnCertificate}
}

// maxCards in one file; split longer ones.
const maxCards = 100_000

// readCards reads a CSV file (RFC 4180, with a header row).
func readCards(file io.Reader) ([]numbered, error) {
	r := csv.NewReader(file)
	header, err := r.Read()
	if err != nil {
		return nil, fileProblem(err)
	}
	at, err := columnsOf(header)
	if err != nil {
		return nil, err
	}
	var list []numbered
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fileProblem(err)
		}
		line, _ := r.FieldPos(0) // panics after an error
		if len(list) == maxCards {
			return nil, Problems{{line, "file", fmt.Sprintf("has more than %d cards: split it", maxCards)}}
		}
		list = append(list, numbered{cardOf(row, at), line})
	}
}

// columnsOf finds each column in the header.
func columnsOf(header []string) (map[string]int, error) {
	header[0] = strings.TrimPrefix(header[0], "\ufeff") // spreadsheets write a byte order mark
	at := map[string]int{}
	var ps Problems
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[name]; twice || !slices.Contains(Columns(), name) {
			ps = append(ps, Problem{1, name, "is not a column, or is there twice: the columns are " + strings.Join(Columns(), ", ")})
		}
		at[name] = i
	}
	for _, name := range Columns() {
		if _, there := at[name]; !there && name != columnCertificate {
			ps = append(ps, Problem{1, name, "is missing: the first line names the columns"})
		}
	}
	if len(ps) > 0 {
		return nil, ps
	}
	return at, nil
}

func cardOf(row []string, at map[string]int) NewCard {
	field := func(name string) string {
		if i, ok := at[name]; ok {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	return NewCard{
		Card: strings.ToLower(field(columnCard)), Profile: strings.ToLower(field(columnProfile)),
		Holder: field(columnHolder), Email: field(columnEmail), Site: field(columnSite),
		PUK: field(columnPUK), Certificate: field(columnCertificate),
	}
}

// fileProblem says what is wrong with the file's form.
func fileProblem(err error) error {
	if errors.Is(err, io.EOF) {
		return Problems{{1, "file", "is empty: the first line names the columns"}}
	}
	var form *csv.ParseError
	if !errors.As(err, &form) {
		return fmt.Errorf("reading the card file: %w", err)
	}
	if errors.Is(form.Err, csv.ErrFieldCount) {
		return Problems{{form.Line, "row", "has not as many fields as the first line: put fields that contain a comma in quotes"}}
	}
	return Problems{{form.Line, "row", "has a quote in the wrong place: double quotes inside fields, and close each field"}}
}
