package pcsc

import (
	"errors"
	"strings"
	"testing"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
)

func TestNamesApproveReaders(t *testing.T) {
	const omnikey, acs = "HID Global OMNIKEY 3x21 Smart Card Reader [OMNIKEY 3x21] 00 00", "ACS ACR38U [CCID Interface] 01 00"
	for _, c := range []struct {
		names []string
		name  string
		want  bool
	}{
		{nil, acs, true},
		{[]string{"omnikey"}, omnikey, true},
		{[]string{"Omnikey"}, omnikey, true},
		{[]string{" omnikey "}, omnikey, true},
		{[]string{"omnikey"}, acs, false},
		{[]string{"omnikey", "ccid"}, acs, true},
		{[]string{"[CCID Interface]"}, acs, true},
		{[]string{"ACS*"}, acs, true},
		{[]string{"ACR*"}, acs, false}, // a pattern is the whole name
		{[]string{"*ACR*"}, acs, true},
		{[]string{"*acr??u *"}, acs, true},
		{[]string{"*acr?u *"}, acs, false},
		{[]string{"acs * 0? 00"}, acs, true},
		{[]string{"acs * 0? 00"}, omnikey, false},
		{[]string{"*[ccid interface]*"}, acs, true}, // no set of letters
		{[]string{"*0 01*00 00"}, "Twin 00 01 00 00", true},
		{[]string{"*00 00 00"}, "Twin 00 01 00 00", false},
		{[]string{"*"}, acs, true},
		{[]string{"**"}, acs, true},
		{[]string{"?"}, acs, false},
		{[]string{"l?ser 00"}, "LÄSER 00", true},
		{[]string{""}, acs, false},
		{[]string{"", "acs"}, acs, true},
	} {
		slot := NewSlot(Config{Readers: []string{"nothing"}})
		slot.Approve(c.names) // as when it is set from afar
		if got, _ := slot.part([]string{c.name}); (len(got) == 1) != c.want {
			t.Errorf("%q approve %q: %v", c.names, c.name, got)
		}
	}
}

func TestTheReaderWithACardIsServed(t *testing.T) {
	var (
		a, b   = sight{reader: "a"}, sight{reader: "b"}
		aCard  = sight{reader: "a", card: true}
		bCard  = sight{reader: "b", card: true}
		aMute  = sight{reader: "a", card: true, mute: true}
		bMute  = sight{reader: "b", card: true, mute: true}
		aWreck = sight{reader: "a", broken: true}
	)
	for _, c := range []struct {
		name   string
		sights []sight
		served string
		want   sight
		works  bool
	}{
		{"none", nil, "a", sight{}, false},
		{"the first of two empty ones", []sight{a, b}, "", a, true},
		{"the one that was served, both empty", []sight{a, b}, "b", b, true},
		{"the one with the card", []sight{a, bCard}, "a", bCard, true},
		{"the first of two with cards", []sight{aCard, bCard}, "", aCard, true},
		{"the one that is served, both with cards", []sight{aCard, bCard}, "b", bCard, true},
		{"the card that answers", []sight{aMute, bCard}, "a", bCard, true},
		{"the mute card rather than none", []sight{a, bMute}, "a", bMute, true},
		{"the mute card that was first", []sight{aMute, bMute}, "b", bMute, true},
		{"the one that works", []sight{aWreck, b}, "a", b, true},
		{"none that works", []sight{aWreck}, "a", aWreck, false},
		{"the served one has gone", []sight{b}, "a", b, true},
	} {
		got, works := choose(c.sights, c.served)
		if got != c.want || works != c.works {
			t.Errorf("%s: %+v %v", c.name, got, works)
		}
	}
}

func TestCodesBecomeWords(t *testing.T) {
	for code, want := range map[scard.Error]error{
		scard.ErrRemovedCard:        reader.ErrCardGone,
		scard.ErrNotTransacted:      reader.ErrCardGone,
		scard.ErrResetCard:          reader.ErrCardReset,
		scard.ErrSharingViolation:   reader.ErrInUse,
		scard.ErrUnresponsiveCard:   reader.ErrMute,
		scard.ErrNoService:          reader.ErrNoReader,
		scard.ErrReaderUnavailable:  reader.ErrNoReader,
		scard.ErrInvalidValue:       reader.ErrNoReader,
		scard.ErrSecurityViolation:  reader.ErrNoReader,
		scard.ErrNoReadersAvailable: reader.ErrNoReader,
	} {
		if err := translate("testing", code); !errors.Is(err, want) {
			t.Errorf("%08X: %v", uint32(code), err)
		}
	}
	if err := notIn(translate("testing", scard.ErrNoSmartcard)); !errors.Is(err, reader.ErrNoCard) {
		t.Errorf("no card: %v", err)
	}
	if err := translate("testing", scard.ErrInternalError); err == nil {
		t.Error("a code without a word is no error")
	}
}

func TestCommandsAreCutToWhatT0CanCarry(t *testing.T) {
	for name, c := range map[string]struct{ command, want string }{
		"no data":            {"\x00\x20\x00\x80", "\x00\x20\x00\x80"},
		"answer":             {"\x00\xCA\x00\x00\x05", "\x00\xCA\x00\x00\x05"},
		"long answer":        {"\x00\xCA\x00\x00\x00\x00\x00", "\x00\xCA\x00\x00\x00"},
		"data":               {"\x00\x20\x00\x80\x01x", "\x00\x20\x00\x80\x01x"},
		"data, answer":       {"\x00\xCB\x3F\xFF\x01x\x00", "\x00\xCB\x3F\xFF\x01x"},
		"data, long answer":  {"\x00\xCB\x3F\xFF\x00\x00\x01x\x00\x00", "\x00\xCB\x3F\xFF\x01x"},
		"nothing to be sent": {"", ""},
		"too much data":      {"\x00\xDB\x3F\xFF\x00\x01\x00" + strings.Repeat("x", 256), ""},
	} {
		got, err := forT0([]byte(c.command))
		if string(got) != c.want || (err != nil) != (c.command == "") {
			t.Errorf("%s: % X, %v", name, got, err)
		}
	}
}
