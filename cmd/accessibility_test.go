package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryTestThatTheREADMENamesIsThere: what it says is shown is shown.
func TestEveryTestThatTheREADMENamesIsThere(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	there := testsOfTheHouse(t)
	named := regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(string(readme), -1)
	if len(named) < 50 {
		t.Fatalf("the README names %d tests", len(named))
	}
	for _, name := range named {
		if !there[name[1]] {
			t.Errorf("there is no test %s", name[1])
		}
	}
}

// TestEveryClauseSaysHowItStands: a row of the README's tables has a test, or
// says that it is not applicable, not met or not shown.
func TestEveryClauseSaysHowItStands(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## For everyone\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := regexp.MustCompile(`(?m)^\| (\d[^|]*) \| ([^|]*) \|([^|]*)\|$`).FindAllStringSubmatch(section, -1)
	if len(rows) < 60 {
		t.Fatalf("the tables have %d rows", len(rows))
	}
	for _, row := range rows {
		clause, how, test := row[1], row[2], strings.TrimSpace(row[3])
		open := regexp.MustCompile(`^(not (applicable|met|shown)|by 5\.)`).MatchString(how)
		if test == "" && !open {
			t.Errorf("%s: %q, and no test shows it", clause, how)
		}
	}
}

// testsOfTheHouse are the tests of every package, by name.
func testsOfTheHouse(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	of := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range of.FindAllStringSubmatch(string(text), -1) {
			there[name[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return there
}
