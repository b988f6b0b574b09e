package piv

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
)

// Data objects, SP 800-73-4 part 1, table 3.
const (
	objectCHUID    = 0x5FC102
	objectPIVAuth  = 0x5FC105 // certificate of key 9A, the log-in key
	objectCardAuth = 0x5FC101 // certificate of key 9E
)

// Rule is what a strict PIV card accepts as a passcode (SP 800-73-4 part 2,
// 2.4.3).
func Rule() reader.Rule { return reader.Rule{Min: 6, Max: 8, Digits: true} }

// Info reads what the card says about itself. It takes five commands from a
// card that answers at length, after the one that selected it.
func (c *Card) Info(ctx context.Context) (reader.Info, error) {
	id, err := c.id(ctx)
	if err != nil {
		return reader.Info{}, err
	}
	info := reader.Info{Profile: Profile, ID: id, Rule: Rule(), Rotates: true}
	if info.Tries, err = c.Tries(ctx); err != nil {
		return reader.Info{}, err
	}
	if info.PUKTries, info.Factory, err = c.pukState(ctx); err != nil {
		return reader.Info{}, err
	}
	if err := c.readCertificates(ctx, &info); err != nil {
		return reader.Info{}, err
	}
	return info, nil
}

func (c *Card) id(ctx context.Context) (string, error) {
	chuid, err := c.read(ctx, objectCHUID)
	if errors.Is(err, errMissing) {
		return "", fmt.Errorf("a PIV card without a name: %w", reader.ErrUnknownCard)
	}
	if err != nil {
		return "", fmt.Errorf("reading the card's id: %w", err)
	}
	id, err := ParseCHUID(chuid)
	if err != nil {
		return "", fmt.Errorf("%w: %w", reader.ErrUnknownCard, err)
	}
	return id, nil
}

// Tries asks for the passcode tries left with an empty VERIFY (SP 800-73-4
// part 2, 3.2.1). A card answers 9000, without the counter, when a passcode is
// already verified: then the verification, which is not ours, is dropped and
// the question put again. Unknown means verified on a card that cannot drop it.
func (c *Card) Tries(ctx context.Context) (int, error) {
	tries, err := iso7816.Tries(ctx, c.link, refPasscode)
	if err != nil || tries != reader.Unknown {
		return tries, err
	}
	// P1 = FF drops the verification.
	_, err = iso7816.Exchange(ctx, c.link, iso7816.Command{INS: iso7816.InsVerify, P1: 0xFF, P2: refPasscode})
	if err != nil {
		return 0, fmt.Errorf("dropping a verified passcode: %w", err)
	}
	return iso7816.Tries(ctx, c.link, refPasscode)
}

// insMetadata is GET METADATA of YubiKey 5.3 and later, the only way to read
// the PUK's counter without spending a try; others refuse the instruction.
const insMetadata = 0xF7

// pukState asks how many tries the PUK has left and whether it is still the
// factory's.
func (c *Card) pukState(ctx context.Context) (tries int, factory bool, err error) {
	r, err := iso7816.Exchange(ctx, c.link, iso7816.Command{INS: insMetadata, P2: refPUK, Le: iso7816.MaxShort})
	if err != nil {
		return 0, false, fmt.Errorf("reading the PUK tries: %w", err)
	}
	objects, err := iso7816.ParseObjects(r.Data)
	if r.Status != iso7816.StatusOK || err != nil {
		return reader.Unknown, false, nil
	}
	tries = reader.Unknown
	if retries, ok := iso7816.Find(objects, 0x06); ok && len(retries) == 2 { // most tries, tries left
		tries = int(retries[1])
	}
	is, ok := iso7816.Find(objects, 0x05)
	return tries, ok && bytes.Equal(is, []byte{1}), nil
}

// readCertificates fills in the dates of the log-in certificate, or those of
// the card authentication certificate where there is no other, and remembers
// the latter for Prove.
func (c *Card) readCertificates(ctx context.Context, info *reader.Info) error {
	w, err := c.findWitness(ctx)
	switch {
	case err == nil:
		info.Proves = true
		info.NotBefore, info.NotAfter = w.certificate.NotBefore, w.certificate.NotAfter
	case !errors.Is(err, reader.ErrNoProof):
		return err
	}
	login, err := c.certificate(ctx, objectPIVAuth)
	switch {
	case err == nil:
		info.NotBefore, info.NotAfter = login.NotBefore, login.NotAfter
	case !errors.Is(err, errMissing) && !errors.Is(err, iso7816.ErrMalformed):
		return err
	}
	return nil
}
