package keypad

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"unlockpoint/display"
)

// blank is a position without a key, or with one that says nothing.
const blank = "-"

// Layout is the names of a matrix's positions: display.Enter and the like,
// "0" to "9", Second, or "-".
type Layout [most][most]string

// telephone is for pads of twelve keys with * and # printed on them: * is
// Second, # is Enter, which is what telephones ask callers to end with.
var telephone = []string{
	"1 2 3",
	"4 5 6",
	"7 8 9",
	"Second 0 Enter",
}

// sixteen is for pads with A to D at the right. They stand in the order of
// cash machines, from stopping at the top to going on at the bottom: A is
// Cancel, B is Clear, C is nothing, D is Enter; * is Settings and # is Help.
var sixteen = []string{
	"1 2 3 Cancel",
	"4 5 6 Clear",
	"7 8 9 -",
	"* 0 # Enter",
}

// ParseLayout reads a layout for a matrix of so many rows and columns: a
// string for each row, its keys' names with spaces between. No strings at all
// mean the usual layout of that size. An error says what to write instead.
func ParseLayout(text []string, rows, columns int) (Layout, error) {
	if rows < 1 || rows > most || columns < 1 || columns > most {
		return Layout{}, fmt.Errorf("a pad of %dx%d keys is not served: rows and columns go from 1 to %d", columns, rows, most)
	}
	if len(text) == 0 {
		var err error
		if text, err = usual(rows, columns); err != nil {
			return Layout{}, err
		}
	}
	if len(text) != rows {
		return Layout{}, fmt.Errorf("the layout has %d lines for %d rows: write a line for each row", len(text), rows)
	}
	var l Layout
	for i, line := range text {
		names := strings.Fields(line)
		if len(names) != columns {
			return Layout{}, fmt.Errorf("line %d of the layout has %d keys for %d columns: write a name for each, or - for none", i+1, len(names), columns)
		}
		copy(l[i][:], names)
	}
	return l, l.check()
}

// usual is the layout of a pad that is printed as most are.
func usual(rows, columns int) ([]string, error) {
	switch [2]int{rows, columns} {
	case [2]int{4, 3}:
		return telephone, nil
	case [2]int{4, 4}:
		return sixteen, nil
	}
	return nil, fmt.Errorf("there is no usual layout for %d rows and %d columns: write one, a line for each row", rows, columns)
}

// everything is what a pad must be able to do: whoever cannot use the touch
// panel has it alone.
var everything = []string{
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
	display.Enter, display.Clear, display.Cancel, display.Settings, display.Help,
}

// check finds names that are none, names that are twice, and what is missing.
func (l Layout) check() error {
	reach := map[string]bool{}
	for _, name := range l.keys() {
		if !display.IsKey(name) && name != Second {
			return fmt.Errorf("the layout has a key %q: the names are 0 to 9, Enter, Clear, Cancel, *, #, Second, and - for none", name)
		}
		if reach[name] {
			return fmt.Errorf("the layout has the key %s twice: write - for one of them", name)
		}
		reach[name] = true
	}
	if reach[Second] {
		for first, then := range secondly {
			reach[then] = reach[then] || reach[first]
		}
	}
	for _, name := range everything {
		if !reach[name] {
			return errors.New(lacking(name))
		}
	}
	return nil
}

// lacking says how to come to a key that is not in the layout.
func lacking(name string) string {
	for first, then := range secondly {
		if then == name {
			return fmt.Sprintf("the layout has no key %s: add it, or a key Second, with which %s is %s", name, first, name)
		}
	}
	return fmt.Sprintf("the layout has no key %s, and pages cannot do without", name)
}

// keys is all names in the layout, row by row.
func (l Layout) keys() []string {
	var all []string
	for _, row := range l {
		for _, name := range row {
			if name != "" && name != blank {
				all = append(all, name)
			}
		}
	}
	return all
}

// String is the layout as ParseLayout reads it, lines separated by commas.
func (l Layout) String() string {
	var lines []string
	for _, row := range l {
		names := slices.DeleteFunc(row[:], func(name string) bool { return name == "" })
		if len(names) > 0 {
			lines = append(lines, strings.Join(names, " "))
		}
	}
	return strings.Join(lines, ", ")
}

// name is the name of one position, or nothing.
func (l Layout) name(key set) string {
	i := key.index()
	if name := l[i/most][i%most]; name != blank {
		return name
	}
	return ""
}

// names is the names of positions, for the log.
func (l Layout) names(keys set) string {
	var all []string
	for key := range keys.each {
		i := key.index()
		name := l.name(key)
		if name == "" {
			name = fmt.Sprintf("row %d column %d", i/most+1, i%most+1)
		}
		all = append(all, name)
	}
	return strings.Join(all, " ")
}
