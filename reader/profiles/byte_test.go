package profiles_test

import (
	"context"
	"encoding/hex"
	"errors"
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/gids"
	"unlockpoint/reader/profiles"
	"unlockpoint/reader/simcard"
)

const (
	chosen = "271828"
	next   = "87654321" // the PUK that an unlock leaves, where the card can change it
)

// puks are what unblocks each kind of card.
var puks = map[string]string{
	"piv": "12345678", "openpgp": "12345678", "isoapplet": "0123456789abcdef", "authentic": "12345678",
	"gids": "102132435465768798a9bacbdcedfe0f1122334455667788",
}

// TestPowerIsLostAfterAnyByte cuts the contacts after each byte of a whole
// unlock, from the first SELECT to the change of the PUK: the card has the old
// passcode or the new one, and the next unlock works.
func TestPowerIsLostAfterAnyByte(t *testing.T) {
	for _, p := range profiles.All() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			n := 1
			for cutAfter(t, p.Name, n) {
				n++
			}
			if t.Logf("%d bytes", n-1); n < 100 {
				t.Error("that is no whole unlock")
			}
		})
	}
}

// cutAfter reports whether an unlock has more than n bytes.
func cutAfter(t *testing.T, profile string, n int) bool {
	card, err := simcard.New(simcard.Config{Profiles: []string{profile}, Kind: simcard.Blocked, PUK: puks[profile], Tries: 5})
	if err != nil {
		t.Fatal(err)
	}
	card.PullAt(simcard.Pull{When: simcard.AtByte, Byte: n})
	err = unlock(t.Context(), card, puks[profile], chosen)
	if err == nil {
		return false
	}
	if !errors.Is(err, reader.ErrCardGone) {
		t.Fatalf("after byte %d: %v", n, err)
	}
	if s := card.Status(); (s.Tries != 0) != card.Verify(chosen) {
		t.Errorf("after byte %d: neither the old passcode nor the new one: %+v", n, s)
	}
	err = unlock(t.Context(), card, puks[profile], "314159")
	if errors.Is(err, errWrong) { // the PUK was changed already
		err = unlock(t.Context(), card, next, "314159")
	}
	if err != nil || !card.Verify("314159") {
		t.Errorf("after byte %d: the next unlock: %v", n, err)
	}
	return true
}

var errWrong = errors.New("the key is another")

// unlock is everything that is said to a card in an unlock.
func unlock(ctx context.Context, chip *simcard.Card, puk, passcode string) error {
	slot := simcard.NewSlot("Test reader")
	slot.Insert(chip)
	link, err := slot.Open(ctx)
	if err != nil {
		return err
	}
	defer link.Close()
	card, info, err := profiles.Open(ctx, link)
	if err != nil {
		return err
	}
	key, err := keyFor(ctx, card, info, puk)
	if err != nil {
		return err
	}
	if err := taken(card.Unblock(ctx, key, []byte(passcode))); err != nil {
		return err
	}
	if info.Rotates && puk != next {
		return taken(card.ChangePUK(ctx, []byte(puk), []byte(next)))
	}
	return nil
}

func taken(o reader.Outcome, err error) error {
	if err == nil && o.Result != reader.OK {
		return errWrong
	}
	return err
}

// keyFor is the PUK, or central's answer to the card's challenge.
func keyFor(ctx context.Context, card reader.Card, info reader.Info, puk string) ([]byte, error) {
	if !info.Asks {
		return []byte(puk), nil
	}
	var digest [32]byte
	proof, err := card.Prove(ctx, digest)
	if err != nil {
		return nil, err
	}
	admin, err := hex.DecodeString(puk)
	if err != nil {
		return nil, err
	}
	return gids.Answer(admin, gids.Challenge(digest), proof.Challenge)
}
