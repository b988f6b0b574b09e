package pcsc

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader/pcsc/pcsctest"
	"unlockpoint/reader/simcard"
)

// queryTries is an empty VERIFY: the shortest question that a PIV card answers.
var queryTries = []byte{0x00, 0x20, 0x00, 0x80}

// BenchmarkOverhead tells what this package adds to a command over what
// libpcsclite, pcscd, vpcd and the card take for the same command: the 95th
// percentile of the differences.
func BenchmarkOverhead(b *testing.B) {
	stack := pcsctest.Start(b)
	stack.Join(b)
	card, err := simcard.New(simcard.Config{})
	if err != nil {
		b.Fatal(err)
	}
	in, out := context.WithCancel(b.Context())
	taken := make(chan error, 1)
	go func() { taken <- simcard.Dial(in, stack.Slots[0], card) }()
	defer func() { out(); <-taken }()

	var clock stopwatch
	slot := NewSlot(Config{Readers: stack.Readers[:1]})
	slot.establish = clock.establish
	watching, stop := context.WithCancel(b.Context())
	seen := slot.Watch(watching)
	for p := range seen {
		if p.Card {
			break
		}
	}
	stop()
	for range seen {
	}
	link, err := slot.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer link.Close()
	const commands = 2000
	for b.Loop() {
		ours := make([]time.Duration, commands)
		for i := range ours {
			began := time.Now()
			if _, err := link.Transmit(b.Context(), queryTries); err != nil {
				b.Fatal(err)
			}
			ours[i] = time.Since(began) - clock.last
		}
		slices.Sort(ours)
		b.ReportMetric(float64(ours[commands*95/100])/1e6, "ms/overhead")
	}
}

// stopwatch tells how long PC/SC took for the last command. Who waits for the
// command's end may read it.
type stopwatch struct{ last time.Duration }

func (w *stopwatch) establish() (service, error) {
	s, err := establish()
	return timedService{s, w}, err
}

type timedService struct {
	service
	watch *stopwatch
}

func (s timedService) Connect(reader string, mode scard.ShareMode, protocol scard.Protocol) (card, error) {
	c, err := s.service.Connect(reader, mode, protocol)
	if err != nil {
		return nil, err
	}
	return timedCard{c, s.watch}, nil
}

type timedCard struct {
	card
	watch *stopwatch
}

func (c timedCard) Transmit(apdu []byte) ([]byte, error) {
	began := time.Now()
	defer func() { c.watch.last = time.Since(began) }()
	return c.card.Transmit(apdu)
}
