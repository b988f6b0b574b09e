package iso7816_test

import (
	"context"
	"testing"

	"unlockpoint/reader/iso7816"
)

// parts is a card whose answer comes in parts of two bytes.
type parts struct {
	answer string
	sent   int
}

func (p *parts) Transmit(context.Context, []byte) ([]byte, error) {
	p.sent++
	part := p.answer[:min(2, len(p.answer))]
	p.answer = p.answer[len(part):]
	status := iso7816.StatusOK
	if p.answer != "" {
		status = iso7816.StatusMoreData
	}
	return iso7816.Response{Data: []byte(part), Status: status}.Bytes(), nil
}

func TestTheBeginningOfAnAnswerIsAsLongAsNeeded(t *testing.T) {
	long := func(n int) func([]byte) bool { return func(b []byte) bool { return len(b) >= n } }
	for name, c := range map[string]struct {
		most   int
		enough func([]byte) bool
		want   string
		sent   int
	}{
		"one part":             {1, nil, "ab", 1},
		"two parts":            {2, nil, "abcd", 2},
		"more than there are":  {9, nil, "abcdefg", 4},
		"the first is enough":  {9, long(1), "ab", 1},
		"the second is enough": {9, long(3), "abcd", 2},
		"nothing is enough":    {3, long(99), "abcdef", 3},
	} {
		card := &parts{answer: "abcdefg"}
		r, err := iso7816.Begin(t.Context(), card, iso7816.Command{INS: iso7816.InsGetData, Le: iso7816.MaxShort}, c.most, c.enough)
		if err != nil || string(r.Data) != c.want || r.Status != iso7816.StatusOK || card.sent != c.sent {
			t.Errorf("%s: %q %v in %d commands, %v", name, r.Data, r.Status, card.sent, err)
		}
	}
}

func TestABeginningThatTheCardRefuses(t *testing.T) {
	r, err := iso7816.Begin(t.Context(), answers{"\x6A\x88"}, iso7816.Command{INS: iso7816.InsGetData}, 2, nil)
	if err != nil || r.Status != iso7816.StatusNoReference {
		t.Errorf("%v, %v", r.Status, err)
	}
}

// answers gives the same answer to everything.
type answers struct{ always string }

func (a answers) Transmit(context.Context, []byte) ([]byte, error) { return []byte(a.always), nil }
