package pcsc

import (
	"errors"
	"testing"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
)

func TestTheFirstApprovedReaderIsChosenAndKept(t *testing.T) {
	all := []string{"Keyboard 00 00", "OMNIKEY 3121 00 00", "Omnikey 3121 01 00"}
	for _, c := range []struct {
		name     string
		approved []string
		readers  []string
		present  string
		want     string
		ok       bool
	}{
		{"none", nil, nil, "", "", false},
		{"any", nil, all, "", all[0], true},
		{"first", []string{"omnikey"}, all, "", all[1], true},
		{"kept", []string{"omnikey"}, all, all[2], all[2], true},
		{"kept one gone", []string{"omnikey"}, all[:2], all[2], all[1], true},
		{"not approved", []string{"gemalto"}, all, "", all[0], false},
		{"no longer approved", []string{"gemalto"}, all, all[1], all[0], false},
	} {
		got, ok := NewSlot(Config{Readers: c.approved}).choose(c.readers, c.present)
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %q %v", c.name, got, ok)
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
	} {
		got, err := forT0([]byte(c.command))
		if string(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: % X, %v", name, got, err)
		}
	}
}
