package simcard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// newOberthur is an AuthentIC card in a reader. OpenSC's driver is the only
// witness of these cards; it goes by the answer to reset, which says T=0.
func newOberthur(t *testing.T) desk {
	t.Helper()
	return newDesk(t, simcard.Config{Profiles: []string{"authentic"}, Quirks: simcard.Quirks{T0: true}})
}

// explore has OpenSC's explorer go into the folder of the passcode and do what
// the line says.
func (d desk) explore(t *testing.T, line string) string {
	t.Helper()
	script := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script, []byte("cd 5011\n"+line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := d.try(t, "opensc-explorer", script)
	return out
}

func TestOpenSCReadsVerifiesAndChangesAnAuthentICCard(t *testing.T) {
	t.Parallel()
	d := newOberthur(t)
	if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, "AuthentIC") {
		t.Errorf("name: %s", out)
	}
	out := d.run(t, "pkcs15-tool", "--dump")
	for _, want := range []string{"[Virtual card]", "PIN [SO PIN]", "132 (0x84)", "PIN [SCM]", "129 (0x81)", "3f005011", "stored_len:64"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	passcode := []string{"--auth-id", "53434d", "--pin"}
	d.run(t, "pkcs15-tool", append(passcode, "123456", "--verify-pin")...)
	if out, err := d.try(t, "pkcs15-tool", append(passcode, "000000", "--verify-pin")...); err == nil || d.card.Status().Tries != 2 {
		t.Errorf("a wrong passcode: %s, %+v", out, d.card.Status())
	}
	d.run(t, "pkcs15-tool", append(passcode, "123456", "--change-pin", "--new-pin", "a pass 1")...)
	if !d.card.Verify("a pass 1") {
		t.Error("the changed passcode does not work")
	}
}

// OpenSC 0.23 unblocks as the terminal does, as far as it goes: with the PUK in
// its hands it calls itself with a reference that it refuses. To a card that is
// blocked only its explorer still speaks.
func TestOpenSCGoesAsFarAsThePUKOfAnAuthentICCard(t *testing.T) {
	t.Parallel()
	d := newOberthur(t)
	for range 3 {
		d.explore(t, `verify CHV129 "000000"`)
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	if out := d.explore(t, `unblock CHV129 "87654321" "314159"`); d.card.Status().PUKTries != 2 {
		t.Errorf("another officer's PIN: %s, %+v", out, d.card.Status())
	}
	d.card.ResetCounts()
	out := d.explore(t, `unblock CHV129 "12345678" "314159"`)
	const readBinary, reset = 0xB0, 0x2C
	if s := d.card.Status(); s.PUKTries != 3 || s.Commands[readBinary] == 0 || s.Commands[reset] != 0 {
		t.Errorf("the officer's PIN did not bring it to the PUK, or OpenSC goes further than it did: %s, %+v", out, s)
	}
}
