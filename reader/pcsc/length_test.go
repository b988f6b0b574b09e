package pcsc_test

import (
	"bytes"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
)

// A card that speaks T=0 is unlocked like any other.
func TestACardThatSpeaksT0(t *testing.T) {
	r := newRig(t)
	card := newCard(t, simcard.Config{Kind: simcard.Blocked, Quirks: simcard.Quirks{T0: true}})
	r.plug(t, 0, card)
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	p, err := piv.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	info, err := p.Info(t.Context())
	if err != nil || info.ID != card.Status().CardID || info.Tries != 0 || info.NotAfter.IsZero() {
		t.Fatalf("info %+v, %v", info, err)
	}
	if o, err := p.Unblock(t.Context(), []byte("12345678"), []byte("271828")); err != nil || o.Result != reader.OK {
		t.Fatalf("unblock %+v, %v", o, err)
	}
	if !card.Verify("271828") {
		t.Error("the new passcode does not work")
	}
	long := iso7816.Command{INS: iso7816.InsGetData, Data: make([]byte, 300)}
	raw, err := long.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := link.Transmit(t.Context(), raw); err != nil || string(answer) != "\x67\x00" {
		t.Errorf("a command that T=0 cannot carry: % X, %v", answer, err)
	}
}

// Extended commands carry what was sent, both ways.
func TestCommandsOfManyKilobytes(t *testing.T) {
	r := newRig(t)
	r.await(t, "an empty reader", empty)
	r.play(t, 0, echo)
	r.await(t, "the card", in)
	link, err := r.slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer link.Close()
	for _, size := range []int{1, 255, 256, 257, 4096, 20_000, 60_000} {
		data := bytes.Repeat([]byte{0xA5, 0x5A, byte(size)}, size)[:size]
		raw, err := iso7816.Command{INS: 0xEC, Data: data, Le: iso7816.MaxExtended}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		answer, err := link.Transmit(t.Context(), raw)
		if err != nil || !bytes.Equal(answer, append(data, 0x90, 0x00)) {
			t.Errorf("%d bytes: %d came back, %v", size, len(answer), err)
		}
	}
}

func echo(command []byte) []byte {
	c, err := iso7816.ParseCommand(command)
	if err != nil {
		return iso7816.Response{Status: iso7816.StatusWrongLength}.Bytes()
	}
	return iso7816.Response{Data: c.Data, Status: iso7816.StatusOK}.Bytes()
}
