package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/sync/wire"
)

// A terminal takes settings over while it runs, and both ends keep them over
// a power cut.
func TestSettingsAreTakenOverLiveAndKept(t *testing.T) {
	w := newWorld(t, 2)
	first := w.terminal(0)
	w.await("ward7-1", "ls", "--where", "state=online")
	const hours = "9 to 6, not on Fridays"

	if out := w.must("config", "set", "--site", "ward7", "hours="+hours); !strings.HasPrefix(out, "site ward7: version ") {
		t.Error(out)
	}
	w.must("config", "set", "--terminal", "ward7-1", "page_timeout_s=95", "log=debug", "--reason", "slow readers")
	w.taken("ward7-1")
	if r := w.report(); r.Texts.Hours != hours || r.Rules.PageTimeout != 95 {
		t.Errorf("it is set to %+v", r)
	}
	w.await("hours", "events", "-n", "50") // which settings
	w.await("page_timeout_s", "events", "-n", "50")

	// The other one was away: it lags behind until it comes.
	if out, err := w.fleet("config", "diff"); code(err) != 1 || !strings.Contains(out, "ward7-2") || strings.Contains(out, "ward7-1") {
		t.Errorf("%v: %s", err, out)
	}
	w.terminal(1)
	w.taken("ward7-2")

	// Power cuts on both sides change nothing.
	first.Kill()
	w.Central.Kill()
	w.StartCentral()
	w.terminal(0)
	w.await("ward7-1", "ls", "--where", "state=online")
	if r := w.report(); r.Texts.Hours != hours || r.Rules.PageTimeout != 95 {
		t.Errorf("it is set to %+v", r)
	}
	if out := w.must("config", "get", "--terminal", "ward7-1", "hours", "page_timeout_s", "policy.attempts"); !strings.Contains(out, "site ward7") ||
		!strings.Contains(out, "terminal ward7-1") || !strings.Contains(out, "file") || strings.Count(out, "\n") != 4 {
		t.Error(out)
	}

	// Why is in the audit log, also where nobody said it.
	if out := w.must("audit", "ls", "-o", "csv"); !strings.Contains(out, `page_timeout_s log",slow readers`+"\n") || !strings.Contains(out, `hours",routine`+"\n") {
		t.Error(out)
	}

	if out, err := w.fleet("config", "get", "page_timeout_s", "colour"); err == nil || !strings.Contains(err.Error(), "there is no setting colour") {
		t.Errorf("%v, %s", err, out)
	}

	// What breaks a rule is refused, with the field and the rule.
	for change, want := range map[string]string{
		"page_timeout_s=5":            "policy.page_timeout_s is 5: write 10 to 3600",
		"ask=9":                       "policy.ask is 9: write 2 to 4",
		"--site=ward7 attempts=2":     "policy.attempts is a rule that central keeps",
		"--site=ward8 hours=x":        `there is no site "ward8"`,
		"--terminal=nobody log=debug": `there is no terminal "nobody"`,
		"--terminal=ward7-1 log=loud": `log is "loud": write debug, info, warn or error (terminal ward7-1)`,
		"--terminal=ward7-1 readers=" + strings.Repeat("x,", 51): "readers has 51 names: write at most 50",
		"--site=ward7 hours=" + strings.Repeat("x", 121):         "site.hours is too long or has line ends: write one line of at most 120 bytes",
		"--terminal=ward7-1 --unset=colour":                      "there is no setting colour",
		"page_timeout_s":                                         "write KEY=VALUE",
		"log=debug --reason=x":                                   "a reason has 3 to 200 printable characters",
	} {
		if out, err := w.fleet(append([]string{"config", "set"}, strings.Fields(change)...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %s", change, err, out)
		}
	}
	if out := w.must("config", "set", "--terminal", "ward7-1", "--unset", "page_timeout_s"); !strings.Contains(out, "terminal ward7-1: version") {
		t.Error(out)
	}
	w.taken("ward7-1")
	if r := w.report(); r.Rules.PageTimeout != 60 {
		t.Errorf("it is set to %+v", r)
	}
}

// taken waits until a terminal is set as it should be.
func (w world) taken(id string) {
	w.t.Helper()
	hospitaltest.Await(w.t, "the settings of "+id, func() bool {
		_, err := w.fleet("config", "diff", "--terminal", id)
		return err == nil
	})
}

// report is what the first terminal says that it is set to.
func (w world) report() (r struct {
	Rules wire.Policy
	Texts wire.Site
}) {
	w.t.Helper()
	dir := w.t.TempDir()
	w.must("run", "report", "ward7-1", "--wait", "--into", dir)
	raw, err := os.ReadFile(filepath.Join(dir, "ward7-1-report.json"))
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}
