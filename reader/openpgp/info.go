package openpgp

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// about is what a card says of itself, and has to be known before it is sent
// a secret.
type about struct {
	id     string
	status status
	hashes bool // the card may have KDF: see there
	kdf    kdf
}

// Info reads what the card says about itself, in two or three commands after
// the one that selected it: the third is how a card that may have KDF wants
// its passcodes.
func (c *Card) Info(ctx context.Context) (reader.Info, error) {
	c.about = nil
	a, err := c.ask(ctx)
	if err != nil {
		return reader.Info{}, err
	}
	info := reader.Info{
		Profile: Profile, ID: a.id, Rule: reader.Rule{Min: shortest, Max: a.roomFor(a.status.most)},
		Tries: a.status.tries, PUKTries: a.status.adminTries, Rotates: true,
	}
	info.NotBefore, info.NotAfter, err = c.dates(ctx)
	return info, err
}

// ask reads the application related data, once.
func (c *Card) ask(ctx context.Context) (*about, error) {
	if c.about != nil {
		return c.about, nil
	}
	data, found, err := c.read(ctx, objectApplication)
	if err != nil {
		return nil, fmt.Errorf("reading the application related data: %w", err)
	}
	if !found {
		return nil, fmt.Errorf("an OpenPGP card that tells nothing: %w", reader.ErrUnknownCard)
	}
	a, err := parseAbout(data)
	switch {
	case errors.Is(err, reader.ErrUnsupported):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", reader.ErrUnknownCard, err)
	}
	if a.hashes {
		if a.kdf, err = c.readKDF(ctx, a.status); err != nil {
			return nil, err
		}
	}
	c.about = &a
	return c.about, nil
}

// parseAbout reads the data object 6E: 4F the identifier, and in 73 the
// extended capabilities C0 and the PW status C4 (4.4.1).
func parseAbout(data []byte) (about, error) {
	objects, err := iso7816.ParseObjects(unwrap(data, objectApplication))
	if err != nil {
		return about{}, fmt.Errorf("application related data: %w", err)
	}
	name, _ := iso7816.Find(objects, 0x4F)
	discretionary, _ := iso7816.Find(objects, 0x73)
	inner, err := iso7816.ParseObjects(discretionary)
	if err != nil {
		return about{}, fmt.Errorf("discretionary data: %w", err)
	}
	var a about
	if a.id, err = nameCard(name); err != nil {
		return about{}, err
	}
	word, _ := iso7816.Find(inner, objectStatus)
	if a.status, err = parseStatus(word); err != nil {
		return about{}, err
	}
	const withKDF = 0x01 // first byte of the extended capabilities, 4.4.3.7
	capabilities, _ := iso7816.Find(inner, 0xC0)
	a.hashes = len(capabilities) > 0 && capabilities[0]&withKDF != 0
	return a, nil
}

// unwrap drops the object's own tag, with which some cards send it.
func unwrap(data []byte, object uint32) []byte {
	if objects, err := iso7816.ParseObjects(data); err == nil && len(objects) == 1 && objects[0].Tag == object {
		return objects[0].Value
	}
	return data
}

// The application identifier, 4.2.1: the application, its version, the
// manufacturer, the serial number, two bytes for later.
const (
	lengthAID    = 16
	atVersion    = 6
	atName       = 8 // of the manufacturer, and the serial number
	atSerial     = 10
	endSerial    = 14
	leastVersion = 2 // those before it have two passcodes instead of PW1
)

// nameCard makes the id that central knows the card by. A serial number of
// zeros is that of every card that nobody gave one.
func nameCard(name []byte) (string, error) {
	switch {
	case len(name) != lengthAID || !bytes.HasPrefix(name, aid):
		return "", fmt.Errorf("an identifier that is none: %w", iso7816.ErrMalformed)
	case name[atVersion] < leastVersion:
		return "", fmt.Errorf("OpenPGP card version %X: %w", name[atVersion], reader.ErrUnsupported)
	case len(bytes.Trim(name[atSerial:endSerial], "\x00")) == 0:
		return "", fmt.Errorf("a card without a number: %w", iso7816.ErrMalformed)
	}
	return Profile + ":" + hex.EncodeToString(name[atName:endSerial]), nil
}
