package piv

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"unlockpoint/reader/iso7816"
)

// Lengths of the two names of a card, SP 800-73-4 part 1, 3.1.2.
const (
	lengthFASCN = 25
	lengthGUID  = 16
)

// noAgency starts the FASC-N of cards that no agency numbers (agency 9999);
// all of them share the rest, so that the GUID is their name.
var noAgency = []byte{0xD4, 0xE7, 0x39}

// ParseCHUID names the card from the value of its card holder unique
// identifier. Despite that name it identifies the card, not the person.
func ParseCHUID(chuid []byte) (string, error) {
	objects, err := iso7816.ParseObjects(chuid)
	if err != nil {
		return "", fmt.Errorf("card holder unique identifier: %w", err)
	}
	fascn, _ := iso7816.Find(objects, 0x30)
	guid, _ := iso7816.Find(objects, 0x34)
	return nameCard(fascn, guid)
}

// nameCard makes the id that central knows the card by.
func nameCard(fascn, guid []byte) (string, error) {
	if len(fascn) == lengthFASCN && !bytes.HasPrefix(fascn, noAgency) && !blank(fascn) {
		return Profile + ":" + hex.EncodeToString(fascn), nil
	}
	if len(guid) == lengthGUID && !blank(guid) {
		return Profile + ":" + hex.EncodeToString(guid), nil
	}
	return "", fmt.Errorf("neither agency number nor GUID: %w", iso7816.ErrMalformed)
}

func blank(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }
