package simcard_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader/simcard"
)

func pgpCard(quirks simcard.Quirks) simcard.Config {
	return simcard.Config{Profiles: []string{"openpgp"}, Quirks: quirks}
}

func TestOpenSCTakesItForAnOpenPGPCard(t *testing.T) {
	t.Parallel()
	for _, quirks := range []simcard.Quirks{{}, {Parts: true}, {T0: true}, {ShortOnly: true}} {
		d := newDesk(t, pgpCard(quirks))
		if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, "OpenPGP") {
			t.Errorf("name: %s", out)
		}
		out := d.run(t, "pkcs15-tool", "--dump")
		serial := strings.TrimPrefix(d.card.Status().CardID, "openpgp:")
		for _, want := range []string{"OpenPGP card", "Admin PIN", "User PIN", "Tries left     : 3", "AUT certificate", serial} {
			if !strings.Contains(strings.ToLower(out), strings.ToLower(want)) {
				t.Errorf("%+v: no %q in %s", quirks, want, out)
			}
		}
		if out := d.run(t, "openpgp-tool", "--card-info", "--user-info"); !strings.Contains(out, "3.4") {
			t.Errorf("card info: %s", out)
		}
		d.run(t, "openpgp-tool", "--do", "0101") // for private use, and empty
		d.run(t, "openpgp-tool", "--verify", "CHV1", "--pin", "123456")
		d.run(t, "openpgp-tool", "--verify", "CHV3", "--pin", "12345678")
		d.run(t, "pkcs15-tool", "--read-certificate", "03")
	}
}

// OpenSC unblocks with the resetting code alone.
func TestOpenSCChangesBlocksAndUnblocksAnOpenPGPCard(t *testing.T) {
	t.Parallel()
	d := newDesk(t, pgpCard(simcard.Quirks{ResettingCode: true}))
	d.run(t, "openpgp-tool", "--verify", "CHV2", "--pin", "123456")
	d.run(t, "pkcs15-tool", "--change-pin", "--auth-id", "01", "--pin", "123456", "--new-pin", "My pass 1")
	if !d.card.Verify("My pass 1") {
		t.Error("the changed passcode does not work")
	}
	for range 3 {
		if out, err := d.try(t, "openpgp-tool", "--verify", "CHV2", "--pin", "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	d.run(t, "pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "271828")
	if s := d.card.Status(); !d.card.Verify("271828") || s.PUKTries != 3 {
		t.Errorf("the new passcode does not work: %+v", s)
	}
}

// GnuPG's daemon for cards is asked as GnuPG asks it. It unblocks with the
// admin PIN, and is what most people use of KDF.
func TestGnuPGUnblocksAnOpenPGPCardWithTheAdminPIN(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]simcard.Quirks{"plain": {}, "KDF": {KDF: true}, "short": {ShortOnly: true}, "T=0": {T0: true}} {
		cfg := pgpCard(quirks)
		cfg.Kind = simcard.Blocked
		d := newDesk(t, cfg)
		out := d.gnupg(t, "LEARN --force")
		for _, want := range []string{"APPTYPE openpgp", "kdf=1", "CHV-STATUS +0+32+32+32+0+0+3", strings.ToUpper(strings.TrimPrefix(d.card.Status().CardID, "openpgp:"))} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in %s", name, want, out)
			}
		}
		out = d.gnupg(t, "PASSWD --reset 1", "87654321", "271828")
		if s := d.card.Status(); s.Tries != 0 || s.PUKTries != 2 {
			t.Errorf("%s: another admin PIN: %+v, %s", name, s, out)
		}
		out = d.gnupg(t, "PASSWD --reset 1", "12345678", "271828")
		if !d.card.Verify("271828") {
			t.Errorf("%s: the new passcode does not work: %s", name, out)
		}
		d.gnupg(t, "PASSWD 1", "271828", "My pass 1")
		out = d.gnupg(t, "PASSWD 3", "12345678", "87654321")
		out += d.gnupg(t, "PASSWD --reset 1", "87654321", "314159")
		if !d.card.Verify("314159") || strings.Contains(out, "ERR") {
			t.Errorf("%s: the new admin PIN does not work: %s", name, out)
		}
	}
}

// gnupg gives one command to GnuPG's daemon, and what it asks for meanwhile.
func (d desk) gnupg(t *testing.T, command string, secrets ...string) string {
	t.Helper()
	const daemon = "/usr/lib/gnupg/scdaemon"
	if _, err := exec.LookPath(daemon); err != nil {
		t.Fatalf("%s is not installed: run `make deps`", daemon)
	}
	script := "SERIALNO openpgp\n" + command + "\n"
	for _, secret := range secrets {
		script += "D " + secret + "%00\nEND\n"
	}
	cmd := d.stack.Command(daemon, "--server", "--homedir", t.TempDir(), "--disable-ccid", "--reader-port", d.stack.Readers[0],
		"--pcsc-shared") // pcscd may not have seen yet that whoever was there before is gone
	cmd.Stdin = strings.NewReader(script + "BYE\n")
	stop := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer stop.Stop()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}
