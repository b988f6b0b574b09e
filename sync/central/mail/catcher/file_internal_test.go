package catcher

import (
	"os"
	"path/filepath"
	"testing"
)

// Whatever is in a mailbox is read, to its last whole line, or is an error; and
// what was read once reads the same again.
func FuzzMailbox(f *testing.F) {
	f.Add([]byte("{\"to\":\"a@nhs.net\"}\n{\"to\":\"b"))
	f.Add([]byte("\n"))
	f.Add([]byte("{}\n[]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "mailbox")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		first, err := remembered(path)
		if err != nil {
			return
		}
		if again, err := remembered(path); err != nil || len(again) != len(first) {
			t.Errorf("%d mails, then %d (%v)", len(first), len(again), err)
		}
	})
}
