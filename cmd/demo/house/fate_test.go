package house_test

import (
	"context"
	"sync"

	"unlockpoint/reader"
	"unlockpoint/reader/iso7816"
	"unlockpoint/reader/simcard"
)

// fate is what happens to one command between terminal and card.
type fate string

const (
	pulledBefore fate = "pulled before"
	pulledWithin fate = "pulled within"
	pulledAfter  fate = "pulled after"
	resetByOther fate = "reset by another"
	powerBefore  fate = "power cut before"
	powerAfter   fate = "power cut after"
)

func fates() []fate {
	return []fate{pulledBefore, pulledWithin, pulledAfter, resetByOther, powerBefore, powerAfter}
}

// destiny stands between the reader and the terminal: it hears every command,
// and lets one fate come at one of them.
type destiny struct {
	*simcard.Slot
	cutPower func() // of the terminal; does not wait for it

	mu    sync.Mutex
	heard []string // commands since listen
	left  int      // commands until fate comes; 0: never
	fate  fate
	came  bool
}

// listen begins a new list of commands.
func (d *destiny) listen() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = nil
}

// arm has fate come at the nth command from now; 0 calls it off. It reports
// whether the fate before it had come.
func (d *destiny) arm(n int, f fate) (came bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	came = d.came
	d.left, d.fate, d.came = n, f, false
	return came
}

// met reports whether fate has come.
func (d *destiny) met() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.came
}

func (d *destiny) commands() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.heard...)
}

// meets is the fate of a command, if any.
func (d *destiny) meets(apdu []byte) fate {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, iso7816.Name(apdu[1]))
	if d.left == 0 {
		return ""
	}
	if d.left--; d.left > 0 {
		return ""
	}
	d.came = true
	return d.fate
}

// Open powers the card, with fate in between.
func (d *destiny) Open(ctx context.Context) (reader.Link, error) {
	link, err := d.Slot.Open(ctx)
	if err != nil {
		return nil, err
	}
	return &fated{Link: link, destiny: d}, nil
}

type fated struct {
	reader.Link
	destiny *destiny
}

func (l *fated) Transmit(ctx context.Context, apdu []byte) ([]byte, error) {
	d := l.destiny
	f := d.meets(apdu)
	switch f {
	case pulledBefore, pulledWithin, pulledAfter:
		return l.pulled(ctx, apdu, f)
	case resetByOther:
		d.ResetByOther()
	case powerBefore:
		d.cutPower()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	raw, err := l.Link.Transmit(ctx, apdu)
	if f == powerAfter {
		d.cutPower()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return raw, err
}

// pulled takes the card out at a moment of the command. A card that writes
// nothing during it cannot be pulled within: then nothing has happened.
func (l *fated) pulled(ctx context.Context, apdu []byte, f fate) ([]byte, error) {
	card := l.destiny.Card()
	moments := map[fate]simcard.Moment{pulledBefore: simcard.Before, pulledWithin: simcard.During, pulledAfter: simcard.After}
	card.PullAt(simcard.Pull{When: moments[f]})
	raw, err := l.Link.Transmit(ctx, apdu)
	card.PullAt(simcard.Pull{})
	if err == nil {
		l.destiny.mu.Lock()
		l.destiny.came = false
		l.destiny.mu.Unlock()
	}
	return raw, err
}
