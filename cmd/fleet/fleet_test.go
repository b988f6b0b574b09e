package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/journey"
	"unlockpoint/sync/completion"
	"unlockpoint/sync/wire"
)

// The programs as processes over a real Mosquitto: two terminals come, one of
// them dies.
func TestAFleetIsSeenAsItIs(t *testing.T) {
	w := newWorld(t, 3)
	first := w.terminal(0)
	w.terminal(1)
	w.await("ward7-1", "ls", "--where", "state=online")
	w.await("ward7-2", "ls", "--where", "state=online,site=ward7")

	// They tell that they have no card reader, and what helps.
	w.await("No card reader", "ls")
	w.await("Plug the reader in again", "show", "ward7-1")
	out, err := w.fleet("status")
	if code(err) != 2 || !strings.HasPrefix(out, "CRITICAL: ") || !strings.Contains(out, "ward7-1: No card reader") ||
		!strings.Contains(out, "ward7-3 offline") || !strings.Contains(out, "| terminals=3 online=2") {
		t.Errorf("%v: %s", err, out)
	}

	// Every form has the same.
	var views []wire.TerminalView
	if err := json.Unmarshal([]byte(w.must("ls", "-o", "json")), &views); err != nil || len(views) != 3 || views[0].Vitals == nil || views[0].Vitals.Store == 0 {
		t.Errorf("%v: %+v", err, views)
	}
	if lines := strings.Split(w.must("ls", "-o", "csv", "--where", "state!=online"), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "ward7-3,ward7,offline,-,-,-,") {
		t.Errorf("%q", lines)
	}

	// Who follows hears of the end of one, which is offline for everybody.
	ctx, cancel := context.WithTimeout(t.Context(), hospitaltest.Patience)
	defer cancel()
	heard, says := io.Pipe()
	go func() {
		Run(ctx, []string{"--as", w.Badge(), "--timeout", "60s", "events", "-f", "-o", "json"}, says, io.Discard)
		says.Close()
	}()
	first.Kill()
	var gone wire.Event
	for d := json.NewDecoder(heard); gone.Kind != wire.WentOffline; {
		if err := d.Decode(&gone); err != nil {
			t.Fatalf("nobody told of it: %v", err)
		}
	}
	if gone.Terminal != "ward7-1" || gone.Site != "ward7" {
		t.Errorf("%+v", gone)
	}
	if out := w.must("ls", "--where", "state=offline"); !strings.Contains(out, "ward7-1") || strings.Contains(out, "No card reader") {
		t.Error(out)
	}
	if out := w.must("show", "ward7-1"); strings.Contains(out, "uptime") || strings.Contains(out, "No card reader") {
		t.Errorf("what it said last is shown as if it held: %s", out)
	}
	if out := w.must("events", "-n", "0") + w.must("events", "-n", "1"); strings.Count(out, "\n") != 1 {
		t.Errorf("the last event, and none: %s", out)
	}
	if out := w.must("events"); !strings.Contains(out, "online") || !strings.Contains(out, "fault") {
		t.Error(out)
	}

	// Without central the state is unknown, and the exit code says so.
	w.Central.Kill()
	out, err = run(t.Context(), "--as", w.Badge(), "--timeout", "2s", "status")
	if code(err) != 3 || !strings.Contains(out, "UNKNOWN: ") || !strings.Contains(out, "central does not answer") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestWhereKeepsWhatHolds(t *testing.T) {
	v := wire.TerminalView{ID: "ward7-1", Site: "ward7", State: wire.Online, Build: "1.4"}
	for where, want := range map[string]bool{
		"": true, "site=ward7": true, "site=ward8": false, "state=online,version=1.4": true, "state=online,version=1.5": false,
		"version!=1.4": false, "version!=1.5,site!=ward8": true,
	} {
		keep, err := conditions(slices.DeleteFunc(strings.Split(where, ","), func(s string) bool { return s == "" }))
		if err != nil || keep(v) != want {
			t.Errorf("%q: %v", where, err)
		}
	}
	for _, where := range []string{"name=x", "site", "=", "site!", "!=x"} {
		if _, err := conditions([]string{where}); err == nil || !strings.Contains(err.Error(), "write site=, state= or version=") {
			t.Errorf("%q: %v", where, err)
		}
	}
}

func TestStatusWeighsWhatIsWrong(t *testing.T) {
	at := func(id, site string, state wire.Condition, severity ...wire.Severity) wire.TerminalView {
		v := wire.TerminalView{ID: id, Site: site, State: state, Vitals: &wire.Vitals{}}
		for _, s := range severity {
			v.Vitals.Faults = append(v.Vitals.Faults, wire.Fault{Title: "Something", Severity: s})
		}
		return v
	}
	well := at("a", "east", wire.Online)
	for name, c := range map[string]struct {
		fleet []wire.TerminalView
		want  exit
		say   string
	}{
		"nobody":                 {nil, unknown, "there is no terminal"},
		"retired ones alone":     {[]wire.TerminalView{at("b", "east", wire.Gone)}, unknown, "there is no terminal"},
		"a site mistyped":        {[]wire.TerminalView{at("b", "west", wire.Online)}, unknown, `there is no terminal at site "east"`},
		"all well":               {[]wire.TerminalView{well}, allWell, "all well"},
		"one of a site is away":  {[]wire.TerminalView{well, at("b", "east", wire.Offline)}, warning, "b offline"},
		"what it said is past":   {[]wire.TerminalView{well, at("b", "east", wire.Offline, wire.Failure)}, warning, "b offline"},
		"a whole site is away":   {[]wire.TerminalView{well, at("b", "west", wire.Offline)}, critical, "all of west offline"},
		"quarantine":             {[]wire.TerminalView{well, at("b", "east", wire.Quarantine)}, critical, "b in quarantine"},
		"a notice":               {[]wire.TerminalView{at("b", "east", wire.Online, wire.Notice)}, allWell, ""},
		"a warning":              {[]wire.TerminalView{at("b", "east", wire.Online, wire.Warning)}, warning, "b: Something"},
		"a failure":              {[]wire.TerminalView{at("b", "east", wire.Online, wire.Warning, wire.Failure)}, critical, "b: Something"},
		"a retired one is past":  {[]wire.TerminalView{well, at("b", "west", wire.Gone)}, allWell, ""},
		"another site is others": {[]wire.TerminalView{well, at("b", "elsewhere", wire.Quarantine)}, allWell, ""},
	} {
		s := statusCmd{}
		if name == "another site is others" || name == "a site mistyped" {
			s.Site = "east"
		}
		if got, words, _ := s.judge(c.fleet); got != c.want || !strings.Contains(strings.Join(words, ", "), c.say) {
			t.Errorf("%s: %v, %v", name, got, words)
		}
	}
}

// Monitoring takes 1 for a warning: what is typed wrong is not one.
func TestWhatIsTypedWrongIsUnknownToMonitoring(t *testing.T) {
	for _, args := range [][]string{{"status", "--sit", "ward7"}, {"status", "ward7"}, {"--timeout", "x", "status"}, {"--timeout", "0s", "status"}, {"stats"}} {
		if _, err := run(t.Context(), args...); codeOf(err) != 3 {
			t.Errorf("fleet %v ends with %d: %v", args, codeOf(err), err)
		}
	}
	if codeOf(nil) != 0 || codeOf(warning) != 1 || codeOf(io.EOF) != 1 {
		t.Error("other ends have another code")
	}
}

// What comes from a terminal is printed, never obeyed.
func TestNothingThatATerminalSaysMovesTheCursor(t *testing.T) {
	const evil = "\x1b[2J\u009b2J\u202eno\nline\x07"
	v := wire.TerminalView{ID: evil, Site: evil, State: wire.Online, Build: evil, Sess: evil, Name: evil,
		Vitals: &wire.Vitals{Faults: []wire.Fault{{Code: evil, Title: evil, Do: evil, Severity: wire.Warning}}}}
	job := resultsOf(wire.Job{Results: []wire.JobResult{{Terminal: evil, Text: evil}}})
	var out strings.Builder
	for _, form := range []form{"table", "csv", "json"} {
		listOf([]wire.TerminalView{v}).print(&out, form)
		job.print(&out, form)
	}
	describe(&out, v)
	for _, form := range []form{"text", "json"} {
		e := eventsCmd{Output: form}
		e.print(&out, wire.Event{Terminal: evil, Text: evil})
	}
	for line := range strings.Lines(out.String()) {
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return !unicode.IsPrint(r) }) || strings.HasPrefix(line, "line") {
			t.Errorf("%q", line)
		}
	}
	var back []wire.TerminalView
	var raw strings.Builder
	if listOf([]wire.TerminalView{v}).print(&raw, "json"); json.Unmarshal([]byte(raw.String()), &back) != nil || back[0].Name != evil {
		t.Errorf("JSON does not say the same: %s", raw.String())
	}
}

// The pages at which people leave, and those between which a journey lies, are
// named as terminals name them.
func TestStepsAreThoseOfTerminals(t *testing.T) {
	ends := []journey.PageID{journey.Idle, journey.TakeCard, journey.RemovedEarly, journey.OutOfService, journey.ReaderMissing, journey.ReaderUnapproved}
	var rows []wire.StepRow
	begun := []journey.PageID{journey.RegisterStart, journey.UnlockWarning, journey.ChangeOld}
	done := []journey.PageID{journey.RegisterDone, journey.UnlockDone, journey.ChangeDone}
	for _, page := range slices.Concat(done, begun) {
		for _, end := range ends {
			rows = append(rows, wire.StepRow{Page: string(page), Next: string(end), N: 1}, wire.StepRow{Page: string(end), Next: string(page), N: 1})
		}
	}
	lines := completion.Of(rows, journey.Names())
	for _, l := range lines {
		over := slices.Contains(done, journey.PageID(l.Page))
		if over && l.Finished != len(ends) || !over && l.Stopped != len(ends) || l.Finished+l.Stopped != len(ends) {
			t.Errorf("%+v", l)
		}
	}
	if nobody, err := json.Marshal(completion.Of(nil, journey.Names())); string(nobody) != "[]" {
		t.Errorf("of nobody: %s, %v", nobody, err)
	}
	if len(lines) != len(begun)+len(done) || lines[0].Page != string(journey.RegisterStart) || len(completion.Journeys(lines)) != len(begun) {
		t.Errorf("%+v", lines)
	}
}

// Every command has examples, and what they show can be typed.
func TestHelpTeaches(t *testing.T) {
	parser := func(out io.Writer) *kong.Kong {
		p, err := newParser(t.Context(), &cli{out: out, err: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, command := range parser(io.Discard).Model.Leaves(true) {
		_, examples, there := strings.Cut(command.Detail, "Examples:\n")
		if !there {
			t.Errorf("%s has no examples", command.FullPath())
		}
		own := false
		for example := range strings.Lines(examples) {
			typed := typed(example)
			call, err := parser(io.Discard).Parse(typed)
			if err != nil {
				t.Errorf("%s: %v", example, err)
				continue
			}
			own = own || call.Selected().FullPath() == command.FullPath()
			if command.Name == "respond" {
				if _, err := wire.ReadChallenge(typed[len(typed)-1]); err != nil {
					t.Errorf("%s: %v", example, err)
				}
			}
		}
		if !own {
			t.Errorf("no example of %s is one", command.FullPath())
		}
		var out strings.Builder
		help := parser(&out)
		help.Exit = func(int) {}
		help.Parse(append(strings.Fields(command.FullPath())[1:], "--help"))
		if !strings.Contains(out.String(), "Usage: fleet") || !strings.Contains(out.String(), "--as=FILE") || !strings.Contains(out.String(), "Examples:") {
			t.Errorf("%s:\n%s", command.FullPath(), out.String())
		}
	}
	if _, err := run(t.Context(), "lss"); err == nil || !strings.Contains(err.Error(), "fleet --help") {
		t.Error(err)
	}
	if _, err := run(t.Context(), "--as", filepath.Join(t.TempDir(), "nobody.json"), "ls"); err == nil || !strings.Contains(err.Error(), "central operators add") {
		t.Error(err)
	}
}

// What a refusal names is what was typed.
func TestActsAreNamedAsTheyAreTyped(t *testing.T) {
	for _, kind := range []wire.Kind{wire.FleetLs, wire.FleetShow, wire.FleetSteps, wire.FleetFollow, wire.FleetRun, wire.FleetJob, wire.FleetFetch,
		wire.ConfigGet, wire.ConfigSet, wire.ConfigDrift, wire.ConsoleRespond, wire.AuditLs, wire.AuditVerify, wire.AuditExport,
		wire.CardFind, wire.CardHistory, wire.CardRelease, wire.CardAssist, wire.CardRemove, wire.CardFreeze, wire.CardUnfreeze, wire.CardAddress, wire.CardWaiting, wire.CardAgree} {
		parser, err := newParser(t.Context(), &cli{out: io.Discard, err: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		command, _, _ := strings.Cut(kind.Typed(), " --")
		if !slices.ContainsFunc(parser.Model.Leaves(true), func(n *kong.Node) bool { return n.FullPath() == command }) {
			t.Errorf("%s: there is no %q", kind, command)
		}
	}
}

var (
	typedWord = regexp.MustCompile(`(?:[^\s"]|"[^"]*")+`)
	shellRest = regexp.MustCompile(` [|>]`)
)

// typed are the arguments of an example, without what the shell does with the rest.
func typed(example string) (args []string) {
	for _, word := range typedWord.FindAllString(shellRest.Split(example, 2)[0], -1)[1:] {
		args = append(args, strings.ReplaceAll(word, `"`, ""))
	}
	return args
}

// A terminal that says nothing any more, and whose machine still holds its
// line, is offline within the keep-alive of MQTT and half of it: the broker
// then tells its will (MQTT 3.1.1, 3.1.2.10).
func TestATerminalThatFallsSilentIsOffline(t *testing.T) {
	w := newWorld(t, 1)
	terminal := w.terminal(0)
	w.await("ward7-1", "ls", "--where", "state=online")
	if err := terminal.Cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	w.await("ward7-1", "ls", "--where", "state=offline")
	if err := terminal.Cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	w.await("ward7-1", "ls", "--where", "state=online")
}

// Whoever stops waiting is not told that all have done it.
func TestWhatIsStoppedIsNotDone(t *testing.T) {
	w := newWorld(t, 1)
	ctx, stop := context.WithCancel(t.Context())
	var errs strings.Builder
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, []string{"--as", w.Badge(), "--timeout", "60s", "run", "identify", "ward7-1", "--wait"}, io.Discard, &errs)
	}()
	w.await("identify", "audit", "ls")
	stop()
	if err := <-ended; code(err) != 130 || !strings.Contains(errs.String(), "Stopped") {
		t.Errorf("it ended with %v: %s", err, &errs)
	}
}

// A terminal does what it is told, once, and another one when it comes.
func TestTerminalsDoWhatTheyAreTold(t *testing.T) {
	w := newWorld(t, 2)
	first := w.terminal(0)
	w.await("ward7-1", "ls", "--where", "state=online")
	dir := t.TempDir()
	run := func(do string) string { return w.must("run", do, "ward7-1", "--wait", "--into", dir) }

	if out := run("report"); !strings.Contains(out, "done") {
		t.Error(out)
	}
	var report struct {
		Site          string
		Settings, Log []string
		Program       struct{ Modules []string }
	}
	raw, err := os.ReadFile(filepath.Join(dir, "ward7-1-report.json"))
	if err != nil || json.Unmarshal(raw, &report) != nil || report.Site != "ward7" ||
		!slices.Contains(report.Settings, "[reader]") || len(report.Log) == 0 || len(report.Program.Modules) == 0 {
		t.Errorf("%v: %s", err, raw)
	}
	if said, err := exec.Command(hospitaltest.Program(t, "terminal"), "-c", w.Path("ward7-1.toml"), "report").Output(); err != nil ||
		json.Unmarshal(said, &report) != nil || report.Site != "ward7" {
		t.Errorf("on the machine itself it has another form: %v: %s", err, said)
	}
	if out := run("screenshot"); !strings.Contains(out, "page ") {
		t.Error(out)
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "ward7-1-screenshot.png")); err != nil || !bytes.HasPrefix(raw, []byte("\x89PNG")) {
		t.Error(err)
	}
	if out := run("identify"); !strings.Contains(out, "shows its name") {
		t.Error(out)
	}
	if out, err := w.fleet("run", "selftest", "ward7-1", "--wait", "--into", dir); code(err) != 1 || !strings.Contains(out, "1 failed") {
		t.Errorf("%v: %s", err, out) // it has none
	}

	// It starts again, in the same process, and says so when it is back.
	before := first.Cmd.Process.Pid
	if out := run("restart"); !strings.Contains(out, "it started again") {
		t.Error(out)
	}
	select {
	case <-first.Done:
		t.Errorf("process %d ended", before)
	default:
	}

	// What happened says which command it was, and the log for whom.
	if out := w.must("events", "-n", "50"); !strings.Contains(out, "screenshot done: page ") || !strings.Contains(out, "selftest failed: ") {
		t.Error(out)
	}
	if out := w.must("audit", "ls"); !regexp.MustCompile(`command.given .* ward7 .* screenshot, job [0-9a-z]+: ward7-1 `).MatchString(out) {
		t.Error(out)
	}

	// One that is away does it when it comes, or is late.
	if out, err := w.fleet("run", "identify", "ward7-2", "--within", "1s", "--wait"); code(err) != 1 || !strings.Contains(out, "expired") {
		t.Errorf("%v: %s", err, out)
	}
	job := strings.TrimSpace(w.must("run", "report", "ward7-2", "--within", "1h"))
	w.terminal(1)
	w.await("done", "job", job)
	later := filepath.Join(dir, "later")
	if out := w.must("job", job, "--into", later); !strings.Contains(out, "ward7-2-report.json") {
		t.Error(out)
	}
	if raw, err := os.ReadFile(filepath.Join(later, "ward7-2-report.json")); err != nil || json.Unmarshal(raw, &report) != nil || report.Site != "ward7" {
		t.Errorf("%v: %s", err, raw)
	}

	// Where nothing can be put, nothing is sent.
	given := strings.Count(w.must("audit", "ls"), "command.given")
	if _, err := w.fleet("run", "report", "ward7-2", "--wait", "--into", filepath.Join(dir, "ward7-1-report.json")); err == nil || !strings.Contains(err.Error(), "--into") {
		t.Error(err)
	}
	if strings.Count(w.must("audit", "ls"), "command.given") != given {
		t.Error("the command was given")
	}

	for args, want := range map[string]string{
		"run report nobody":                     `there is no terminal "nobody"`,
		"report steps --site ward8":             `there is no site "ward8"`,
		"run report":                            "name terminals",
		"run report --where state=x":            "no terminal is as",
		"run report ward7-1 --within 9000h":     "within is",
		"run dance ward7-1":                     "identify",
		"job 01jzzzzzzzzzzzzzzzzzzzzzzz":        "there is no job",
		"run report ward7-1 --where site=ward7": "name terminals, or say",
	} {
		if out, err := w.fleet(strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %s", args, err, out)
		}
	}
}
