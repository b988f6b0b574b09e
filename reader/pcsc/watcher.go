package pcsc

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ebfe/scard"

	"unlockpoint/reader"
)

const (
	// waitLimit ends every wait for a change: readers are listed again, as
	// their coming and going is not always told.
	waitLimit = 3 * time.Second
	// serviceRetry is how often a service that is not there is looked for.
	serviceRetry = 500 * time.Millisecond
	// cancelRetry: a Cancel is lost when the wait it means has not begun.
	cancelRetry = 20 * time.Millisecond
	// secondLook is long enough for another thread's call to end.
	secondLook = 20 * time.Millisecond

	// plugAndPlay is the name under which pcsc-lite tells of new readers.
	plugAndPlay = `\\?PnP?\Notification`
)

// watcher is the goroutine behind Slot.Watch.
type watcher struct {
	slot *Slot
	out  chan reader.Presence
	told *reader.Presence // the last presence sent
}

// run follows one service after the other until ctx ends.
func (w *watcher) run(ctx context.Context) {
	defer close(w.out)
	for ctx.Err() == nil {
		service, err := scard.EstablishContext()
		if err == nil {
			w.slot.nextEpoch()
			w.follow(ctx, service)
			service.Release() // what a dead service says to that is of no interest
		}
		if ctx.Err() != nil {
			return
		}
		w.tell(reader.Presence{Insertion: w.slot.insertion(0)})
		pause(ctx, serviceRetry)
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// follow reports changes until the service fails or ctx ends.
func (w *watcher) follow(ctx context.Context, service *scard.Context) {
	defer cancelWith(ctx, service)()
	states := []scard.ReaderState{{Reader: plugAndPlay}}
	for ctx.Err() == nil {
		names, err := w.list(ctx, service, states)
		if err != nil {
			return
		}
		states = w.look(states, names)
		err = service.GetStatusChange(states, waitLimit)
		if err != nil && !errors.Is(err, scard.ErrTimeout) {
			return // cancelled, or the service is gone
		}
		for i := range states {
			states[i].CurrentState = states[i].EventState
		}
		switch {
		case len(states) == 1:
		case lost(states[1]):
			// The list of readers decides whether that is so.
			states[1].CurrentState = scard.StateUnaware
			pause(ctx, secondLook)
		default:
			if p := w.presence(states[1]); !w.early(p) {
				w.tell(p)
			}
		}
	}
}

// list returns the readers, looking twice before it misses the one in use:
// libpcsclite keeps one list for all contexts of a process without a lock, and
// a link that is being opened can make a reader vanish from it for a moment.
func (w *watcher) list(ctx context.Context, service *scard.Context, states []scard.ReaderState) ([]string, error) {
	names, err := list(service)
	if err != nil || len(states) == 1 || slices.Contains(names, states[1].Reader) {
		return names, err
	}
	pause(ctx, secondLook)
	return list(service)
}

// lost says that the service knows no such reader.
func lost(s scard.ReaderState) bool {
	return s.EventState&(scard.StateUnknown|scard.StateUnavailable) != 0
}

// look returns the states to wait on: new readers, and the reader in use,
// whose state is kept while it is the same one.
func (w *watcher) look(states []scard.ReaderState, names []string) []scard.ReaderState {
	present := ""
	if len(states) > 1 {
		present = states[1].Reader
	}
	name, approved := w.slot.choose(names, present)
	if approved && name == present {
		return states
	}
	if present != "" {
		w.slot.nextEpoch()
	}
	if approved {
		w.slot.follow(name)
		return []scard.ReaderState{states[0], {Reader: name}}
	}
	w.slot.follow("")
	w.tell(reader.Presence{Reader: name, Unapproved: name != "", Insertion: w.slot.insertion(0)})
	return states[:1]
}

func (w *watcher) presence(s scard.ReaderState) reader.Presence {
	p := reader.Presence{Reader: s.Reader, Insertion: w.slot.insertion(counter(s))}
	// The answer to reset in the state outlives its card: only the bits count.
	p.Card = s.EventState&scard.StatePresent != 0
	p.Mute = p.Card && s.EventState&scard.StateMute != 0
	return p
}

// early says that an empty reader is not yet to be believed: pcscd calls it
// empty as soon as a reset fails, but counts a card that went only when its
// look-out has seen it, up to 0.4 s later. A card that came back in between
// would never be told of; so the count decides.
func (w *watcher) early(p reader.Presence) bool {
	return w.told != nil && w.told.Card && !p.Card && p.Reader == w.told.Reader && p.Insertion == w.told.Insertion
}

// counter is PC/SC's count of cards coming and going.
func counter(s scard.ReaderState) uint16 { return uint16(s.EventState >> 16) }

// tell sends a presence that differs from the last, instead of one that nobody
// has taken yet.
func (w *watcher) tell(p reader.Presence) {
	if w.told != nil && *w.told == p {
		return
	}
	w.told = &p
	select {
	case <-w.out:
	default:
	}
	w.out <- p // has room: only this goroutine sends
}

// list returns the readers, none being no error.
func list(service *scard.Context) ([]string, error) {
	names, err := service.ListReaders()
	if errors.Is(err, scard.ErrNoReadersAvailable) {
		return nil, nil
	}
	return names, err
}

// cancelWith ends waits on the service when ctx ends, again and again until
// the returned function says that there will be no more.
func cancelWith(ctx context.Context, service *scard.Context) (finish func()) {
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-over:
			return
		case <-ctx.Done():
		}
		tick := time.NewTicker(cancelRetry)
		defer tick.Stop()
		for {
			service.Cancel() // may race the end of the wait: then it has nothing to do
			select {
			case <-over:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(over); <-done }
}
