package store

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"unlockpoint/sync/wire"
)

// everyNth byte of a torn write is tried: a prime, so that all fields of a
// record are met.
const everyNth = 7

func TestAWriteMayTearAtAnyByte(t *testing.T) {
	work := t.TempDir()
	dir := filepath.Join(work, "store")
	s := opened(t, dir)
	addSteps(t, s, 1)
	u := begun(t, s, cardHash(1), 4)
	steps{resetCurrent, resetDone}.run(t, u)

	before := snapshot(t, dir)
	if err := u.Finish(); err != nil {
		t.Fatal(err)
	}
	after := snapshot(t, dir)

	tears := 0
	for name, torn := range torn(before, after) {
		for cut := 0; cut <= torn.to-torn.from; cut += everyNth {
			tears++
			at := filepath.Join(work, "torn")
			files := maps.Clone(before)
			file := bytes.Clone(before[name])
			copy(file[torn.from:torn.from+cut], after[name][torn.from:])
			files[name] = file
			restore(t, at, files)
			wantWholeOrNothing(t, at)
		}
	}
	if tears < 10 {
		t.Errorf("only %d tears were tried", tears)
	}
}

// wantWholeOrNothing checks that the unlock's end and its fact are both there
// or both not, in which case the recovery has told it.
func wantWholeOrNothing(t *testing.T, dir string) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.SetAside() != "" {
		t.Fatal("a torn write was taken for damage")
	}
	body, n := done(t, s)
	_, unfinished, err := s.Unfinished(cardHash(1))
	if err != nil || n != 1 || unfinished != (body.PIN == wire.PINUnknown) {
		t.Fatalf("told %d times %+v, unfinished %v, %v", n, body, unfinished, err)
	}
}

// snapshot is the content of every file in dir.
func snapshot(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func restore(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

type stretch struct{ from, to int }

// torn finds in each file the bytes that a commit changed.
func torn(before, after map[string][]byte) map[string]stretch {
	changed := map[string]stretch{}
	for name, b := range after {
		a := before[name]
		if len(a) != len(b) || bytes.Equal(a, b) {
			continue
		}
		s := stretch{0, len(b)}
		for a[s.from] == b[s.from] {
			s.from++
		}
		for a[s.to-1] == b[s.to-1] {
			s.to--
		}
		changed[name] = s
	}
	return changed
}
