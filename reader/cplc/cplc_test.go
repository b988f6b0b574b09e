package cplc_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/cplc"
	"unlockpoint/reader/iso7816"
)

// production is what a JCOP card tells, with a number of our own.
const production = "9F7F2A" + "47905073" + "81210604" + "4700" + "6347" + "01020304" + "0A0B" +
	"48126348" + "00000000" + "00000000" + "00000000" + "00000000" + "00000000"

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestAChipIsNamedByWhatNobodyWritesLater(t *testing.T) {
	object := unhex(t, production)
	id, err := cplc.Parse(object)
	if err != nil || hex.EncodeToString(id) != "47905073"+"6347"+"01020304"+"0a0b" {
		t.Errorf("%x, %v", id, err)
	}
	object[len(object)-1] = 0xFF // the personaliser's machine
	if again, err := cplc.Parse(object); err != nil || !bytes.Equal(again, id) {
		t.Errorf("%x, %v", again, err)
	}
}

func TestAnyNumberNamesAChipThatSomebodyWrote(t *testing.T) {
	for number, named := range map[string]bool{
		"00000000": false, "FFFFFFFF": false, "00000001": true, "FF000000": true, "FFFFFFFE": true, "88C5B7D1": true, "80808080": true,
	} {
		_, err := cplc.Parse(unhex(t, strings.Replace(production, "01020304", number, 1)))
		if (err == nil) != named {
			t.Errorf("%s: %v", number, err)
		}
	}
}

// chip has applications by name: what each answers when it is asked. The link
// breaks at the nth command, if n is not 0.
type chip struct {
	apps     map[string]iso7816.Response
	gone     int
	selected iso7816.Response
	commands int
}

func (c *chip) Transmit(_ context.Context, apdu []byte) ([]byte, error) {
	if c.commands++; c.commands == c.gone {
		return nil, reader.ErrCardGone
	}
	cmd, err := iso7816.ParseCommand(apdu)
	if err != nil || cmd.INS != iso7816.InsSelect {
		return c.selected.Bytes(), err
	}
	app, found := c.apps[string(cmd.Data)]
	if c.selected = app; !found {
		return iso7816.Response{Status: iso7816.StatusNotFound}.Bytes(), nil
	}
	return iso7816.Response{Status: iso7816.StatusOK}.Bytes(), nil
}

// Names of a chip's manager.
const (
	nameless = ""
	older    = "\xA0\x00\x00\x00\x03\x00\x00"
	newer    = "\xA0\x00\x00\x01\x51\x00\x00"
)

func TestTheManagerIsFoundByItsNames(t *testing.T) {
	good := iso7816.Response{Data: unhex(t, production), Status: iso7816.StatusOK}
	other := iso7816.Response{Status: iso7816.StatusUnknownINS}
	for name, c := range map[string]struct {
		apps     map[string]iso7816.Response
		commands int
	}{
		"by none":                      {map[string]iso7816.Response{nameless: good}, 2},
		"an Open Platform card":        {map[string]iso7816.Response{older: good}, 3},
		"another application by none":  {map[string]iso7816.Response{nameless: other, older: good}, 4},
		"and a newer card in the same": {map[string]iso7816.Response{nameless: other, newer: good}, 5},
	} {
		card := &chip{apps: c.apps}
		if id, err := cplc.Read(t.Context(), card); err != nil || len(id) != 12 || card.commands != c.commands {
			t.Errorf("%s: %x in %d commands, %v", name, id, card.commands, err)
		}
	}
}

func TestACardThatDoesNotTellIsNobodys(t *testing.T) {
	written := func(b byte) iso7816.Response {
		data := append([]byte{0x9F, 0x7F, 0x2A}, bytes.Repeat([]byte{b}, 42)...)
		return iso7816.Response{Data: data, Status: iso7816.StatusOK}
	}
	for name, apps := range map[string]map[string]iso7816.Response{
		"no manager": {},
		"refuses":    {nameless: {Status: 0x6A88}},
		"nonsense":   {nameless: {Data: []byte{1, 2, 3}, Status: iso7816.StatusOK}},
		"zeros":      {nameless: written(0x00), older: written(0x00)},
		"never used": {nameless: written(0xFF), newer: written(0xFF)},
	} {
		card := &chip{apps: apps}
		if _, err := cplc.Read(t.Context(), card); !errors.Is(err, reader.ErrUnknownCard) || card.commands > 6 {
			t.Errorf("%s: %d commands, %v", name, card.commands, err)
		}
	}
}

func TestACardThatIsGoneIsNotUnknown(t *testing.T) {
	refuses := map[string]iso7816.Response{nameless: {Status: 0x6A88}, older: {Status: 0x6A88}}
	for n := range 5 {
		card := &chip{apps: refuses, gone: n + 1}
		if _, err := cplc.Read(t.Context(), card); !errors.Is(err, reader.ErrCardGone) || errors.Is(err, reader.ErrUnknownCard) {
			t.Errorf("gone at command %d: %v", n+1, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(unhex(f, production))
	f.Add([]byte{0x9F, 0x7F, 0x00})
	f.Fuzz(func(t *testing.T, object []byte) {
		if id, err := cplc.Parse(object); err == nil && len(id) != 12 {
			t.Errorf("% X", id)
		}
	})
}
