package store

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"unlockpoint/sync/wire"
)

// cutEnv makes this test binary play a terminal whose power goes at the n-th
// point: "n dir".
const cutEnv = "STORE_TEST_CUT"

func TestMain(m *testing.M) {
	if n, dir, ok := strings.Cut(os.Getenv(cutEnv), " "); ok {
		at, err := strconv.Atoi(n)
		if err != nil {
			os.Exit(2)
		}
		playCut(at, dir)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// playCut lives a terminal's day on the store in dir until its at-th write
// point, and is killed there. It prints a line for every step that came back.
func playCut(at int, dir string) {
	s, err := Open(dir)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	n := 0
	s.cut = func(string) {
		if n++; n == at {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	for _, step := range day(s) {
		if err := step.do(); err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println(step.name)
	}
	s.Close()
}

// told is a command that is begun.
var told = Command{Job: "job-1", Do: wire.Restart, Until: time.Unix(2e9, 0)}

type step struct {
	name string
	do   func() error
}

// day is one of everything that a store writes.
func day(s *Store) []step {
	var u *Unlock
	unlock := func(name string, f func() error) step { return step{name, f} }
	return []step{
		{"rules", func() error {
			return s.SetSettings(wire.Settings{Policy: wire.DefaultPolicy(), Site: wire.Site{Name: "St Elsewhere"}})
		}},
		{"session", func() error { return s.SetSession("s1") }},
		{"floor", func() error { return s.RaiseFloor(time.Unix(1e9, 0), time.Unix(1e9, 0)) }},
		{"registry", func() error {
			return s.Apply([]wire.RegistryChange{registered(1, hashOf(1)), registered(2, hashOf(2))}, 2)
		}},
		{"liked", func() error { return s.Prefer(hashOf(1), fond, time.Unix(1e9, 0)) }},
		{"fact", func() error { _, err := s.AddFact(wire.Step, wire.StepBody{Page: "idle"}); return err }},
		unlock("begin", func() (err error) { u, err = s.BeginUnlock(hashOf(1), "case-1", 4, false); return err }),
		unlock("before 2C", func() error { return u.BeforeReset(wire.PUKCurrent) }),
		unlock("after 2C", func() error { return u.AfterReset(Answer{Done: true, Left: -1}) }),
		unlock("before 24", func() error { return u.BeforeChange() }),
		unlock("after 24", func() error { return u.AfterChange(true) }),
		unlock("finish", func() error { return u.Finish() }),
		{"command", func() error { _, _, err := s.Begin(told, time.Unix(1e9, 0)); return err }},
		{"ended", func() error { return s.End(Command{Job: told.Job, Until: told.Until, End: wire.Done}) }},
		{"acked", func() error { return s.Acked(1, time.Unix(1e9, 0)) }},
		{"swept", func() error { return s.Acked(2, time.Unix(1e9, 0).AddDate(0, 0, 60)) }},
		{"anew", func() error { return s.Anew("restored") }},
	}
}

func TestThePowerMayGoAtEveryWrite(t *testing.T) {
	for at := 1; ; at++ {
		dir := filepath.Join(t.TempDir(), "store")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", cutEnv, at, dir))
		var out bytes.Buffer
		cmd.Stdout = &out
		err := cmd.Run()
		done := lines(out.String())
		wantAfterCut(t, dir, done)
		if err == nil {
			if len(done) != len(day(nil)) {
				t.Fatalf("the day ended early: %q", done)
			}
			return // past the last point
		}
	}
}

func lines(text string) []string {
	var all []string
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		all = append(all, sc.Text())
	}
	return all
}

// wantAfterCut opens the store after a cut: what was acknowledged is there,
// nothing is half there, and the chain holds.
func wantAfterCut(t *testing.T, dir string, done []string) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatalf("after %q: %v", done, err)
	}
	defer s.Close()
	if s.SetAside() != "" {
		t.Errorf("after %q: set aside", done)
	}
	did := map[string]bool{}
	for _, name := range done {
		did[name] = true
		if strings.HasPrefix(name, "error") {
			t.Fatalf("the day went wrong: %s", name)
		}
	}
	wantKept(t, s, did)
	if !did["acked"] { // later on facts may be swept
		wantUnlockTold(t, s, did)
	}
}

func wantKept(t *testing.T, s *Store, did map[string]bool) {
	t.Helper()
	if _, site := s.Rules(); did["rules"] && site.Name == "" {
		t.Error("the rules are gone")
	}
	if id, _ := s.Session(); did["session"] && id != "s1" {
		t.Error("the session is gone")
	}
	if floor, _ := s.Floor(); did["floor"] && floor.IsZero() {
		t.Error("the floor fell")
	}
	if p, err := s.Preferences(hashOf(1), time.Unix(1e9, 0)); did["liked"] && p != fond || err != nil {
		t.Errorf("the preferences are %+v, %v", p, err)
	}
	if known, fresh, err := s.Begin(told, time.Unix(1e9, 0)); err != nil || did["command"] && fresh || did["ended"] && known.End != wire.Done {
		t.Errorf("the command is %+v, fresh %v, %v", known, fresh, err)
	}
	head, err := s.Head()
	_, one, _ := s.Card(hashOf(1))
	_, two, _ := s.Card(hashOf(2))
	epoch, err2 := s.Epoch()
	lasts := did["registry"] && epoch == "" // until the next one is begun
	if err != nil || err2 != nil || lasts && head != 2 || did["anew"] && epoch == "" || epoch != "" && head != 0 || one != two || one != (head == 2) {
		t.Errorf("the registry is at %d of %q, %v, %v, with card 1 %v and card 2 %v", head, epoch, err, err2, one, two)
	}
}

// wantUnlockTold checks the one fact of the unlock's end against how far the
// journal had come.
func wantUnlockTold(t *testing.T, s *Store, did map[string]bool) {
	t.Helper()
	body, n := done(t, s)
	_, unfinished, err := s.Unfinished(hashOf(1))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case did["finish"] && (n != 1 || unfinished || body.PIN != wire.PINReset || body.PUK != wire.PUKNext):
		t.Errorf("finished, and told %d times %+v, unfinished %v", n, body, unfinished)
	case did["before 2C"] && n != 1:
		t.Errorf("an unlock that touched the card was told %d times", n)
	case n == 1 && body.PIN == wire.PINUnknown && !unfinished:
		t.Error("the next insertion will not say what happened")
	case n == 1 && did["before 24"] && body.PUK == wire.PUKCurrent:
		t.Error("the change of the PUK was forgotten")
	}
}
