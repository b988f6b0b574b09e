// Package cmd_test holds the house plan: which room may know of which, and
// what every room must have.
package cmd_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "unlockpoint/"

// rooms says, for each top folder, which others its packages may import.
var rooms = map[string][]string{
	"buildroot": {"buildroot", "cmd", "device", "display", "reader", "sync"}, // tests alone
	"cmd":       {"cmd", "device", "display", "reader", "sync"},
	"device":    {"device", "display", "reader", "sync"},
	"display":   {"display"},
	"reader":    {"reader"},
	"sync":      {"sync"},
}

// arithmetic is what central may take from the card room: no reader, no cgo.
var arithmetic = []string{"reader", "reader/piv", "reader/gids", "reader/iso7816"}

// longest is how many lines a file may have before it is two ideas.
const longest = 500

type pkg struct {
	ImportPath, Dir, Doc, Name string
	Imports, Deps, CgoFiles    []string
	GoFiles                    []string
	TestGoFiles, XTestGoFiles  []string
	TestImports, XTestImports  []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,Name,Imports,Deps,CgoFiles,GoFiles,TestGoFiles,XTestGoFiles,TestImports,XTestImports", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
}

func room(path string) string { return strings.SplitN(path, "/", 2)[0] }

func TestRoomsFormNoCircle(t *testing.T) {
	for _, p := range packages(t) {
		tests := slices.Concat(p.TestImports, p.XTestImports)
		for _, imported := range append(tests, p.Imports...) {
			to, ours := strings.CutPrefix(imported, module)
			server := strings.HasPrefix(p.ImportPath, "sync/central")
			switch {
			case !ours, slices.Contains(rooms[room(p.ImportPath)], room(to)):
			case server && slices.Contains(arithmetic, to):
			case server && to == "reader/simcard" && !slices.Contains(p.Imports, imported): // cards for its tests
			default:
				t.Errorf("%s imports %s: the house plan does not allow it", p.ImportPath, to)
			}
		}
	}
}

func TestOnlyThePCSCRoomNeedsC(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.CgoFiles) > 0 || (slices.Contains(p.Imports, "github.com/ebfe/scard") && p.ImportPath != "reader/pcsc") {
			t.Errorf("%s needs cgo: only reader/pcsc may", p.ImportPath)
		}
	}
}

func TestTheDriverIsInTheDemoOnly(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(p.Deps, module+"cmd/demo/driver") && !strings.HasPrefix(p.ImportPath, "cmd/demo") {
			t.Errorf("%s carries the driver: only cmd/demo may", p.ImportPath)
		}
	}
}

// What only tests need stays out of the programs: packages named after their
// being for tests, and testing itself, which only those may import.
func TestNoProgramCarriesItsTests(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasSuffix(p.ImportPath, "test") {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "testing" || strings.HasPrefix(imported, "testing/") || strings.HasSuffix(imported, "test") {
				t.Errorf("%s imports %s outside its tests", p.ImportPath, imported)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && len(p.Doc) < 20 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		if p.ImportPath == "sync" {
			t.Error("sync/ itself holds Go files: it would collide with the standard library's sync")
		}
	}
}

func TestNoFileIsTwoIdeas(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			if n := lines(t, filepath.Join(p.Dir, name)); n > longest {
				t.Errorf("%s/%s has %d lines", p.ImportPath, name, n)
			}
		}
	}
}

func lines(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); n++ {
	}
	return n
}
