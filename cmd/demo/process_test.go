package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The program says where its page is, stops cleanly at Ctrl-C, and starts again
// with what it had.
func TestTheProgramStartsStopsAndStartsAgain(t *testing.T) {
	t.Parallel()
	program, data := build(t), filepath.Join(t.TempDir(), "data")
	var cards [2][]string
	for life := range cards {
		demo := begin(t, program, data)
		demo.get(t, "/")
		cards[life] = regexp.MustCompile(`"id":"\w+:\w+"`).FindAllString(demo.get(t, "/cards.json"), -1)
		demo.interrupt(t)
	}
	if len(cards[0]) == 0 || !slices.Equal(cards[0], cards[1]) {
		t.Errorf("the cards were %v, and then %v", cards[0], cards[1])
	}
}

// The aim is 3 seconds, from nothing to the address of the page.
func BenchmarkSecondStart(b *testing.B) {
	program, data := build(b), filepath.Join(b.TempDir(), "data")
	begin(b, program, data).interrupt(b)
	for b.Loop() {
		begun := time.Now()
		demo := begin(b, program, data)
		b.ReportMetric(time.Since(begun).Seconds(), "s/again")
		demo.interrupt(b)
	}
}

// demo is the program while it runs.
type demo struct {
	cmd     *exec.Cmd
	page    string // its address
	trouble strings.Builder
}

func build(t testing.TB) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "demo")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// begin starts the program and waits for its address.
func begin(t testing.TB, program, data string) *demo {
	t.Helper()
	d := &demo{cmd: exec.CommandContext(t.Context(), program, "--port", "0", "--data", data)}
	said, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	d.cmd.Stderr = &d.trouble
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(said); d.page == "" && lines.Scan(); {
		d.page = regexp.MustCompile(`http://127\.0\.0\.1:\d+$`).FindString(lines.Text())
	}
	return d
}

// get is what stands at a path of the page.
func (d *demo) get(t *testing.T, path string) string {
	t.Helper()
	answer, err := http.Get(d.page + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("the page at %q: %s, %v", d.page+path, answer.Status, err)
	}
	return string(body)
}

// interrupt is Ctrl-C.
func (d *demo) interrupt(t testing.TB) {
	t.Helper()
	d.cmd.Process.Signal(os.Interrupt)
	if err := d.cmd.Wait(); err != nil || d.trouble.String() != "" {
		t.Errorf("it stopped with %v: %s", err, &d.trouble)
	}
}
