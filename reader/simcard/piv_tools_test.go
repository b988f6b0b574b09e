package simcard_test

import (
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// ykman has no command that only verifies: a change with a wrong old passcode
// spends a try as well.
func TestYkmanReadsBlocksAndUnblocksIt(t *testing.T) {
	t.Parallel()
	for tries, quirks := range map[string]simcard.Quirks{
		"3":   {Version: true}, // older than GET METADATA
		"3/3": {Version: true, Metadata: true},
	} {
		d := newDesk(t, simcard.Config{Quirks: quirks})
		d.ykmanReads(t, "PIV version: 5.", "PIN tries remaining: "+tries+"\n", "Management key algorithm: TDES",
			"Slot 9a:", "Slot 9e:", strings.TrimPrefix(d.card.Status().CardID, "piv:"))
		for _, want := range []string{"2 tries left", "1 tries left", "PIN is blocked", "PIN is blocked"} {
			out, err := d.ykman(t, "access", "change-pin", "--pin", "000000", "--new-pin", "314159")
			if err == nil || !strings.Contains(out, want) {
				t.Errorf("no %q to a wrong passcode: %v, %s", want, err, out)
			}
		}
		d.ykmanReads(t, "PIN tries remaining: 0")
		out, err := d.ykman(t, "access", "unblock-pin", "--puk", "87654321", "--new-pin", "271828")
		if s := d.card.Status(); err == nil || s.Tries != 0 || s.PUKTries != 2 {
			t.Errorf("another PUK: %d tries left, %d of the PUK, %s", s.Tries, s.PUKTries, out)
		}
		out, err = d.ykman(t, "access", "unblock-pin", "--puk", "12345678", "--new-pin", "271828")
		if s := d.card.Status(); err != nil || s.PUKTries != 3 || !d.card.Verify("271828") {
			t.Errorf("the new passcode does not work: %v, %d tries left, %s", err, s.Tries, out)
		}
		d.ykmanReads(t, "PIN tries remaining: "+tries+"\n")
	}
}

func (d desk) ykman(t *testing.T, arg ...string) (string, error) {
	t.Helper()
	return d.try(t, "ykman", append([]string{"--reader", d.stack.Readers[0], "piv"}, arg...)...)
}

// ykmanReads looks for what the card's page of ykman has to show.
func (d desk) ykmanReads(t *testing.T, wanted ...string) {
	t.Helper()
	out, err := d.ykman(t, "info")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range wanted {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
}
