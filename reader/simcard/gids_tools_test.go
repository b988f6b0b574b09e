package simcard_test

import (
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

const (
	factoryAdminKey = "010203040506070801020304050607080102030405060708"
	anotherAdminKey = "0123456789abcdeffedcba98765432100f1e2d3c4b5a6978"
)

func gidsCard(quirks simcard.Quirks) simcard.Config {
	return simcard.Config{Profiles: []string{"gids"}, Quirks: quirks}
}

func TestOpenSCTakesItForAGIDSCard(t *testing.T) {
	t.Parallel()
	for _, quirks := range []simcard.Quirks{{}, {Parts: true}, {ShortOnly: true}} {
		d := newDesk(t, gidsCard(quirks))
		if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, "GIDS Smart Card") {
			t.Errorf("name: %s", out)
		}
		out := d.run(t, "opensc-tool", "--serial")
		serial := strings.NewReplacer(" ", "", "\n", "").Replace(strings.ToLower(out))
		if id := strings.TrimPrefix(d.card.Status().CardID, "gids:"); !strings.Contains(serial, id) {
			t.Errorf("%s is not in %s", id, out)
		}
		out = d.run(t, "pkcs15-tool", "--list-certificates", "--list-keys", "--list-pins")
		for _, want := range []string{"X.509 Certificate [log-in]", "Key ref        : 129", "UserPIN", "Tries left     : 3"} {
			if !strings.Contains(out, want) {
				t.Errorf("%+v: no %q in %s", quirks, want, out)
			}
		}
		d.run(t, "pkcs15-tool", "--read-certificate", "00")
	}
}

func TestGIDSToolReadsEveryFile(t *testing.T) {
	t.Parallel()
	cfg := gidsCard(simcard.Quirks{})
	cfg.RSA = true
	out := newDesk(t, cfg).run(t, "gids-tool")
	for _, want := range []string{
		"Found 6 entries", `\cardid`, `\cardapps`, `\cardcf`, `mscp\cmapfile`, `mscp\kxc00`,
		"Valid container,Default container", "wKeyExchangeKeySizeBits: 2048", "keyref:               0xb081",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if strings.Contains(out, "unable") {
		t.Error(out)
	}
}

func TestOpenSCChangesAndBlocksItAndGIDSToolUnblocksIt(t *testing.T) {
	t.Parallel()
	cfg := gidsCard(simcard.Quirks{})
	cfg.PUK = anotherAdminKey
	d := newDesk(t, cfg)
	d.run(t, "pkcs15-tool", "--verify-pin", "--auth-id", "80", "--pin", "123456")
	d.run(t, "pkcs15-tool", "--change-pin", "--auth-id", "80", "--pin", "123456", "--new-pin", "My pass 1")
	if !d.card.Verify("My pass 1") {
		t.Error("the changed passcode does not work")
	}
	for range 3 {
		if out, err := d.try(t, "pkcs15-tool", "--verify-pin", "--auth-id", "80", "--pin", "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	out, err := d.try(t, "gids-tool", "--unblock", "--admin-key", factoryAdminKey, "--pin", "271828")
	if err == nil || d.card.Status().Tries != 0 {
		t.Errorf("another admin key unblocked it: %s", out)
	}
	out = d.run(t, "gids-tool", "--unblock", "--admin-key", anotherAdminKey, "--pin", "271828")
	if !strings.Contains(out, "Unblock PIN done successfully") || !d.card.Verify("271828") {
		t.Errorf("the new passcode does not work: %s", out)
	}
}
