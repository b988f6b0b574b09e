package simcard

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"

	"unlockpoint/reader/iso7816"
)

// gidsFile is a file of the card, as the minidriver knows it: a name in a
// folder, and the data object that holds it (OpenSC's card-gids.h).
type gidsFile struct {
	folder, name string
	ef, object   uint16
	content      []byte
}

// files lists what `gids-tool --initialize` makes, and the one certificate.
func (g *gidsApplication) files() []gidsFile {
	return []gidsFile{
		{"mscp", "", 0xA000, 0, nil}, // the folder itself
		{"", "cardid", 0xA012, 0xDF20, g.kept.CardID},
		{"", "cardapps", 0xA010, 0xDF21, []byte("mscp\x00\x00\x00\x00")},
		{"", "cardcf", 0xA010, 0xDF22, make([]byte, 6)},
		{"mscp", "cmapfile", 0xA010, 0xDF23, g.containers()},
		{"mscp", "kxc00", 0xA010, 0xDF24, zipped(g.kept.Certificate)},
	}
}

// master is the list of files, gids_mf_record_t.
func (g *gidsApplication) master() []byte {
	list := []byte{1}
	for _, f := range g.files() {
		record := make([]byte, 28)
		copy(record, f.folder)
		copy(record[9:], f.name)
		binary.LittleEndian.PutUint32(record[20:], uint32(f.object))
		binary.LittleEndian.PutUint32(record[24:], uint32(f.ef))
		list = append(list, record...)
	}
	return list
}

// containers is the file of keys, CONTAINER_MAP_RECORD: one that is valid and
// the default, for exchange.
func (g *gidsApplication) containers() []byte {
	record := make([]byte, 86)
	for i, letter := range "log-in" {
		record[2*i] = byte(letter)
	}
	record[80] = 3
	binary.LittleEndian.PutUint16(record[84:], uint16(g.kept.Bits))
	return record
}

// keymap is struct gids_keymap_record: where the one key would be.
func (g *gidsApplication) keymap() []byte {
	algorithm := byte(0x0C) // ECC P-256
	if g.kept.Bits == 2048 {
		algorithm = 0x07
	}
	return []byte{1, 1, 0, 0, 0, algorithm, 0x9A, 0x81, 0xB0, 0xFF, 0xFF, 0, 0}
}

// zipped is a certificate as the minidriver writes it.
func zipped(der []byte) []byte {
	var b bytes.Buffer
	b.Write([]byte{1, 0, byte(len(der)), byte(len(der) >> 8)})
	z := zlib.NewWriter(&b)
	z.Write(der) // a buffer takes everything
	z.Close()
	return b.Bytes()
}

// getData answers GET DATA: the parameters name a file, the data an object.
func (g *gidsApplication) getData(cmd iso7816.Command) iso7816.Response {
	ef := uint16(cmd.P1)<<8 | uint16(cmd.P2)
	tag, err := iso7816.FindIn(cmd.Data, 0x5C)
	switch {
	case err != nil:
		return answer(statusInvalidData)
	case ef == 0x2F01 && len(tag) == 0: // EF.ATR: what the card can do, and who made it
		return iso7816.Response{Data: []byte("\x43\x01\xF4\x47\x03\x08\x01\x80\x46\x07Virtual"), Status: iso7816.StatusOK}
	case len(tag) != 2:
		return answer(statusInvalidData)
	}
	return g.object(ef, binary.BigEndian.Uint16(tag))
}

func (g *gidsApplication) object(ef, tag uint16) iso7816.Response {
	content, status := []byte(nil), iso7816.StatusNotFound
	switch {
	case ef == 0x3FFF:
		content, status = g.passcodeStatus(tag)
	case ef == 0xA000 && tag == 0xDF1F:
		content, status = g.master(), iso7816.StatusOK
	case ef == 0xA000 && tag == 0xDF20:
		content, status = g.keymap(), iso7816.StatusOK
	default:
		content, status = g.file(ef, tag)
	}
	if status != iso7816.StatusOK {
		return answer(status)
	}
	return iso7816.Response{Data: iso7816.AppendObject(nil, uint32(tag), content), Status: status}
}

// file tells a file that is not there from one without the object.
func (g *gidsApplication) file(ef, tag uint16) ([]byte, iso7816.Status) {
	status := iso7816.StatusNotFound
	for _, f := range g.files() {
		if f.ef == ef {
			status = iso7816.StatusNoReference
		}
		if f.ef == ef && f.object == tag && tag != 0 {
			return f.content, iso7816.StatusOK
		}
	}
	return nil, status
}

// passcodeStatus has two names for the one passcode; 7F73 would be a PUK's.
func (g *gidsApplication) passcodeStatus(tag uint16) ([]byte, iso7816.Status) {
	switch tag {
	case 0x7F71, 0x7F72:
		pin := g.kept.PIN
		return []byte{0x97, 1, byte(pin.Left), 0x93, 1, byte(pin.Max)}, iso7816.StatusOK
	case 0x7F73:
		return nil, iso7816.StatusNoReference
	}
	return nil, statusInvalidData
}
