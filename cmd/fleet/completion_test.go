package main

import (
	"context"
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
	"fleet --as x status --s": "--site", "fleet card re": "release",
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

func TestBashCompletes(t *testing.T) {
	path := script(t, "bash", "fleet")
	for line, want := range completed {
		words := strings.Split(line, " ")
		ask := ". " + path + "\nCOMP_WORDS=(" + strings.Join(words[:len(words)-1], " ") + " '" + words[len(words)-1] + "'); COMP_CWORD=" +
			string(rune('0'+len(words)-1)) + "; _fleet; echo \"${COMPREPLY[@]}\""
		if got := shellSays(t, "bash", "-c", ask); !slices.Contains(got, want) {
			t.Errorf("%q: %q", line, got)
		}
	}
}

func TestFishCompletes(t *testing.T) {
	path := script(t, "fish", "fleet.fish")
	for line, want := range completed {
		if got := shellSays(t, "fish", "--no-config", "-c", "source "+path+"; complete -C '"+line+"'"); !slices.Contains(got, want) {
			t.Errorf("%q: %q", line, got)
		}
	}
}

// Zsh completes for who types at a terminal only: it has one, and Tab is
// pressed twice.
func TestZshCompletes(t *testing.T) {
	dir := filepath.Dir(script(t, "zsh", "_fleet"))
	cmd := exec.Command("zsh", "-f", "-i")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TERM=dumb")
	line, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait(); line.Close() })
	var screen screen
	go screen.read(line)
	screen.await(t, line, "fpath=("+dir+" $fpath); autoload -U compinit; compinit -u -D; echo rea''dy\n", "ready")
	for typed, want := range completed {
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
		s.text += string(piece[:n])
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
