package simcard_test

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	"unlockpoint/reader/simcard"
)

// raw is a card as it looks to opensc-tool, which knows no secrets: it sends
// what it is told to.
type raw struct {
	profile string
	quirks  simcard.Quirks
	name    string   // OpenSC's
	enter   []string // what leads to the passcode
	wrong   string   // VERIFY
	told    []string // about four wrong ones
	unblock []string // with the passcode 271828
	freed   []string // what it says to that
}

const (
	wrongPasscode = "303030303030"
	newPasscode   = "323731383238"
	factoryPUK    = "3132333435363738"
)

func rawCards() []raw {
	zeros := strings.Repeat("00", 10)
	counted := []string{"63C2", "63C1", "63C0", "63C0"}
	return []raw{
		{
			profile: "piv", name: "Personal Identity Verification Card",
			enter: []string{"00A4040005A000000308"}, wrong: "0020008008" + wrongPasscode + "FFFF",
			told:    []string{"63C2", "63C1", "6983", "6983"},
			unblock: []string{"002C008010" + factoryPUK + newPasscode + "FFFF"}, freed: []string{"9000"},
		},
		{ // whose cryptogram only gids-tool makes
			profile: "gids", name: "GIDS Smart Card",
			enter: []string{"00A4040009A00000039742544659"}, wrong: "0020008006" + wrongPasscode,
			told:    []string{"63C2", "63C1", "63C0", "6983"},
			unblock: []string{"002C028006" + newPasscode}, freed: []string{"6982"},
		},
		{
			profile: "openpgp", name: "OpenPGP card",
			enter: []string{"00A4040006D27600012401"}, wrong: "0020008106" + wrongPasscode,
			told:    []string{"6982", "6982", "6982", "6982"},
			unblock: []string{"0020008308" + factoryPUK, "002C028106" + newPasscode}, freed: []string{"9000", "9000"},
		},
		{
			profile: "isoapplet", name: "IsoApplet",
			enter: []string{"00A404000CF276A288BCFBA69D34F31001"}, wrong: "0020000110" + wrongPasscode + zeros, told: counted,
			unblock: []string{"002C000120" + factoryPUK + factoryPUK + newPasscode + zeros}, freed: []string{"9000"},
		},
		{
			profile: "authentic", quirks: simcard.Quirks{T0: true}, name: "AuthentIC",
			enter: []string{"00A4000C023F00", "00A4000C025011"}, wrong: "0020008140" + filled(wrongPasscode), told: counted,
		},
	}
}

// filled is a secret of an AuthentIC card, in its 64 bytes.
func filled(secret string) string { return secret + strings.Repeat("FF", 64-len(secret)/2) }

func TestOpenSCToolReadsBlocksAndUnblocksEveryCard(t *testing.T) {
	t.Parallel()
	for _, c := range rawCards() {
		t.Run(c.profile, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, simcard.Config{Profiles: []string{c.profile}, Quirks: c.quirks})
			c.read(t, d)
			if told := c.send(t, d, c.wrong, c.wrong, c.wrong, c.wrong); !slices.Equal(told, c.told) || d.card.Status().Tries != 0 {
				t.Errorf("wrong passcodes: %v, %d tries left", told, d.card.Status().Tries)
			}
			if c.profile == "authentic" {
				c.readPUK(t, d)
			}
			told := c.send(t, d, c.unblock...)
			if works := c.freed[len(c.freed)-1] == "9000"; !slices.Equal(told, c.freed) || d.card.Verify("271828") != works {
				t.Errorf("unblocked with %v, %d tries left", told, d.card.Status().Tries)
			}
		})
	}
}

// read has opensc-tool show what it can.
func (c *raw) read(t *testing.T, d desk) {
	t.Helper()
	if out := d.run(t, "opensc-tool", "--name"); !strings.Contains(out, c.name) {
		t.Errorf("name: %s", out)
	}
	if out := d.run(t, "opensc-tool", "--atr"); !strings.Contains(out, "\n3b:") {
		t.Errorf("answer to reset: %s", out)
	}
	if out := d.run(t, "opensc-tool", "--list-readers"); !strings.Contains(out, "0    Yes             "+d.stack.Readers[0]) {
		t.Errorf("readers: %s", out)
	}
	if id := d.card.Status().CardID; c.profile != "isoapplet" { // of which OpenSC reads no number
		if number := hexIn(d.run(t, "opensc-tool", "--serial")); number == "" || !strings.Contains(id, strings.ToLower(number)) {
			t.Errorf("%q is not of %s", number, id)
		}
	}
	if c.profile == "openpgp" { // the one whose files it lists
		if out := d.run(t, "opensc-tool", "--list-files"); !strings.Contains(out, "00 20 20 20 03 00 03") {
			t.Errorf("no counters in %s", out)
		}
	}
}

// readPUK has the officer read the PUK, which is of the card's own making.
func (c *raw) readPUK(t *testing.T, d desk) {
	t.Helper()
	officer := "0020008440" + filled(factoryPUK)
	_, data := d.send(t, append(slices.Clone(c.enter), officer, "00A4000C022000", "00B0000010")...)
	puk := data[len(data)-1]
	c.unblock, c.freed = []string{officer, "002C000150" + puk + filled(newPasscode)}, []string{"9000", "9000"}
	if len(puk) != 2*16 {
		t.Fatalf("the officer reads %q", puk)
	}
}

// send enters the card's application and returns what it says after that.
func (c *raw) send(t *testing.T, d desk, commands ...string) []string {
	t.Helper()
	told, _ := d.send(t, append(slices.Clone(c.enter), commands...)...)
	return told[len(c.enter):]
}

var (
	received = regexp.MustCompile(`Received \(SW1=0x(..), SW2=0x(..)\)`)
	dumped   = regexp.MustCompile(`(?m)^((?:[0-9A-F]{2} )+)`)
)

// hexIn is what opensc-tool shows in hex.
func hexIn(out string) string {
	return strings.ReplaceAll(strings.Join(dumped.FindAllString(out, -1), ""), " ", "")
}

// send has opensc-tool send commands in one session, and returns the status
// words and the data of the answers.
func (d desk) send(t *testing.T, commands ...string) (told, data []string) {
	t.Helper()
	var arg []string
	for _, command := range commands {
		if _, err := hex.DecodeString(command); err != nil {
			t.Fatal(err)
		}
		arg = append(arg, "--send-apdu", command)
	}
	out := d.run(t, "opensc-tool", arg...)
	for _, answer := range strings.Split(out, "Sending: ")[1:] {
		sw := received.FindStringSubmatch(answer)
		if sw == nil {
			t.Fatalf("no status word in %s", out)
		}
		_, rest, _ := strings.Cut(answer, sw[0])
		told = append(told, sw[1]+sw[2])
		data = append(data, hexIn(rest))
	}
	if len(told) != len(commands) {
		t.Fatalf("%d answers to %d commands: %s", len(told), len(commands), out)
	}
	return told, data
}
