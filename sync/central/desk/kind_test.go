package desk

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"encoding/hex"
	"testing"

	"unlockpoint/reader/gids"
	"unlockpoint/sync/answer"
	"unlockpoint/sync/wire"
)

// holds puts another card into the person's hand, of a kind without a key of
// its own.
func (w *world) holds(id, profile, key string) {
	w.Helper()
	w.ok(w.desk.AddCard(w.Context(), w.store, NewCard{
		Card: id, Profile: profile, Holder: holder, Email: onFile, Site: "ward", PUK: key,
	}))
	w.id = id
	w.proof = func(string) wire.CardProof { return wire.CardProof{} }
}

const adminKey = "000102030405060708090a0b0c0d0e0f1011121314151617"

// asks is a GIDS card that asks the same question whenever it is put in.
func asks(caseID string) wire.CardProof {
	if caseID == "" {
		return wire.CardProof{}
	}
	return wire.CardProof{Challenge: bytes.Repeat([]byte{7}, 16)}
}

// half is what the card proves itself with, in the exchange of a grant.
func (t *terminal) half(caseID, key string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(key)
	t.ok(err)
	block, err := des.NewTripleDESCipher(raw)
	t.ok(err)
	ours := gids.Challenge(answer.CardDigest(t.who.SessNonce, t.id, caseID, t.seal.Public()))
	half := append(append(ours, asks(caseID).Challenge...), 1, 2, 3, 4, 5, 6, 7, 0x80)
	cipher.NewCBCEncrypter(block, make([]byte, des.BlockSize)).CryptBlocks(half, half)
	return half
}

func TestAKeyThatStaysHereAnswersTheCard(t *testing.T) {
	w := newWorld(t)
	w.holds("gids:00aa", "gids", adminKey)
	w.proof = asks
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	g, refused := hall.grant(id)
	key, err := hex.DecodeString(adminKey)
	w.ok(err)
	want, err := gids.Answer(key, gids.Challenge(answer.CardDigest(hall.who.SessNonce, hall.id, id, hall.seal.Public())), asks(id).Challenge)
	w.ok(err)
	if refused != "" || !bytes.Equal(g.Current, want) || g.Next != nil || bytes.Contains(want, key[:8]) {
		t.Errorf("got %x, %q, want %x", g.Current, refused, want)
	}

	// The same challenge of ours is not answered twice, whatever the card asks.
	if _, refused := hall.grant(id); refused != wire.NoProof {
		t.Errorf("a second answer: %q", refused)
	}

	done := wire.UnlockDoneBody{Case: id, PIN: wire.PINReset, PUK: wire.PUKCurrent, PUKTries: -1}
	done.Half = hall.half(id, adminKey[2:]+"aa")
	hall.fact(wire.UnlockDone, done)
	if hall.look().Case != id {
		t.Error("a card with another key ended the case")
	}
	done.Half = hall.half(id, adminKey)
	hall.fact(wire.UnlockDone, done)
	if hall.look().Case != "" {
		t.Error("the card's own half did not end the case")
	}
}

func TestACardThatDoesNotAskGetsNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.holds("gids:00aa", "gids", adminKey)
	hall := w.terminal("hall")
	hall.register()
	id := hall.accepted()
	if _, refused := hall.grant(id); refused != wire.NoProof {
		t.Errorf("got %q", refused)
	}
}

// Without a proof of the card the whole way is asked for: answers and code.
func TestACardThatCannotProveItselfComesTheWholeWay(t *testing.T) {
	for profile, key := range map[string]string{"openpgp": "87654321", "isoapplet": "0011223344556677", "authentic": "24681357"} {
		w := newWorld(t)
		w.holds(profile+":00aa", profile, key)
		hall := w.terminal("hall")
		hall.register()
		g, refused := hall.grant(hall.accepted())
		if refused != "" || string(g.Current) != key || (g.Next != nil) != (profile == "openpgp") {
			t.Errorf("%s: %q, %q", profile, g.Current, refused)
		}
	}
}

func TestWithoutQuestionsACardMustProveItself(t *testing.T) {
	w := newWorld(t, func(p *wire.Policy) { p.Questions = false })
	w.holds("openpgp:00aa", "openpgp", "87654321")
	hall := w.terminal("hall")
	id := hall.take().Case.Case
	if v := hall.try(id, w.mailed(id)); v.Verdict != wire.CodeRight {
		t.Fatalf("the code: %+v", v)
	}
	if g, refused := hall.grant(id); refused != wire.NoProof || g.Current != nil {
		t.Errorf("got %q", refused)
	}
}
