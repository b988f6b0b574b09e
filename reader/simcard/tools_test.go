package simcard_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/simcard"
)

// desk is a virtual reader with a card in, and other people's tools.
type desk struct {
	stack *pcsctest.Stack
	card  *simcard.Card
}

func newDesk(t *testing.T, cfg simcard.Config) desk {
	t.Helper()
	card, err := simcard.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	d := desk{pcsctest.Start(t), card}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- simcard.Dial(ctx, d.stack.Slots[0], card) }()
	t.Cleanup(func() { cancel(); <-done })
	d.await(t)
	return d
}

// limit ends a tool, or a wait for one to succeed.
const limit = 20 * time.Second

// await returns when a tool can talk to the card. pcscd takes half a second to
// see it; the tools' own ways to wait for a card sometimes miss it.
func (d desk) await(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(limit); ; {
		out, err := d.try(t, "opensc-tool", "--reader", d.stack.Readers[0], "--atr")
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("the card is not seen: %v\n%s", err, out)
		}
	}
}

func (d desk) run(t *testing.T, name string, arg ...string) string {
	t.Helper()
	out, err := d.try(t, name, arg...)
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, arg, err, out)
	}
	return out
}

func (d desk) try(t *testing.T, name string, arg ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is not installed: run `make deps`", name)
	}
	cmd := d.stack.Command(name, arg...)
	stop := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer stop.Stop()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestOpenSCTakesItForAPIVCard(t *testing.T) {
	t.Parallel()
	for _, quirks := range []simcard.Quirks{{}, {Parts: true}, {T0: true}, {ShortOnly: true}} {
		d := newDesk(t, simcard.Config{Quirks: quirks})
		if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, "PIV") && !strings.Contains(out, "Personal Identity") {
			t.Errorf("name: %s", out)
		}
		out := d.run(t, "pkcs15-tool", "--list-certificates")
		for _, want := range []string{"PIV Authentication", "Card Authentication"} {
			if !strings.Contains(out, want) {
				t.Errorf("%+v: no %s in %s", quirks, want, out)
			}
		}
		d.run(t, "pkcs15-tool", "--verify-pin", "--pin", "123456")
		if out, err := d.try(t, "pkcs15-tool", "--verify-pin", "--pin", "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
		if left := d.card.Status().Tries; left != 2 {
			t.Errorf("%d tries left", left)
		}
	}
}

func TestOpenSCBlocksAndUnblocksIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, simcard.Config{})
	for range 3 {
		d.try(t, "pkcs15-tool", "--verify-pin", "--pin", "000000")
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	d.run(t, "pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "271828")
	if !d.card.Verify("271828") {
		t.Error("the new passcode does not work")
	}
	d.run(t, "pkcs15-tool", "--change-pin", "--auth-id", "01", "--pin", "271828", "--new-pin", "314159")
	if !d.card.Verify("314159") {
		t.Error("the changed passcode does not work")
	}
}

func TestTheYubicoToolChangesBlocksAndUnblocksIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t, simcard.Config{Quirks: simcard.Quirks{Version: true, Metadata: true}})
	yubico := func(arg ...string) (string, error) {
		return d.try(t, "yubico-piv-tool", append([]string{"--reader", d.stack.Readers[0], "--action"}, arg...)...)
	}
	must := func(arg ...string) {
		t.Helper()
		if out, err := yubico(arg...); err != nil {
			t.Fatalf("%v: %v\n%s", arg, err, out)
		}
	}
	must("verify-pin", "--pin", "123456")
	must("change-pin", "--pin", "123456", "--new-pin", "314159")
	for range 3 {
		if out, err := yubico("verify-pin", "--pin", "000000"); err == nil {
			t.Errorf("a wrong passcode was taken: %s", out)
		}
	}
	if left := d.card.Status().Tries; left != 0 {
		t.Fatalf("%d tries left", left)
	}
	must("unblock-pin", "--pin", "12345678", "--new-pin", "271828")
	must("change-puk", "--pin", "12345678", "--new-pin", "87654321")
	if s := d.card.Status(); !d.card.Verify("271828") || s.Tries != 3 || s.PUKTries != 3 {
		t.Errorf("%+v", s)
	}
	out, err := yubico("status")
	if err != nil || !strings.Contains(out, "PIN tries left:\t3") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAPulledCardLeavesTheReader(t *testing.T) {
	t.Parallel()
	card, err := simcard.New(simcard.Config{})
	if err != nil {
		t.Fatal(err)
	}
	stack := pcsctest.Start(t)
	done := make(chan error, 1)
	go func() { done <- simcard.Dial(t.Context(), stack.Slots[1], card) }()
	d := desk{stack, card}
	card.PullAt(simcard.Pull{INS: 0xA4, When: simcard.After})
	for {
		select {
		case err := <-done:
			if !errors.Is(err, simcard.ErrPulled) {
				t.Errorf("the card left with %v", err)
			}
			return
		default: // pcscd may not have seen it yet
			d.try(t, "opensc-tool", "--reader", stack.Readers[1], "--send-apdu", "00A4040005A000000308")
		}
	}
}
