package iso7816_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"unlockpoint/reader/iso7816"
)

// slow is a card on which every command takes a millisecond longer than the
// one before.
type slow struct {
	now   time.Time
	sent  int
	gone  int // the command at which the card is gone
	wrong error
}

func (s *slow) Transmit(context.Context, []byte) ([]byte, error) {
	s.sent++
	s.now = s.now.Add(time.Duration(s.sent) * time.Millisecond)
	if s.sent == s.gone {
		return nil, s.wrong
	}
	return []byte{0x63, 0xC2}, nil
}

func TestAMeterTellsCommandsAndNoSecrets(t *testing.T) {
	card := &slow{gone: 2, wrong: errors.New("gone")}
	meter := iso7816.NewMeter(card, func() time.Time { return card.now })
	meter.Transmit(t.Context(), []byte("\x00\x20\x00\x80\x06246810"))
	if _, err := meter.Transmit(t.Context(), []byte{0x00, 0xF7, 0x00, 0x81}); !errors.Is(err, card.wrong) {
		t.Errorf("the card's error became %v", err)
	}
	told := fmt.Sprint(meter.Timings())
	if want := "[{VERIFY 1ms 63C2} {INS F7 2ms 0000}]"; told != want {
		t.Errorf("told %s, want %s", told, want)
	}
	if strings.Contains(told, "246810") {
		t.Error("the passcode is told")
	}
}

func TestAMeterKeepsTheNewest(t *testing.T) {
	card := &slow{}
	meter := iso7816.NewMeter(card, func() time.Time { return card.now })
	for range 100 {
		meter.Transmit(t.Context(), []byte{0x00, 0xA4, 0x04, 0x00})
	}
	all := meter.Timings()
	if n := len(all); n != 32 || all[n-1].Took != 100*time.Millisecond {
		t.Errorf("%d are kept, the last took %v", n, all[n-1].Took)
	}
}
