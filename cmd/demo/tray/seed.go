package tray

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central/grant"
)

// Entry describes one card of the tray before it is made.
type Entry struct {
	Name     string // in the driver's paths: a-z, 0-9 and -
	Holder   string // printed on the card
	Kind     simcard.Kind
	Profile  string // "piv" if empty
	Passcode string // printed on the demo's card, which no real card does
	Email    string // for central; a card without one is unknown there
	Site     string
	About    string // a few words for the tray
	Tries    int    // of passcode and key, 3 if zero; not in a seed file
}

// Known says whether central gets to know the card.
func (e Entry) Known() bool { return e.Email != "" }

//go:embed seed.csv
var seed string

// Seed is the tray that the demo starts with.
func Seed() []Entry {
	entries, err := ParseSeed(strings.NewReader(seed))
	if err != nil {
		panic(err) // the file is compiled in
	}
	return entries
}

var columns = []string{"name", "holder", "kind", "profile", "passcode", "email", "site", "about"}

// maxEntries is what a person can still choose from on one page.
const maxEntries = 60

// ParseSeed reads a tray from CSV with the columns of seed.csv. An error
// names the line.
func ParseSeed(r io.Reader) ([]Entry, error) {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord = len(columns)
	head, err := lines.Read()
	if err != nil || !slices.Equal(head, columns) {
		return nil, fmt.Errorf("reading the tray: line 1 must be %q", strings.Join(columns, ","))
	}
	var entries []Entry
	for {
		fields, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil { // names its line
			return nil, fmt.Errorf("reading the tray: %w", err)
		}
		e, err := parseEntry(fields, entries)
		if err != nil {
			line, _ := lines.FieldPos(0)
			return nil, fmt.Errorf("reading the tray: line %d: %w", line, err)
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil, errors.New("reading the tray: it has no cards")
	}
	return entries, nil
}

func parseEntry(f []string, before []Entry) (Entry, error) {
	e := Entry{Name: f[0], Holder: f[1], Kind: simcard.Kind(f[2]), Profile: f[3], Passcode: f[4], Email: f[5], Site: f[6], About: f[7]}
	if e.Profile == "" {
		e.Profile = piv.Profile
	}
	switch {
	case len(before) == maxEntries:
		return e, fmt.Errorf("more than %d cards", maxEntries)
	case !validName(e.Name):
		return e, errors.New("name must be 1 to 32 of a-z, 0-9 and -")
	case slices.ContainsFunc(before, func(b Entry) bool { return b.Name == e.Name }):
		return e, errors.New("this name stands twice")
	case e.Holder == "":
		return e, errors.New("holder is empty")
	case !slices.Contains(simcard.Kinds(), e.Kind):
		return e, fmt.Errorf("kind must be one of %v", simcard.Kinds())
	case !slices.Contains(grant.Profiles(), e.Profile):
		return e, fmt.Errorf("profile must be one of %v", grant.Profiles())
	case e.Passcode != "" && !digits(e.Passcode):
		return e, errors.New("passcode must be 6 to 8 digits")
	case (e.Email == "") != (e.Site == ""):
		return e, errors.New("give both email and site, or neither")
	}
	return e, nil
}

func validName(s string) bool {
	return s != "" && len(s) <= 32 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func digits(s string) bool {
	return len(s) >= 6 && len(s) <= 8 && strings.Trim(s, "0123456789") == ""
}
