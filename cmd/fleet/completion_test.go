package main

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"unlockpoint/cmd/hospitaltest"
)

// completed are what is typed and one of the words that it may become.
var completed = map[string]string{
	"fleet ": "ls", "fleet s": "status", "fleet report ": "steps", "fleet report steps --d": "--days", "fleet ls --w": "--where",
	"fleet --as x status --s": "--site", "fleet card re": "release", "fleet run ": "identify", "fleet run sc": "screenshot",
	"fleet run report --wai": "--wait", "fleet ls -o ": "csv", "fleet events --output j": "json", "fleet events --output=j": "--output=json",
	"fleet completion f": "fish", "fleet config get --terminal ward7-door site.h": "site.hours", "fleet config set policy.page_t": "policy.page_timeout_s=",
	"fleet config set readers=acr39 log=de": "log=debug", "fleet config set policy.change_at_pad=t": "policy.change_at_pad=true",
	"fleet config set --unset site.p": "site.phone", "fleet ls --where ver": "version=", "fleet run restart --where state=ret": "state=retired",
	"fleet ls --where site=ward7,state=of": "site=ward7,state=offline", "fleet card release piv:0a1b --r": "--reason",
}

// nothingElse are what is typed and a word that does not fit there.
var nothingElse = map[string]string{
	"fleet run report ": "steps", "fleet --as ls ": "--where", "fleet run ": "--where", "fleet ls --where ": "ls", "fleet run identify ": "report",
}

// script is what the program prints for a shell, in a file.
func script(t *testing.T, shell, name string) string {
	t.Helper()
	text, err := run(t.Context(), "completion", shell)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// shellSays is what a shell prints.
func shellSays(t *testing.T, shell string, args ...string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hospitaltest.Patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, shell, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v, %s", shell, err, out)
	}
	return strings.Fields(string(out))
}

func TestFishCompletes(t *testing.T) {
	path := script(t, "fish", "fleet.fish")
	offers := func(line string) []string {
		return shellSays(t, "fish", "--no-config", "-c", "source "+path+"; complete -C '"+line+"'")
	}
	for line, want := range completed {
		if got := offers(line); !slices.Contains(got, want) {
			t.Errorf("%q: %q", line, got)
		}
	}
	for line, wrong := range nothingElse {
		if got := offers(line); slices.Contains(got, wrong) {
			t.Errorf("%q: %q", line, got)
		}
	}
}

func TestBashCompletes(t *testing.T) {
	path := script(t, "bash", "fleet")
	lines := maps.Clone(completed)
	lines["fleet ls --where site=$(touch ran),st"] = "ran),state="
	bash := exec.Command("bash", "--norc", "--noprofile", "-i")
	completes(t, bash, "bind 'set completion-query-items 0'; . "+path, lines)
	if _, err := os.Stat(filepath.Join(bash.Dir, "ran")); err == nil {
		t.Error("what was typed ran before Enter")
	}
}

func TestZshCompletes(t *testing.T) {
	dir := filepath.Dir(script(t, "zsh", "_fleet"))
	completes(t, exec.Command("zsh", "-f", "-i"), "LISTMAX=1000; fpath=("+dir+" $fpath); autoload -U compinit; compinit -u -D", completed)
}

// completes holds a shell against a table. It completes for who types at a
// terminal only: it has one, and Tab is pressed twice.
func completes(t *testing.T, shell *exec.Cmd, begin string, lines map[string]string) {
	shell.Dir, shell.Env = t.TempDir(), append(os.Environ(), "TERM=dumb", "PS1=$ ")
	line, err := pty.StartWithSize(shell, &pty.Winsize{Rows: 200, Cols: 200})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shell.Process.Kill(); shell.Wait(); line.Close() })
	var screen screen
	go screen.read(line)
	screen.await(t, line, begin+"; echo rea''dy\n", "ready")
	for typed, want := range lines {
		screen.await(t, line, typed+"\t\t", want)
		line.Write([]byte{'U' & 31}) // takes the line away
	}
}

// screen is what a shell has shown since something was typed.
type screen struct {
	mu   sync.Mutex
	text string
}

func (s *screen) read(from *os.File) {
	piece := make([]byte, 4096)
	for {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.text += strings.ReplaceAll(string(piece[:n]), "\a", "")
		s.mu.Unlock()
	}
}

// await types something and waits for a word that comes of it.
func (s *screen) await(t *testing.T, to *os.File, typed, want string) {
	t.Helper()
	s.mu.Lock()
	s.text = ""
	s.mu.Unlock()
	if _, err := to.WriteString(typed); err != nil {
		t.Fatal(err)
	}
	hospitaltest.Await(t, want, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Contains(strings.Fields(s.text), want)
	})
}
