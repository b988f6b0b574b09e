package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The root key signs on a machine where nothing else of central is.
func TestTheRootSignsCentralsKeys(t *testing.T) {
	i := initialise(t)
	safe := filepath.Join(t.TempDir(), "root.key")
	file := func(name, text string) string {
		path := filepath.Join(i.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	i.must("root", "new", safe)
	if info, err := os.Stat(safe); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if _, err := i.call("root", "new", safe); err == nil {
		t.Fatal("the root was replaced")
	}
	list := file("list", i.must("root", "list"))
	signed := file("signed", i.must("root", "sign", safe, list))
	if out := i.must("root", "publish", signed); !strings.Contains(out, "version 1 is published") {
		t.Fatal(out)
	}
	for _, c := range []struct{ name, text, want string }{
		{"again", i.must("root", "sign", safe, list), "higher one is published"},
		{"unsigned", i.must("root", "list"), "no signed key list"},
		{"nonsense", "hello", "no signed key list"},
	} {
		if _, err := i.call("root", "publish", file(c.name, c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if out := i.must("root", "list"); !strings.Contains(out, `"version":2`) {
		t.Error(out)
	}
}
