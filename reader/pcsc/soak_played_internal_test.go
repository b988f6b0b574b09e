package pcsc

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"unlockpoint/reader"
	"unlockpoint/reader/simcard"
)

// played is a soak's ground in this process: everything above the service is
// the real thing, the service is the daemon of these tests.
type played struct{ d *daemon }

func (p played) name(i int) string                { return [...]string{left, right}[i] }
func (p played) insert(i int, card *simcard.Card) { p.d.insert(p.name(i), card) }
func (p played) pull(i int)                       { p.d.pull(p.name(i)) }
func (p played) restart() error                   { p.d.stop(); p.d.start(); return nil }
func (p played) crash() error                     { p.pause(10 * time.Millisecond); return p.restart() }
func (p played) pause(d time.Duration)            { time.Sleep(d) } // of the bubble's time

// resetVisit is what no program can do to a card that we hold under pcscd, and
// some drivers do.
func resetVisit(s *soak, at int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	s.ground.(played).d.reset(s.name(at))
	return errors.Join(endsWith(use(link), reader.ErrCardReset), link.Close())
}

// replugVisit pulls the reader out from under the card.
func replugVisit(s *soak, at int) error {
	link, err := s.open()
	if err != nil {
		return err
	}
	d := s.ground.(played).d
	d.unplug(s.name(at))
	err = endsWith(use(link), reader.ErrNoReader)
	d.plug(s.name(at), nil)
	return errors.Join(err, link.Close())
}

// 5,000 insertions with everything that can go wrong leave nothing behind. The
// service is played: TestSoakOverPcscd has the real one.
func TestSoakOverAPlayedService(t *testing.T) {
	const insertions = 5000
	synctest.Test(t, func(t *testing.T) {
		d := newDaemon(t, left, right)
		slot := NewSlot(Config{})
		slot.establish = d.establish
		ctx, leave := context.WithCancel(t.Context())
		s := &soak{
			ground: played{d}, slot: slot, seen: slot.Watch(ctx), random: rand.New(rand.NewPCG(1, 2)),
			result: tally{Faults: map[string]int{}},
			extra:  []trouble{{"reset_under_link", 4, resetVisit}, {"reader_unplugged", 4, replugVisit}},
		}
		if err := s.run(20); err != nil { // until everything has been made once
			t.Fatal(err)
		}
		synctest.Wait()
		s.result = tally{Faults: map[string]int{}, Before: measure()}
		if err := s.run(insertions); err != nil {
			t.Fatal(err)
		}
		time.Sleep(moment)
		synctest.Wait()
		s.result.After = measure()
		if err := s.result.leaks(); err != nil {
			t.Error(err)
		}
		leave()
		for range s.seen {
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.contexts != 0 || d.handles != 0 {
			t.Errorf("%d contexts and %d handles are left", d.contexts, d.handles)
		}
		line, _ := json.Marshal(s.result)
		t.Logf("%s", line)
	})
}
