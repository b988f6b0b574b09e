// Package goldentest compares what a test brings with files that people
// review.
package goldentest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"text/tabwriter"
)

// Text fails the test if got is not what the file holds, and leaves got behind
// as an artifact. With update it is put into the file instead.
func Text(t testing.TB, path, got string, update bool) {
	t.Helper()
	if update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	file := filepath.Join(t.ArtifactDir(), filepath.Base(path))
	write(t, file, got)
	t.Errorf("not as in %s; what it is now is in %s; -update puts it there", path, file)
}

// Table is Text of rows whose cells stand between tabs, aligned. It is told in
// the test's log as well.
func Table(t testing.TB, path, rows string, update bool) {
	t.Helper()
	var aligned bytes.Buffer
	w := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, rows)
	w.Flush()
	t.Log("\n" + aligned.String())
	Text(t, path, aligned.String(), update)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
