package iso7816_test

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

func TestCommandsAreEncodedAsTheStandardSays(t *testing.T) {
	long := bytes.Repeat([]byte{0xAA}, 256)
	for _, c := range []struct {
		name string
		cmd  iso7816.Command
		want string
	}{
		{"case 1", iso7816.Command{INS: 0x20, P2: 0x80}, "\x00\x20\x00\x80"},
		{"case 2", iso7816.Command{INS: 0xCA, Le: 5}, "\x00\xCA\x00\x00\x05"},
		{"case 2, all", iso7816.Command{INS: 0xCA, Le: 256}, "\x00\xCA\x00\x00\x00"},
		{"case 3", iso7816.Command{INS: 0x20, Data: []byte{1, 2}}, "\x00\x20\x00\x00\x02\x01\x02"},
		{"case 4", iso7816.Command{INS: 0xCB, Data: []byte{1}, Le: 256}, "\x00\xCB\x00\x00\x01\x01\x00"},
		{"case 2 extended", iso7816.Command{INS: 0xCA, Le: 257}, "\x00\xCA\x00\x00\x00\x01\x01"},
		{"case 3 extended", iso7816.Command{INS: 0x20, Data: long}, "\x00\x20\x00\x00\x00\x01\x00" + string(long)},
		{"case 4 extended", iso7816.Command{INS: 0xCB, Data: []byte{1}, Le: 65536}, "\x00\xCB\x00\x00\x00\x00\x01\x01\x00\x00"},
	} {
		raw, err := c.cmd.Bytes()
		if err != nil || string(raw) != c.want {
			t.Errorf("%s: % X, %v", c.name, raw, err)
		}
	}
}

func TestACommandThatCannotBeIsRefused(t *testing.T) {
	for _, c := range []iso7816.Command{{Le: 65537}, {Le: -1}, {Data: make([]byte, 65536)}} {
		if _, err := c.Bytes(); !errors.Is(err, iso7816.ErrMalformed) {
			t.Errorf("Le %d, %d bytes: %v", c.Le, len(c.Data), err)
		}
	}
}

// Whatever parses prints back the same.
func FuzzParseCommand(f *testing.F) {
	for _, seed := range []string{
		"", "\x00\x20\x00\x80", "\x00\xCA\x00\x00\x00", "\x00\x20\x00\x80\x02\x01\x02", "\x00\xCB\x3F\xFF\x01\x01\x00",
		"\x00\xCB\x00\x00\x00\x00\x01\x01\x00\x00", "\x00\xCA\x00\x00\x00\x01\x01", "\x00\xCA\x00\x00\x00\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := iso7816.ParseCommand(raw)
		if err != nil {
			return
		}
		printed, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := iso7816.ParseCommand(printed)
		if err != nil || again.Le != c.Le || !bytes.Equal(again.Data, c.Data) || again.INS != c.INS {
			t.Errorf("% X was read as %+v, then as %+v, %v", raw, c, again, err)
		}
	})
}

// A card may answer anything: no byte of it is lost, and none made up.
func FuzzParseResponse(f *testing.F) {
	for _, seed := range []string{"", "\x90", "\x90\x00", "data\x61\x10"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := iso7816.ParseResponse(raw)
		if (err != nil) != (len(raw) < 2) || err != nil && !errors.Is(err, iso7816.ErrMalformed) {
			t.Fatalf("% X: %v", raw, err)
		}
		if err == nil && !bytes.Equal(r.Bytes(), raw) {
			t.Errorf("% X was read as %+v", raw, r)
		}
	})
}

func TestStatusWordsSayHowATestOfASecretEnded(t *testing.T) {
	for status, want := range map[iso7816.Status]reader.Outcome{
		0x9000: {Result: reader.OK, Tries: reader.Unknown},
		0x63C2: {Result: reader.Wrong, Tries: 2},
		0x63C0: {Result: reader.Blocked, Tries: 0},
		0x6300: {Result: reader.Wrong, Tries: reader.Unknown},
		0x6983: {Result: reader.Blocked, Tries: 0},
		0x6A80: {Result: reader.Refused, Tries: reader.Unknown},
	} {
		if got, err := status.Outcome(0x20); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v: %+v, %v", status, got, err)
		}
	}
	for _, status := range []iso7816.Status{0x6982, 0x6F00, 0x6D00, 0x6700} {
		_, err := status.Outcome(0x20)
		var s iso7816.StatusError
		if !errors.As(err, &s) || s.Status != status {
			t.Errorf("%v: %v", status, err)
		}
	}
}

// script is a card that expects commands and answers them in turn.
type script struct {
	t     *testing.T
	steps []string // command, answer, command, answer
}

func (s *script) Transmit(_ context.Context, apdu []byte) ([]byte, error) {
	if len(s.steps) == 0 || string(apdu) != s.steps[0] {
		s.t.Fatalf("got command % X, want % X", apdu, s.steps)
	}
	answer := s.steps[1]
	s.steps = s.steps[2:]
	return []byte(answer), nil
}

func TestAnswersInPartsAreCollected(t *testing.T) {
	first, second := strings.Repeat("a", 256), "bcd"
	s := &script{t, []string{
		"\x00\xCB\x3F\xFF\x01x\x00", "\x61\x00",
		"\x00\xC0\x00\x00\x00", first + "\x61\x03",
		"\x00\xC0\x00\x00\x03", second + "\x90\x00",
	}}
	r, err := iso7816.Exchange(t.Context(), s, iso7816.Command{INS: 0xCB, P1: 0x3F, P2: 0xFF, Data: []byte("x"), Le: 256})
	if err != nil || string(r.Data) != first+second || r.Status != iso7816.StatusOK {
		t.Errorf("%q %v, %v", r.Data, r.Status, err)
	}
}

// answer is a link that says the same bytes, and no copy of them.
type answer []byte

func (a answer) Transmit(context.Context, []byte) ([]byte, error) { return a, nil }

// An answer may be a secret: whoever wipes it leaves no copy behind.
func TestAnAnswerInOnePartIsTheLinksOwn(t *testing.T) {
	said := []byte("secret\x90\x00")
	r, err := iso7816.Exchange(t.Context(), answer(said), iso7816.Command{INS: 0xB0, Le: 6})
	clear(r.Data)
	if err != nil || string(said) != "\x00\x00\x00\x00\x00\x00\x90\x00" {
		t.Errorf("%q is left, %v", said, err)
	}
}

func TestAWrongLengthIsAskedAgainOnce(t *testing.T) {
	s := &script{t, []string{
		"\x00\xCA\x00\x00\x00", "\x6C\x02",
		"\x00\xCA\x00\x00\x02", "hi\x90\x00",
	}}
	r, err := iso7816.Exchange(t.Context(), s, iso7816.Command{INS: 0xCA, Le: 256})
	if err != nil || string(r.Data) != "hi" {
		t.Errorf("%q, %v", r.Data, err)
	}
	s = &script{t, []string{
		"\x00\xCA\x00\x00\x00", "\x6C\x02",
		"\x00\xCA\x00\x00\x02", "\x6C\x01",
	}}
	r, err = iso7816.Exchange(t.Context(), s, iso7816.Command{INS: 0xCA, Le: 256})
	if err != nil || r.Status != 0x6C01 {
		t.Errorf("%v, %v", r.Status, err)
	}
}

func TestLongDataGoesAsAChain(t *testing.T) {
	head, tail := strings.Repeat("a", 255), "bc"
	cmd := iso7816.Command{INS: 0x87, Data: []byte(head + tail), Le: 256}
	s := &script{t, []string{
		"\x10\x87\x00\x00\xFF" + head, "\x90\x00",
		"\x00\x87\x00\x00\x02" + tail + "\x00", "ok\x90\x00",
	}}
	if r, err := iso7816.Exchange(t.Context(), s, cmd); err != nil || string(r.Data) != "ok" {
		t.Errorf("%q, %v", r.Data, err)
	}
	s = &script{t, []string{"\x10\x87\x00\x00\xFF" + head, "\x68\x84"}}
	if r, err := iso7816.Exchange(t.Context(), s, cmd); err != nil || r.Status != 0x6884 {
		t.Errorf("%v, %v", r.Status, err)
	}
}

// parrot always gives the same answer, and counts.
type parrot struct {
	answer string
	asked  int
}

func (p *parrot) Transmit(context.Context, []byte) ([]byte, error) {
	p.asked++
	return []byte(p.answer), nil
}

func TestACardCannotKeepTheTerminalForEver(t *testing.T) {
	for _, answer := range []string{"\x61\x10", "x\x61\x10", strings.Repeat("x", 256) + "\x61\x00"} {
		p := &parrot{answer: answer}
		if _, err := iso7816.Exchange(t.Context(), p, iso7816.Command{INS: 0xCA, Le: 256}); !errors.Is(err, iso7816.ErrMalformed) {
			t.Errorf("%v", err)
		}
		if p.asked > 200 {
			t.Errorf("asked %d times", p.asked)
		}
	}
}

func TestAnErrorDoesNotTellWhatWasSent(t *testing.T) {
	secret := []byte("271828")
	_, err := iso7816.Exchange(t.Context(), &parrot{answer: "\x90"}, iso7816.Command{INS: 0x20, Data: secret})
	if err == nil || strings.Contains(err.Error(), "2718") || strings.Contains(err.Error(), "32373138") {
		t.Errorf("%v", err)
	}
}
