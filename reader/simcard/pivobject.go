package simcard

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"

	"unlockpoint/reader/iso7816"
)

// getData answers GET DATA, SP 800-73-4 part 2, 3.1.2.
func (p *pivApplication) getData(cmd iso7816.Command) iso7816.Response {
	if cmd.P1 != 0x3F || cmd.P2 != 0xFF {
		return answer(iso7816.StatusWrongP1P2)
	}
	tag, err := iso7816.FindIn(cmd.Data, 0x5C)
	if err != nil {
		return answer(iso7816.StatusWrongData)
	}
	if data := p.object(string(tag)); data != nil {
		return iso7816.Response{Data: data, Status: iso7816.StatusOK}
	}
	return answer(iso7816.StatusNotFound)
}

func (p *pivApplication) object(tag string) []byte {
	switch tag {
	case "\x5F\xC1\x02":
		return iso7816.AppendObject(nil, 0x53, p.chuid())
	case "\x5F\xC1\x01":
		return certificateObject(p.kept.Certificate)
	case "\x5F\xC1\x05":
		return certificateObject(p.kept.Login)
	case "\x7E": // discovery: the passcode is the application's own
		inner := iso7816.AppendObject(nil, 0x4F, pivAID)
		inner = iso7816.AppendObject(inner, 0x5F2F, []byte{0x40, 0x00})
		return iso7816.AppendObject(nil, 0x7E, inner)
	}
	return nil
}

// chuid is SP 800-73-4 part 1, table 9, without the issuer's signature.
func (p *pivApplication) chuid() []byte {
	b := iso7816.AppendObject(nil, 0x30, p.kept.FASCN)
	b = iso7816.AppendObject(b, 0x34, p.kept.GUID)
	b = iso7816.AppendObject(b, 0x35, []byte(p.kept.Expiry))
	b = iso7816.AppendObject(b, 0x3E, nil)
	return iso7816.AppendObject(b, 0xFE, nil)
}

func certificateObject(der []byte) []byte {
	if der == nil {
		return nil
	}
	b := iso7816.AppendObject(nil, 0x70, der)
	b = iso7816.AppendObject(b, 0x71, []byte{0})
	b = iso7816.AppendObject(b, 0xFE, nil)
	return iso7816.AppendObject(nil, 0x53, b)
}

// The card authentication key, SP 800-78-4, tables 6-1 and 6-2.
const (
	refCardAuth = 0x9E
	algRSA2048  = 0x07
	algECCP256  = 0x11
)

// authenticate signs with the card authentication key, which asks for no
// passcode.
func (p *pivApplication) authenticate(cmd iso7816.Command) iso7816.Response {
	if cmd.P2 != refCardAuth {
		return answer(iso7816.StatusNoReference)
	}
	template, err := iso7816.FindIn(cmd.Data, 0x7C)
	if err != nil {
		return answer(iso7816.StatusWrongData)
	}
	challenge, err := iso7816.FindIn(template, 0x81)
	if err != nil {
		return answer(iso7816.StatusWrongData)
	}
	signature, ok := p.sign(cmd.P1, challenge)
	if !ok {
		return answer(iso7816.StatusWrongData)
	}
	signature = iso7816.AppendObject(nil, 0x82, signature)
	return iso7816.Response{Data: iso7816.AppendObject(nil, 0x7C, signature), Status: iso7816.StatusOK}
}

func (p *pivApplication) sign(algorithm byte, challenge []byte) ([]byte, bool) {
	key, err := x509.ParsePKCS8PrivateKey(p.kept.Key)
	if err != nil {
		return nil, false
	}
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		if algorithm != algECCP256 || len(challenge) != 32 {
			return nil, false
		}
		signature, err := k.Sign(rand.Reader, challenge, crypto.SHA256)
		return signature, err == nil
	case *rsa.PrivateKey:
		if algorithm != algRSA2048 || len(challenge) != k.Size() {
			return nil, false
		}
		return raise(k, challenge), true
	}
	return nil, false
}

// raise raises the block, padded by the caller, to the private exponent. It
// is not constant in time: this is a virtual card.
func raise(k *rsa.PrivateKey, block []byte) []byte {
	m := new(big.Int).SetBytes(block)
	return m.Exp(m, k.D, k.N).FillBytes(make([]byte, k.Size()))
}

// metadata answers GET METADATA for passcode, PUK and the key that manages the
// card: the kind of key, whether it is the factory's, and its tries.
func (p *pivApplication) metadata(cmd iso7816.Command) iso7816.Response {
	if !p.card.state.Quirks.Metadata {
		return answer(iso7816.StatusUnknownINS)
	}
	s := &p.kept.PIN
	switch cmd.P2 {
	case refPIN:
	case refPUK:
		s = &p.kept.PUK
	case refManagement: // a 3DES key, which needs no touch and is not the factory's
		b := iso7816.AppendObject(nil, 0x01, []byte{0x03})
		b = iso7816.AppendObject(b, 0x02, []byte{0x00, 0x01})
		b = iso7816.AppendObject(b, 0x05, []byte{0x00})
		return iso7816.Response{Data: b, Status: iso7816.StatusOK}
	default:
		return answer(iso7816.StatusNoReference)
	}
	b := iso7816.AppendObject(nil, 0x01, []byte{0xFF})
	b = iso7816.AppendObject(b, 0x05, []byte{factory(s)})
	b = iso7816.AppendObject(b, 0x06, []byte{byte(s.Max), byte(s.Left)})
	return iso7816.Response{Data: b, Status: iso7816.StatusOK}
}

// factory is 1 for a passcode or PUK as it comes from the factory.
func factory(s *secret) byte {
	if s.Value == "123456" || s.Value == "12345678" {
		return 1
	}
	return 0
}

// version is that of a YubiKey which has GET METADATA (since 5.3.0), or of one
// that has not: ykman asks whoever says it is new.
func (p *pivApplication) version() iso7816.Response {
	switch q := p.card.state.Quirks; {
	case !q.Version:
		return answer(iso7816.StatusUnknownINS)
	case !q.Metadata:
		return iso7816.Response{Data: []byte{5, 2, 7}, Status: iso7816.StatusOK}
	}
	return iso7816.Response{Data: []byte{5, 4, 3}, Status: iso7816.StatusOK}
}
