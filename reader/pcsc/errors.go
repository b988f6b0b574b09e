package pcsc

import (
	"errors"
	"fmt"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
)

// translate turns what PC/SC says into the words of package reader, for a
// session that is open.
func translate(doing string, err error) error {
	var code scard.Error
	if !errors.As(err, &code) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	switch code {
	case scard.ErrRemovedCard, scard.ErrNoSmartcard, scard.ErrNotTransacted, scard.ErrInvalidHandle:
		return fmt.Errorf("%s: %w", doing, reader.ErrCardGone)
	case scard.ErrResetCard:
		return fmt.Errorf("%s: %w", doing, reader.ErrCardReset)
	case scard.ErrSharingViolation:
		return fmt.Errorf("%s: %w", doing, reader.ErrInUse)
	case scard.ErrUnpoweredCard, scard.ErrUnresponsiveCard, scard.ErrUnsupportedCard, scard.ErrProtoMismatch:
		return fmt.Errorf("%s: %w", doing, reader.ErrMute)
	case scard.ErrNoService, scard.ErrServiceStopped, scard.ErrNoReadersAvailable,
		scard.ErrUnknownReader, scard.ErrReaderUnavailable, scard.ErrCommError,
		scard.ErrInvalidValue,      // what pcscd says of a card whose reader was unplugged
		scard.ErrSecurityViolation: // and libpcsclite of a connection that pcscd reset, as it ends or refuses us
		return fmt.Errorf("%s: %w", doing, reader.ErrNoReader)
	}
	return fmt.Errorf("%s: PC/SC code %08X", doing, uint32(code))
}

// notIn puts "gone" as one says it of a card that was never opened.
func notIn(err error) error {
	if errors.Is(err, reader.ErrCardGone) {
		return reader.ErrNoCard
	}
	return err
}

// over says whether there is nothing left to leave.
func over(err error) bool {
	err = translate("", err)
	return errors.Is(err, reader.ErrCardGone) || errors.Is(err, reader.ErrCardReset) || errors.Is(err, reader.ErrNoReader)
}
