package simcard

import (
	"encoding/binary"
	"encoding/hex"

	"unlockpoint/reader/iso7816"
)

// The files of an AuthentIC card, by their ids: below the root one folder, with
// its secrets, the PUK, and the lists of keys and certificates that a program
// looks for (pkcs15-oberthur.c), empty here.
const (
	fileOberthur   = 0x5011
	fileToken      = 0x1000
	filePUK        = 0x2000
	fileContainers = 0x3000
	filePublic     = 0x4000
	filePrivate    = 0x5000
)

// selectFile finds a folder or a file by its id: the root, the folder below it,
// or a file in the folder that is chosen.
func (o *oberthurApplication) selectFile(cmd iso7816.Command) iso7816.Response {
	if cmd.P1 != 0 {
		return answer(iso7816.StatusWrongP1P2)
	}
	if len(cmd.Data) != 2 {
		return answer(iso7816.StatusWrongData)
	}
	switch id := binary.BigEndian.Uint16(cmd.Data); {
	case id == fileMaster, id == fileOberthur:
		o.folder, o.file = id, 0
	case o.folder == fileOberthur && isOberthurFile(id):
		o.file = id
	default:
		return answer(iso7816.StatusNotFound)
	}
	const withoutAnswer = 0x0C // P2
	if cmd.P2&withoutAnswer == withoutAnswer {
		return answer(iso7816.StatusOK)
	}
	return iso7816.Response{Data: o.parameters(), Status: iso7816.StatusOK}
}

func isOberthurFile(id uint16) bool {
	switch id {
	case fileToken, filePUK, fileContainers, filePublic, filePrivate:
		return true
	}
	return false
}

// content is what the chosen file holds.
func (o *oberthurApplication) content() []byte {
	const entry = 5 // of a list; 00 begins one that is free
	switch o.file {
	case fileToken: // a label, and flags
		return append([]byte("Virtual card                    "), 0, 0, 0, 0)
	case filePUK:
		puk, err := hex.DecodeString(o.kept.PUK.Value)
		if err != nil {
			return nil // a state file that somebody has edited
		}
		return puk
	case filePublic, filePrivate:
		return make([]byte, entry)
	}
	return nil
}

// Access conditions (add_acl_entry in card-oberthur.c).
const (
	everybody    = 0x00
	officersOnly = 0x24
	nobody       = 0xFF
)

// parameters describe what is chosen, as auth_process_fci in card-oberthur.c
// reads it.
func (o *oberthurApplication) parameters() []byte {
	id, kind, size := o.file, []byte{0x01}, iso7816.AppendObject(nil, 0x80, binary.BigEndian.AppendUint16(nil, uint16(len(o.content()))))
	rights := []byte{nobody, nobody, everybody, nobody, nobody, nobody, nobody, nobody} // the third is to read
	switch id {
	case 0: // a folder
		id, kind, size = o.folder, []byte{0x38}, iso7816.AppendObject(nil, 0x85, []byte{0x00, 0x02})
		rights = make([]byte, 8)
	case filePUK:
		rights[2] = officersOnly
	case fileContainers: // records, of which there are none
		kind, size = []byte{0x04, 0x00, 0x00, 0x8D, 0x00}, iso7816.AppendObject(nil, 0x85, []byte{0x00})
	}
	b := append(size, iso7816.AppendObject(nil, 0x82, kind)...)
	b = iso7816.AppendObject(b, 0x83, binary.BigEndian.AppendUint16(nil, id))
	return iso7816.AppendObject(nil, 0x6F, iso7816.AppendObject(b, 0x86, rights))
}

// readBinary gives the PUK to the officer alone.
func (o *oberthurApplication) readBinary(cmd iso7816.Command) iso7816.Response {
	content, offset := o.content(), int(cmd.P1)<<8|int(cmd.P2)
	switch {
	case o.file == 0:
		return answer(0x6986) // no file is selected
	case o.file == fileContainers:
		return answer(0x6981) // a file of records
	case o.file == filePUK && !o.officer:
		return answer(iso7816.StatusNotAllowed)
	case offset >= len(content):
		return answer(0x6B00) // behind its end
	}
	return iso7816.Response{Data: content[offset:min(offset+orAll(cmd.Le), len(content))], Status: iso7816.StatusOK}
}
