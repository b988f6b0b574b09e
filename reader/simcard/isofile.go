package simcard

import (
	"encoding/asn1"
	"encoding/binary"

	"unlockpoint/reader/iso7816"
)

// insReadBinary is READ BINARY, ISO/IEC 7816-4:2020, 11.3.3.
const insReadBinary = 0xB0

// The files of a card that pkcs15-init has set up, by their ids: the folder
// 5015 with the object directory, a file about the token, and one about its
// passcodes (PKCS #15 v1.1, 5).
const (
	fileMaster    = 0x3F00
	filePKCS15    = 0x5015
	fileODF       = 0x5031
	fileTokenInfo = 0x5032
	fileAODF      = 0x4401
)

// selectFile finds a file by the last id of its path: the applet lets no two
// files have one (IsoFileSystem.java).
func (i *isoApplication) selectFile(cmd iso7816.Command) iso7816.Response {
	if len(cmd.Data) < 2 || len(cmd.Data)%2 != 0 {
		return answer(iso7816.StatusWrongData)
	}
	id := binary.BigEndian.Uint16(cmd.Data[len(cmd.Data)-2:])
	content, file := isoFiles()[id]
	if !file && id != fileMaster && id != filePKCS15 {
		return answer(iso7816.StatusNotFound)
	}
	i.file = content
	const withoutAnswer = 0x0C // P2
	if cmd.P2&withoutAnswer == withoutAnswer {
		return answer(iso7816.StatusOK)
	}
	return iso7816.Response{Data: controlParameters(id, len(content), file), Status: iso7816.StatusOK}
}

// controlParameters describe a file: ISO/IEC 7816-4:2020, 7.4.3.
func controlParameters(id uint16, size int, file bool) []byte {
	kind := []byte{0x38} // a folder
	if file {
		kind = []byte{0x01} // a transparent file
	}
	b := iso7816.AppendObject(nil, 0x81, binary.BigEndian.AppendUint16(nil, uint16(size)))
	b = iso7816.AppendObject(b, 0x82, kind)
	b = iso7816.AppendObject(b, 0x83, binary.BigEndian.AppendUint16(nil, id))
	// Everybody may read; nobody may do anything else.
	b = iso7816.AppendObject(b, 0x86, []byte{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00})
	return iso7816.AppendObject(nil, 0x6F, b)
}

func (i *isoApplication) readBinary(cmd iso7816.Command) iso7816.Response {
	offset := int(cmd.P1)<<8 | int(cmd.P2)
	switch {
	case i.file == nil:
		return answer(0x6981) // no file with bytes is selected
	case offset >= len(i.file):
		return answer(0x6B00) // behind its end
	}
	end := min(offset+orAll(cmd.Le), len(i.file))
	return iso7816.Response{Data: i.file[offset:end], Status: iso7816.StatusOK}
}

func orAll(le int) int {
	if le == 0 {
		return iso7816.MaxShort
	}
	return le
}

// isoFiles are the files' contents.
func isoFiles() map[uint16][]byte {
	path := []byte{0x3F, 0x00, 0x50, 0x15, 0x44, 0x01}
	return map[uint16][]byte{
		fileODF:       der(0xA8, der(0x30, der(0x04, path))),
		fileTokenInfo: der(0x30, der(0x02, []byte{0}), der(0x04, []byte{1, 2, 3, 4}), der(0x0C, []byte("IsoApplet")), der(0x80, []byte("Virtual card")), der(0x03, []byte{0x04, 0x10})),
		fileAODF:      isoPasscodes(),
	}
}

// isoPasscodes is the entry of the one passcode: PKCS #15 v1.1, 6.9.
func isoPasscodes() []byte {
	const ascii = 1
	flags := []byte{0x02, 0x4C} // local, initialised, padded
	what := der(0x30, der(0x0C, []byte("Passcode")), der(0x03, []byte{0x06, 0xC0}))
	who := der(0x30, der(0x04, []byte{1}))
	form := der(0x30,
		der(0x03, flags), der(0x0A, []byte{ascii}),
		der(0x02, []byte{isoShortest}), der(0x02, []byte{isoLength}), der(0x02, []byte{isoLength}),
		der(0x80, []byte{refIsoPasscode}), der(0x04, []byte{0}))
	return der(0x30, what, who, der(0xA1, form))
}

// der is one object of ASN.1 around others.
func der(tag byte, parts ...[]byte) []byte {
	var content []byte
	for _, p := range parts {
		content = append(content, p...)
	}
	v := asn1.RawValue{Class: int(tag >> 6), Tag: int(tag & 0x1F), IsCompound: tag&0x20 != 0, Bytes: content}
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err) // of a constant
	}
	return b
}
