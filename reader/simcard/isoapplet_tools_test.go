package simcard_test

import (
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

func isoCard(quirks simcard.Quirks) simcard.Config {
	return simcard.Config{Profiles: []string{"isoapplet"}, Quirks: quirks}
}

func TestOpenSCTakesItForAnIsoApplet(t *testing.T) {
	t.Parallel()
	for _, quirks := range []simcard.Quirks{{}, {Parts: true}, {T0: true}, {ShortOnly: true}} {
		d := newDesk(t, isoCard(quirks))
		if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, "IsoApplet") {
			t.Errorf("name: %s", out)
		}
		out := d.run(t, "pkcs15-tool", "--dump")
		for _, want := range []string{"Virtual card", "PIN [Passcode]", "stored_len:16", "needs-padding"} {
			if !strings.Contains(out, want) {
				t.Errorf("%+v: no %q in %s", quirks, want, out)
			}
		}
	}
}

func TestOpenSCChangesBlocksAndUnblocksAnIsoApplet(t *testing.T) {
	t.Parallel()
	d := newDesk(t, isoCard(simcard.Quirks{}))
	d.run(t, "pkcs15-tool", "--verify-pin", "--pin", "123456")
	d.run(t, "pkcs15-tool", "--change-pin", "--pin", "123456", "--new-pin", "My pass 1")
	if !d.card.Verify("My pass 1") {
		t.Error("the changed passcode does not work")
	}
	for range 3 {
		if out, err := d.try(t, "pkcs15-tool", "--verify-pin", "--pin", "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	if out, err := d.try(t, "pkcs15-tool", "--unblock-pin", "--puk", "8765432187654321", "--new-pin", "271828"); err == nil {
		t.Errorf("another PUK unblocked it: %s", out)
	}
	d.run(t, "pkcs15-tool", "--unblock-pin", "--puk", "1234567812345678", "--new-pin", "271828")
	if s := d.card.Status(); !d.card.Verify("271828") || s.PUKTries != 3 {
		t.Errorf("the new passcode does not work: %+v", s)
	}
}
