package pcsc

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader/simcard"
)

// daemon plays pcscd 1.9.9 behind the interface of this package, with its
// habits as its source has them (winscard.c, winscard_clnt.c, eventhandler.c):
// a look-out that polls the readers and counts what it sees, handles that die
// with their card, waits that only a change of what they know ends, and calls
// that fail for ever once the service was restarted. A test that runs it in a
// bubble of synctest pays nothing for its waits.
type daemon struct {
	mu      sync.Mutex // never held while anything waits
	life    *life      // nil while the service is down
	changed chan struct{}
	open    chan struct{} // closed while calls go through: a hung service holds them
	readers []*socket
	between func() // happens once, when somebody is about to look

	contexts, handles int // open ones
	waits             int // for a change, as often as ever
}

// life is from one start of the service to its end.
type life struct{ ended, gone chan struct{} }

// pollRate is PCSCLITE_STATUS_POLL_RATE of pcscd.h.
const pollRate = 400 * time.Millisecond

// newDaemon starts a service that ends with its test.
func newDaemon(t testing.TB, readers ...string) *daemon {
	d := &daemon{changed: make(chan struct{}), open: make(chan struct{})}
	close(d.open)
	for _, name := range readers {
		d.readers = append(d.readers, &socket{name: name})
	}
	d.start()
	t.Cleanup(d.stop)
	return d
}

func (d *daemon) start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.life = &life{ended: make(chan struct{}), gone: make(chan struct{})}
	for _, r := range d.readers {
		r.begin()
	}
	go d.lookOut(d.life)
}

// stop ends the service, with everything that is under way.
func (d *daemon) stop() {
	d.mu.Lock()
	l := d.life
	d.life = nil
	if l != nil {
		close(l.ended)
		for _, r := range d.readers {
			r.cut()
			r.state.holders, r.state.handles = 0, nil
		}
	}
	d.mu.Unlock()
	if l != nil {
		<-l.gone
	}
}

// lookOut is the status threads of all readers: neighbours do not look at the
// same time, so that the news of one wake those who wait before the other has
// looked.
func (d *daemon) lookOut(l *life) {
	defer close(l.gone)
	tick := time.NewTicker(pollRate / 2)
	defer tick.Stop()
	for half := 0; ; half = 1 - half {
		select {
		case <-l.ended:
			return
		case <-tick.C:
		}
		d.mu.Lock()
		news := false
		for i, r := range d.readers {
			news = i%2 == half && r.poll() || news
		}
		if news {
			d.signal()
		}
		d.mu.Unlock()
	}
}

// signal wakes all waits; the caller holds the lock.
func (d *daemon) signal() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// hang holds every call until resume.
func (d *daemon) hang() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = make(chan struct{})
}

func (d *daemon) resume() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.open)
}

func (d *daemon) pass() {
	d.mu.Lock()
	open := d.open
	d.mu.Unlock()
	<-open
}

// looks says how often anybody asked what the readers look like.
func (d *daemon) looks() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waits
}

// meanwhile has something happen between a list of readers and the next look.
func (d *daemon) meanwhile(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.between = do
}

// happens does what meanwhile was told.
func (d *daemon) happens() {
	d.mu.Lock()
	do := d.between
	d.between = nil
	d.mu.Unlock()
	if do != nil {
		do()
	}
}

func (d *daemon) find(name string) *socket {
	name = cut(name)
	i := slices.IndexFunc(d.readers, func(r *socket) bool { return r.name == name })
	if i < 0 {
		return nil
	}
	return d.readers[i]
}

// The hands of people.

func (d *daemon) insert(name string, card *simcard.Card) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.find(name).inside = card
}

// pull takes the card out; the look-out sees it later.
func (d *daemon) pull(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r := d.find(name); r != nil {
		r.cut()
		r.inside = nil
	}
}

// haunt takes the card out of a reader in the middle of a reset, whose end the
// service notes after its look-out has seen the card go: well, or in vain.
func (d *daemon) haunt(name string, mute scard.StateFlag) {
	d.pull(name)
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.find(name)
	r.poll()
	r.state.shown = scard.StatePresent | mute
	d.signal()
}

// reset is another program's reset of a card that we hold.
func (d *daemon) reset(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.find(name)
	r.cut()
	for _, h := range r.state.handles {
		h.fate = scard.ErrResetCard
	}
}

func (d *daemon) plug(name string, card *simcard.Card) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := &socket{name: name, inside: card}
	r.begin()
	d.readers = append(d.readers, r)
	d.signal()
}

func (d *daemon) unplug(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.find(name)
	r.cut()
	for _, h := range r.state.handles {
		h.fate = scard.ErrInvalidValue
	}
	d.readers = slices.DeleteFunc(d.readers, func(o *socket) bool { return o == r })
	d.signal()
}

// fail has the service lose its way to a reader, and find it again.
func (d *daemon) fail(name string, broken bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.find(name).broken = broken
}

// socket is a reader.
type socket struct {
	name    string
	inside  *simcard.Card
	broken  bool
	short   bool // knows only short commands
	control func(code uint32, in []byte) ([]byte, error)
	power   context.CancelFunc // ends the command that is under way
	state   slotState
}

// slotState is what the service knows of a reader. lookedAt is the look-out's
// own memory, and shown what everybody is told: a reset that fails changes only
// the latter.
type slotState struct {
	lookedAt, shown scard.StateFlag // empty, present, mute or unavailable
	counter         uint16
	atr             []byte
	holders, told   int // programs with a handle, -1 for an exclusive one
	handles         []*handle
	locked          chan struct{} // another program's transaction
}

// begin is how a reader looks to a service that starts.
func (r *socket) begin() {
	r.state = slotState{}
	r.state.lookedAt = r.look()
	r.show(r.state.lookedAt)
}

func (r *socket) look() scard.StateFlag {
	switch {
	case r.broken:
		return scard.StateUnavailable
	case r.inside == nil:
		return scard.StateEmpty
	}
	return scard.StatePresent
}

func (r *socket) show(s scard.StateFlag) {
	if s == scard.StatePresent {
		r.state.atr = r.inside.ATR() // and stale for ever after
		if r.inside.Mute() {
			s |= scard.StateMute
		}
	}
	r.state.shown = s
}

// poll is one look of the status thread, and says whether there is news.
func (r *socket) poll() bool {
	s := &r.state
	now := r.look()
	news := s.told != s.holders
	s.told = s.holders
	if now == s.lookedAt {
		return news
	}
	was := s.lookedAt
	s.lookedAt = now
	if now == scard.StateEmpty || was == scard.StatePresent {
		for _, h := range s.handles {
			h.fate = scard.ErrRemovedCard
		}
	}
	if now != scard.StateUnavailable {
		s.counter++
	}
	r.show(now)
	return true
}

// cut takes the power from the card.
func (r *socket) cut() {
	if r.power != nil {
		r.power()
		r.power = nil
	}
	if r.inside != nil {
		r.inside.Reset() // as soon as the command has let it go
	}
}
