package profiletest

import (
	"errors"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

// act is a deed, and what it leads to.
type act struct {
	do     Deed
	guess  bool   // a wrong one, which costs a try
	passes string // the passcode when it is done
}

// acts are all that test a secret of a card whose passcode is 123456.
func acts(key string) map[string]act {
	wrong := strings.Repeat("7", len(key))
	return map[string]act{
		"verify":                   {Verify("123456"), false, "123456"},
		"verify a wrong one":       {Verify("000000"), true, "123456"},
		"change":                   {Change("123456", "271828"), false, "271828"},
		"change a wrong one":       {Change("000000", "271828"), true, "123456"},
		"unblock":                  {Unblock(key, "271828"), false, "271828"},
		"unblock with a wrong key": {Unblock(wrong, "271828"), true, "123456"},
	}
}

// Command is the nth of an instruction, and how often it writes to the card's
// memory.
type Command struct {
	INS       byte
	N, Writes int
}

// CutAnywhere takes a card whose key stays the same out at every moment of
// every act, given the commands that each consists of. It has the old passcode
// or the new one then, a guess costs its try, and the key still sets another
// passcode.
func CutAnywhere(t *testing.T, put func(testing.TB, simcard.Config) Bench, key string, commands map[string][]Command) {
	for name, a := range acts(key) {
		if len(commands[name]) == 0 {
			t.Errorf("no commands to %s", name)
		}
		for i, c := range commands[name] {
			for _, cut := range Cuts(c.INS, c.N, c.Writes) {
				last := i == len(commands[name])-1
				done := last && (cut.When == simcard.After || cut.When == simcard.During && cut.Write == c.Writes)
				t.Run(name+", "+cut.Name, func(t *testing.T) { cutOnce(t, put(t, simcard.Config{}), key, a, cut, done) })
			}
		}
	}
}

func cutOnce(t *testing.T, b Bench, key string, a act, cut Cut, done bool) {
	card := b.Open(t)
	b.Card.PullAt(cut.Pull)
	if _, err := a.do(t.Context(), card); !errors.Is(err, reader.ErrCardGone) {
		t.Fatalf("not cut: %v", err)
	}
	s := b.Card.Status()
	if left := s.Tries + s.PUKTries; left > 6 || a.guess && left != map[bool]int{true: 5, false: 6}[done] {
		t.Errorf("the guess is done: %v, and leaves %+v", done, s)
	}
	if works := b.Card.Verify(a.passes); works != (done || a.passes == "123456") {
		t.Errorf("%s works: %v", a.passes, works)
	}
	b.Slot.Insert(b.Card)
	Want(t, "the next unlock", reader.OK, reader.Unknown)(b.Open(t).Unblock(t.Context(), []byte(key), []byte("314159")))
	if s := b.Card.Status(); !b.Card.Verify("314159") || s.Tries != 3 || s.PUKTries != 3 {
		t.Errorf("%+v", s)
	}
}

// SaysAnything hears a card out that may say anything: it is believed where it
// makes sense, and never harms. Its id has this length.
func SaysAnything(t *testing.T, open Open, speech []byte, id int, key string) {
	card, err := open(t.Context(), new(Talker(speech)))
	if err != nil {
		return
	}
	if info, err := card.Info(t.Context()); err == nil && (len(info.ID) != id || info.Tries < 0 || info.Tries > 15) {
		t.Errorf("%+v", info)
	}
	if o, err := card.Unblock(t.Context(), []byte(key), []byte("271828")); err == nil && (o.Tries < reader.Unknown || o.Tries > 15) {
		t.Errorf("%+v", o)
	}
}
