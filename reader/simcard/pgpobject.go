package simcard

import (
	"encoding/binary"

	"unlockpoint/reader/iso7816"
)

// getData answers GET DATA by tag, OpenPGP card 3.4, 7.2.6 and 4.4.1.
func (p *pgpApplication) getData(cmd iso7816.Command) iso7816.Response {
	data, ok := p.object(uint16(cmd.P1)<<8 | uint16(cmd.P2))
	if !ok {
		return answer(iso7816.StatusNoReference)
	}
	return iso7816.Response{Data: data, Status: iso7816.StatusOK}
}

func (p *pgpApplication) object(tag uint16) ([]byte, bool) {
	switch tag {
	case 0x004F:
		return p.aid(), true
	case 0x005E, 0x5F50, 0x0101, 0x0102: // log-in name, address of the public key, private use
		return nil, true
	case 0x5F52:
		return p.history(), true
	case 0x0065: // the cardholder, whom nobody named
		b := iso7816.AppendObject(nil, 0x5B, nil)
		b = iso7816.AppendObject(b, 0x5F2D, []byte("en"))
		return iso7816.AppendObject(nil, 0x65, iso7816.AppendObject(b, 0x5F35, []byte{'9'})), true
	case 0x006E:
		return p.application(), true
	case 0x007A: // the signature counter
		return iso7816.AppendObject(nil, 0x7A, iso7816.AppendObject(nil, 0x93, []byte{0, 0, 0})), true
	case 0x00C4:
		return p.status(), true
	case 0x00F9:
		return p.kdf(), true
	case 0x7F21:
		return p.certificate(), true
	}
	return nil, false
}

// certificate is that of the authentication key, the first of three, or
// nothing: the others were never stored.
func (p *pgpApplication) certificate() []byte {
	if p.which > 0 {
		return nil
	}
	return p.kept.Certificate
}

// selectData chooses which of the objects of one tag is meant from now on,
// 7.2.5. There are several certificates alone.
func (p *pgpApplication) selectData(cmd iso7816.Command) iso7816.Response {
	const last = 2
	if string(cmd.Data) != "\x60\x04\x5C\x02\x7F\x21" || cmd.P1 > last {
		return answer(iso7816.StatusNoReference)
	}
	p.which = cmd.P1
	return answer(iso7816.StatusOK)
}

// history is the historical bytes, 6: the card may be selected by a part of its
// name, it chains commands and, unless it has that habit, takes long ones; it
// is in use.
func (p *pgpApplication) history() []byte {
	const chains, long = 0x80, 0x40
	can := byte(chains | long)
	if q := p.card.state.Quirks; q.ShortOnly || q.parts() {
		can = chains
	}
	return []byte{0x00, 0x31, 0xF5, 0x73, 0xC0, 0x01, can, 0x05, 0x90, 0x00}
}

// application is the application related data.
func (p *pgpApplication) application() []byte {
	b := iso7816.AppendObject(nil, 0x4F, p.aid())
	b = iso7816.AppendObject(b, 0x5F52, p.history())
	return iso7816.AppendObject(nil, 0x6E, iso7816.AppendObject(b, 0x73, p.discretionary()))
}

func (p *pgpApplication) discretionary() []byte {
	b := iso7816.AppendObject(nil, 0xC0, p.capabilities())
	for tag := uint32(0xC1); tag <= 0xC3; tag++ { // three keys of RSA 2048, which were never made
		b = iso7816.AppendObject(b, tag, []byte{0x01, 0x08, 0x00, 0x00, 0x20, 0x00})
	}
	b = iso7816.AppendObject(b, 0xC4, p.status())
	b = iso7816.AppendObject(b, 0xC5, make([]byte, 60)) // fingerprints
	b = iso7816.AppendObject(b, 0xC6, make([]byte, 60))
	return iso7816.AppendObject(b, 0xCD, make([]byte, 12)) // dates of the keys
}

// capabilities, 4.4.3.7: the card can have KDF, and nothing else that is
// optional; the longest certificate and special object, the form of passcodes.
func (p *pgpApplication) capabilities() []byte {
	const kdf = 0x01
	return []byte{kdf, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0xFF, 0x00, 0x00}
}

// status is the PW status bytes, 4.4.1: one verification is good for one
// signature; the longest PW1, resetting code and PW3; the tries of each.
func (p *pgpApplication) status() []byte {
	return []byte{0x00, pgpLongest, pgpLongest, pgpLongest, byte(p.kept.PW1.Left), byte(p.kept.RC.Left), byte(p.kept.PW3.Left)}
}

// kdf is the data object F9, 4.3.2: none; or the salts of PW1, resetting code
// and PW3, and what the factory's secrets would be.
func (p *pgpApplication) kdf() []byte {
	if !p.kept.KDF {
		return iso7816.AppendObject(nil, 0x81, []byte{0x00})
	}
	b := iso7816.AppendObject(nil, 0x81, []byte{0x03}) // KDF-ITERSALTED-S2K
	b = iso7816.AppendObject(b, 0x82, []byte{0x08})    // SHA-256
	b = iso7816.AppendObject(b, 0x83, binary.BigEndian.AppendUint32(nil, pgpCount))
	for i, salt := range []string{pgpSaltPW1, pgpSaltRC, pgpSaltPW3} {
		b = iso7816.AppendObject(b, 0x84+uint32(i), []byte(salt))
	}
	b = iso7816.AppendObject(b, 0x87, p.known(pgpFactoryPW1, pgpSaltPW1))
	return iso7816.AppendObject(b, 0x88, p.known(pgpFactoryPW3, pgpSaltPW3))
}
