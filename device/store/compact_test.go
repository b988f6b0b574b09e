package store

import (
	"fmt"
	"strings"
	"testing"
)

// TestWritersMergeTables writes more than Badger lets lie, which would wait for
// ever if nobody merged.
func TestWritersMergeTables(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	big, most := strings.Repeat("x", 60<<10), 0
	for n := range 700 { // 41 MiB, 20 tables
		if err := s.update("big", func(t tx) error { return t.put(fmt.Sprint("big/", n), big) }); err != nil {
			t.Fatal(err)
		}
		most = max(most, s.db.Levels()[0].NumTables)
	}
	if most <= newTables || most > newTables+3 {
		t.Errorf("there were up to %d new tables", most)
	}
	closed(t, s)
	s = opened(t, dir)
	for n := range 700 {
		var got string
		if err := s.view(func(t tx) error { return t.get(fmt.Sprint("big/", n), &got) }); err != nil || got != big {
			t.Fatalf("value %d: %d bytes, %v", n, len(got), err)
		}
	}
}

// TestRestartsMergeTables: each one leaves a table.
func TestRestartsMergeTables(t *testing.T) {
	dir := t.TempDir()
	for n := range 3 * newTables {
		s := opened(t, dir)
		addSteps(t, s, 1)
		if tables := s.db.Levels()[0].NumTables; tables > newTables+1 {
			t.Fatalf("after %d restarts there are %d new tables", n, tables)
		}
		closed(t, s)
	}
}
