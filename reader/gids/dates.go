package gids

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/validity"
)

// dates are those of the log-in certificate, zero when there is none that can
// be read. They take three commands: the list of files, and the certificate's
// beginning, as its dates stand in front of the name and key that make it long.
func (c *Card) dates(ctx context.Context) (notBefore, notAfter time.Time, err error) {
	master, err := c.read(ctx, placeMaster)
	if none(err) {
		return notBefore, notAfter, nil
	}
	if err != nil {
		return notBefore, notAfter, fmt.Errorf("reading the list of files: %w", err)
	}
	where, ok := findCertificate(master)
	if !ok {
		return notBefore, notAfter, nil
	}
	object, err := c.begin(ctx, where)
	if none(err) {
		return notBefore, notAfter, nil
	}
	if err != nil {
		return notBefore, notAfter, fmt.Errorf("reading the log-in certificate: %w", err)
	}
	notBefore, notAfter, _ = parseDates(object)
	return notBefore, notAfter, nil
}

// none says that the card has no such file, or nonsense in its place. A card
// can be unlocked without.
func none(err error) bool {
	var refusal iso7816.StatusError
	return errors.Is(err, errMissing) || errors.Is(err, iso7816.ErrMalformed) || errors.As(err, &refusal)
}

// The list of files, gids_mf_record_t in card-gids.h: a version, then records
// of two names and two numbers, little end first.
const (
	masterVersion = 1
	recordLength  = 28
	nameLength    = 9
	atObject      = 20 // aligned to four bytes, as a C compiler does
	atFile        = 24
)

// Certificate files are called kxc00 or ksc00, with the number of the key: of
// the one that decrypts, which is the one for logging in, and of the one that
// only signs (gids_build_certificate_path in card-gids.c).
const (
	certificateFolder = "mscp"
	exchangeFile      = "kxc"
	signatureFile     = "ksc"
)

// findCertificate finds the first certificate of a key that can decrypt, or
// else of one that only signs.
func findCertificate(master []byte) (place, bool) {
	if len(master) == 0 || master[0] != masterVersion {
		return place{}, false
	}
	for _, kind := range []string{exchangeFile, signatureFile} {
		for r := master[1:]; len(r) >= recordLength; r = r[recordLength:] {
			if text(r[:nameLength]) == certificateFolder && bytes.HasPrefix(r[nameLength:2*nameLength], []byte(kind)) {
				object, file := binary.LittleEndian.Uint32(r[atObject:]), binary.LittleEndian.Uint32(r[atFile:])
				return place{uint16(file), uint16(object)}, true
			}
		}
	}
	return place{}, false
}

func text(b []byte) string {
	before, _, _ := bytes.Cut(b, []byte{0})
	return string(before)
}

// packed starts a certificate, gids_encode_certificate in card-gids.c: a
// version, the length unpacked in two bytes, and zlib.
var packed = []byte{1, 0}

const (
	packedHeader = 4
	longestStart = 4 << 10 // of what two parts may unpack to
)

var errCertificate = fmt.Errorf("the beginning of a certificate: %w", iso7816.ErrMalformed)

// parseDates finds the dates of a certificate in the beginning of its data
// object.
func parseDates(object []byte) (notBefore, notAfter time.Time, err error) {
	const tagLength = 2
	value, ok := validity.Inside(object, tagLength)
	if !ok || len(value) < packedHeader || !bytes.HasPrefix(value, packed) {
		return notBefore, notAfter, errCertificate
	}
	unzip, err := zlib.NewReader(bytes.NewReader(value[packedHeader:]))
	if err != nil {
		return notBefore, notAfter, errCertificate
	}
	der, _ := io.ReadAll(io.LimitReader(unzip, longestStart)) // cut short on purpose
	return validity.Read(der)
}
