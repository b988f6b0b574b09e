package simcard

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"encoding/hex"

	"unlockpoint/reader/iso7816"
)

// The exchange by which a server proves that it has the admin key, and in the
// mutual form the card too (GidsPINManager.java).
const (
	gidsKeyLength   = 3 * des.BlockSize
	mutualChallenge = 16
	singleChallenge = des.BlockSize
	mutualResponse  = 40 // both challenges, seven bytes of a session key, a byte 80
)

// statusNoFunction is how the applet refuses other kinds of management.
const statusNoFunction iso7816.Status = 0x6A81

// manage chooses the admin key, number 80, for authentication. The log-in key
// is not here.
func (g *gidsApplication) manage(cmd iso7816.Command) iso7816.Response {
	const forAuthentication = 0xA4
	reference, err := iso7816.FindIn(cmd.Data, 0x83)
	switch {
	case err != nil:
		return answer(statusInvalidData)
	case cmd.P1 != 0x81 && cmd.P1 != 0xC1: // SET, for the outer world
		return answer(statusNoFunction)
	case cmd.P2 != forAuthentication || string(reference) != "\x80":
		return answer(statusInvalidData)
	}
	g.now.keyChosen = true
	return answer(iso7816.StatusOK)
}

func (g *gidsApplication) authenticate(cmd iso7816.Command) (iso7816.Response, error) {
	if cmd.P1 != 0 || cmd.P2 != 0 {
		return answer(iso7816.StatusWrongP1P2), nil
	}
	template, err := iso7816.FindIn(cmd.Data, 0x7C)
	if err != nil {
		return answer(statusInvalidData), nil
	}
	objects, err := iso7816.ParseObjects(template)
	if err != nil {
		return answer(statusInvalidData), nil
	}
	if theirs, ok := iso7816.Find(objects, 0x81); ok {
		return g.ask(theirs), nil
	}
	if response, ok := iso7816.Find(objects, 0x82); ok {
		return g.hear(response)
	}
	return answer(statusInvalidData), nil
}

// ask answers a challenge of 16 bytes by another, for the mutual form, and an
// empty one by 8 bytes, for the single form. It ends what was authorised.
func (g *gidsApplication) ask(theirs []byte) iso7816.Response {
	g.now.authorised = false
	g.now.challenge, g.now.theirs = nil, nil
	length := mutualChallenge
	switch len(theirs) {
	case mutualChallenge:
		g.now.theirs = bytes.Clone(theirs)
	case 0:
		length = singleChallenge
	default:
		return answer(statusInvalidData)
	}
	g.now.challenge = make([]byte, length)
	rand.Read(g.now.challenge)
	return dynamic(0x81, g.now.challenge)
}

func dynamic(tag uint32, value []byte) iso7816.Response {
	inner := iso7816.AppendObject(nil, tag, value)
	return iso7816.Response{Data: iso7816.AppendObject(nil, 0x7C, inner), Status: iso7816.StatusOK}
}

// hear tests the response to the open challenge, which counts once.
func (g *gidsApplication) hear(response []byte) (iso7816.Response, error) {
	challenge, theirs := g.now.challenge, g.now.theirs
	if challenge == nil || !g.now.keyChosen {
		return answer(iso7816.StatusNoConditions), nil
	}
	g.now.challenge, g.now.theirs = nil, nil
	s, err := g.tryKey(g.rightResponse(response, challenge, theirs))
	if err != nil || s != iso7816.StatusOK {
		return answer(s), err
	}
	g.now.authorised = true
	if theirs == nil {
		return answer(s), nil
	}
	return dynamic(0x82, g.half(challenge, theirs)), nil
}

// tryKey books a try for cards that count them. Of the others, the key of one
// that has none left is blocked all the same.
func (g *gidsApplication) tryKey(right bool) (iso7816.Status, error) {
	key := &g.kept.AdminKey
	switch {
	case key.Left == 0 || g.card.state.Quirks.CountsAdmin:
		return g.card.try(key, right)
	case right:
		return iso7816.StatusOK, nil
	}
	return iso7816.StatusNotAllowed, nil
}

func (g *gidsApplication) rightResponse(response, challenge, theirs []byte) bool {
	if theirs == nil {
		return len(response) == singleChallenge && bytes.Equal(g.crypt(response, false), challenge)
	}
	if len(response) != mutualResponse {
		return false
	}
	plain, both := g.crypt(response, false), append(bytes.Clone(challenge), theirs...)
	return bytes.HasPrefix(plain, both) && bytes.HasSuffix(plain, []byte{0x80})
}

// half is the same the other way round, with the card's part of a session key
// that nobody uses.
func (g *gidsApplication) half(challenge, theirs []byte) []byte {
	plain := make([]byte, mutualResponse)
	rand.Read(plain)
	copy(plain, theirs)
	copy(plain[mutualChallenge:], challenge)
	plain[mutualResponse-1] = 0x80
	return g.crypt(plain, true)
}

// crypt is 3DES-CBC without an initial vector.
func (g *gidsApplication) crypt(text []byte, encrypt bool) []byte {
	key, err := hex.DecodeString(g.kept.AdminKey.Value)
	if err != nil {
		return nil // a key that was broken in the file is nobody's
	}
	block, err := des.NewTripleDESCipher(key)
	if err != nil {
		return nil
	}
	out, vector := make([]byte, len(text)), make([]byte, des.BlockSize)
	mode := cipher.NewCBCDecrypter(block, vector)
	if encrypt {
		mode = cipher.NewCBCEncrypter(block, vector)
	}
	mode.CryptBlocks(out, text)
	return out
}
