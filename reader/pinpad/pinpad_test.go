package pinpad_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/pinpad"
	"unlockpoint/reader/pinpad/pinpadtest"
)

// card notes what it is sent, and answers.
type card struct {
	sent   []byte
	answer string
}

func (c *card) Transmit(_ context.Context, apdu []byte) ([]byte, error) {
	c.sent = bytes.Clone(apdu)
	return []byte(c.answer), nil
}

var rule = reader.Rule{Min: 6, Max: 8, Digits: true}

func verifyEntry() reader.Entry {
	return reader.Entry{Command: []byte("\x00\x20\x00\x80\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), Block: 8, Rule: rule}
}

func changeEntry() reader.Entry {
	command := append([]byte("\x00\x24\x00\x80\x10"), bytes.Repeat([]byte{0xFF}, 16)...)
	return reader.Entry{Command: command, Block: 8, Change: true, New: 8, Rule: rule}
}

func TestDigitsGoFromTheKeysToTheCard(t *testing.T) {
	for _, c := range []struct {
		name  string
		entry reader.Entry
		keys  []pinpadtest.Typed
		sent  string
	}{
		{"verify", verifyEntry(), []pinpadtest.Typed{"123456"}, "\x00\x20\x00\x80\x08123456\xFF\xFF"},
		{"change", changeEntry(), []pinpadtest.Typed{"123456", "27182818", "27182818"}, "\x00\x24\x00\x80\x10123456\xFF\xFF27182818"},
	} {
		at := &card{answer: "\x90\x00"}
		r := &pinpadtest.Reader{Card: at, Keys: c.keys}
		d := pinpad.Find(t.Context(), r)
		answer, err := d.Enter(t.Context(), r, c.entry)
		if err != nil || string(answer) != "\x90\x00" || string(at.sent) != c.sent {
			t.Errorf("%s: % X, %v; the card got % X; the reader says %q", c.name, answer, err, at.sent, r.Complaints)
		}
		if len(r.Keys) != 0 || len(r.Asked) != len(c.keys) {
			t.Errorf("%s: the reader asked %v", c.name, r.Asked)
		}
	}
}

func TestEntriesEndInManyWays(t *testing.T) {
	for _, c := range []struct {
		name   string
		change bool
		keys   []pinpadtest.Typed
		card   string
		answer string
		err    error
	}{
		{name: "right", keys: []pinpadtest.Typed{"123456"}, card: "\x90\x00", answer: "\x90\x00"},
		{name: "wrong", keys: []pinpadtest.Typed{"123457"}, card: "\x63\xC2", answer: "\x63\xC2"},
		{name: "blocked", keys: []pinpadtest.Typed{"123457"}, card: "\x69\x83", answer: "\x69\x83"},
		{name: "nobody", keys: nil, err: reader.ErrPadTimeout},
		{name: "cancelled", keys: []pinpadtest.Typed{pinpadtest.Cancel}, err: reader.ErrPadCancelled},
		{name: "short", keys: []pinpadtest.Typed{"12345"}, err: reader.ErrPadLength},
		{name: "long", keys: []pinpadtest.Typed{"123456789"}, err: reader.ErrPadLength},
		{name: "changed", change: true, keys: []pinpadtest.Typed{"123456", "271828", "271828"}, card: "\x90\x00", answer: "\x90\x00"},
		{name: "old one wrong", change: true, keys: []pinpadtest.Typed{"123457", "271828", "271828"}, card: "\x63\xC1", answer: "\x63\xC1"},
		{name: "differ", change: true, keys: []pinpadtest.Typed{"123456", "271828", "271829"}, err: reader.ErrPadDiffer},
		{name: "gone before the new one", change: true, keys: []pinpadtest.Typed{"123456"}, err: reader.ErrPadTimeout},
		{name: "cancelled at the last", change: true, keys: []pinpadtest.Typed{"123456", "271828", pinpadtest.Cancel}, err: reader.ErrPadCancelled},
		{name: "new one short", change: true, keys: []pinpadtest.Typed{"123456", "1"}, err: reader.ErrPadLength},
	} {
		at := &card{answer: c.card}
		r := &pinpadtest.Reader{Card: at, Keys: c.keys}
		entry := verifyEntry()
		if c.change {
			entry = changeEntry()
		}
		answer, err := pinpad.Find(t.Context(), r).Enter(t.Context(), r, entry)
		if string(answer) != c.answer || !errors.Is(err, c.err) {
			t.Errorf("%s: % X, %v", c.name, answer, err)
		}
		if c.err != nil && at.sent != nil {
			t.Errorf("%s: the card was sent % X", c.name, at.sent)
		}
	}
}

func TestAReaderSaysWhatItsKeysCanDo(t *testing.T) {
	for _, c := range []struct {
		name string
		r    pinpadtest.Reader
		want reader.Pad
	}{
		{"both", pinpadtest.Reader{}, reader.Pad{Verifies: true, Changes: true}},
		{"with lengths", pinpadtest.Reader{Min: 4, Max: 8}, reader.Pad{Verifies: true, Changes: true, Min: 4, Max: 8}},
		{"verify only", pinpadtest.Reader{Features: pinpadtest.VerifyOnly()}, reader.Pad{Verifies: true}},
		{"none", pinpadtest.Reader{Features: []byte{}}, reader.Pad{}},
		{"properties only, as vpcd", pinpadtest.Reader{Features: pinpadtest.Feature(pinpad.GetTLVProperties, 0x42330012)}, reader.Pad{}},
		{"broken", pinpadtest.Reader{Features: []byte{6, 4, 0x42, 0x33, 0x00}}, reader.Pad{}},
		{"a code of two bytes", pinpadtest.Reader{Features: []byte{6, 2, 0x42, 0x33}}, reader.Pad{}},
	} {
		if got := pinpad.Find(t.Context(), &c.r).Pad(); got != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestOnlyWhatTheKeysTakeIsTyped(t *testing.T) {
	for _, c := range []struct {
		name  string
		r     pinpadtest.Reader
		entry func() reader.Entry
		rule  reader.Rule
		want  error
	}{
		{"any characters", pinpadtest.Reader{}, verifyEntry, reader.Rule{Min: 6, Max: 8}, reader.ErrNoPad},
		{"a change at keys for verifying", pinpadtest.Reader{Features: pinpadtest.VerifyOnly()}, changeEntry, rule, reader.ErrNoPad},
		{"keys for less", pinpadtest.Reader{Max: 6}, verifyEntry, rule, reader.ErrNoPad},
		{"keys for more", pinpadtest.Reader{Min: 7}, verifyEntry, rule, reader.ErrNoPad},
		{"keys for just that", pinpadtest.Reader{Min: 6, Max: 8}, verifyEntry, rule, nil},
		{"no keys", pinpadtest.Reader{Features: []byte{}}, verifyEntry, rule, reader.ErrNoPad},
		{"more digits than the block", pinpadtest.Reader{}, verifyEntry, reader.Rule{Min: 6, Max: 9, Digits: true}, reader.ErrNoPad},
	} {
		at := &card{answer: "\x90\x00"}
		c.r.Card, c.r.Keys = at, []pinpadtest.Typed{"123456", "271828", "271828"}
		entry := c.entry()
		entry.Rule = c.rule
		_, err := pinpad.Find(t.Context(), &c.r).Enter(t.Context(), &c.r, entry)
		if !errors.Is(err, c.want) || (err == nil) != (at.sent != nil) {
			t.Errorf("%s: %v, sent % X", c.name, err, at.sent)
		}
	}
}

func TestAnEntryHasToFitItsCommand(t *testing.T) {
	for name, change := range map[string]func(*reader.Entry){
		"no command":        func(e *reader.Entry) { e.Command = nil },
		"no data":           func(e *reader.Entry) { e.Command = e.Command[:4] },
		"beyond the data":   func(e *reader.Entry) { e.New = 9 },
		"before the data":   func(e *reader.Entry) { e.Old = -1 },
		"a block of 0":      func(e *reader.Entry) { e.Block = 0 },
		"a block of 16":     func(e *reader.Entry) { e.Block, e.New = 16, 0 },
		"from 0 digits":     func(e *reader.Entry) { e.Rule.Min = 0 },
		"from more than to": func(e *reader.Entry) { e.Rule.Min, e.Rule.Max = 8, 6 },
	} {
		entry := changeEntry()
		change(&entry)
		if s, err := pinpad.ModifyStructure(entry); err == nil {
			t.Errorf("%s: % X", name, s)
		}
	}
	far := reader.Entry{
		Command: append([]byte("\x00\x20\x00\x80\x20"), make([]byte, 32)...), Block: 8, Old: 16, Rule: rule,
	}
	if _, err := pinpad.VerifyStructure(far); !errors.Is(err, reader.ErrNoPad) {
		t.Errorf("a place that four bits cannot say: %v", err)
	}
}

func FuzzFeatures(f *testing.F) {
	f.Add(pinpadtest.VerifyOnly())
	f.Add([]byte{0x12, 4, 0x42, 0x33, 0x00, 0x12})
	f.Add([]byte{6, 255})
	f.Fuzz(func(t *testing.T, raw []byte) {
		features, err := pinpad.ParseFeatures(raw)
		if err != nil && features != nil {
			t.Errorf("% X: %v and %v", raw, features, err)
		}
		// What a reader answers is believed by nobody.
		r := &liar{features: pinpadtest.VerifyOnly(), answer: raw}
		answer, err := pinpad.Find(t.Context(), r).Enter(t.Context(), r, verifyEntry())
		if err == nil {
			if _, err := iso7816.ParseResponse(answer); err != nil {
				t.Errorf("% X: %v", answer, err)
			}
		}
	})
}

// liar answers whatever it is told to.
type liar struct{ features, answer []byte }

func (l *liar) Control(_ context.Context, code uint32, _ []byte) ([]byte, error) {
	if code == pinpad.GetFeatureRequest {
		return l.features, nil
	}
	return l.answer, nil
}

func TestAReaderMayRefuseOrTalkNonsense(t *testing.T) {
	for answer, want := range map[string]error{
		"\x6B\x80": reader.ErrPadRefused,
		"\x90":     iso7816.ErrMalformed,
		"":         iso7816.ErrMalformed,
	} {
		r := &liar{features: pinpadtest.VerifyOnly(), answer: []byte(answer)}
		if _, err := pinpad.Find(t.Context(), r).Enter(t.Context(), r, verifyEntry()); !errors.Is(err, want) {
			t.Errorf("% X: %v", answer, err)
		}
	}
}
