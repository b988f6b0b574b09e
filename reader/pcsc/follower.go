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

	// mostReaders is what one wait can take, less the news of readers
	// (PCSCLITE_MAX_READERS_CONTEXTS of pcsclite.h).
	mostReaders = 16 - 1

	// plugAndPlay is the name under which pcsc-lite tells of new readers.
	plugAndPlay = `\\?PnP?\Notification`
)

// follower is the goroutine that asks the service what is to be seen.
type follower struct {
	slot *Slot
	seen chan reader.Presence // takes what there is to see, again and again
	done chan struct{}        // closed at the end

	service service
	news    scard.ReaderState // of readers that come
	readers []*watched        // the approved ones, as the service orders them
	other   string            // a reader that is not approved
}

// run follows one service after the other until ctx ends.
func (f *follower) run(ctx context.Context) {
	defer close(f.done)
	for ctx.Err() == nil {
		service, err := f.slot.establish()
		if err == nil {
			f.follow(ctx, service)
			service.Release() // what a dead service says to that is of no interest
		}
		f.tell(ctx, reader.Presence{})
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

func (f *follower) tell(ctx context.Context, p reader.Presence) {
	select {
	case f.seen <- p:
	case <-ctx.Done():
	}
}

// follow reports until the service fails or ctx ends.
func (f *follower) follow(ctx context.Context, service service) {
	f.service, f.news, f.readers = service, scard.ReaderState{Reader: plugAndPlay}, nil
	defer f.slot.serve("")
	defer f.slot.numbers.forget() // at once: a link may find the next service before we do
	defer cancelWith(ctx, service)()
	for ctx.Err() == nil {
		names, err := f.list(ctx)
		if err != nil {
			return
		}
		f.keep(names)
		if !slices.ContainsFunc(f.readers, (*watched).unseen) {
			f.tell(ctx, f.presence())
		}
		if err := f.wait(ctx); err != nil {
			return
		}
	}
}

// list returns the readers, none being no error. It looks twice before it
// misses one: libpcsclite keeps one list for all contexts of a process without
// a lock, and a link that is being opened can make a reader vanish from it for
// a moment.
func (f *follower) list(ctx context.Context) ([]string, error) {
	names, err := list(f.service)
	if err != nil || !slices.ContainsFunc(f.readers, func(r *watched) bool { return !slices.Contains(names, r.state.Reader) }) {
		return names, err
	}
	pause(ctx, secondLook)
	return list(f.service)
}

func list(service service) ([]string, error) {
	names, err := service.ListReaders()
	if errors.Is(err, scard.ErrNoReadersAvailable) {
		return nil, nil
	}
	return names, err
}

// keep watches the approved readers of a list: those that stay with what is
// known of them, new ones from the beginning.
func (f *follower) keep(names []string) {
	approved, others := f.slot.part(names)
	f.other = ""
	if len(others) > 0 {
		f.other = others[0]
	}
	approved = approved[:min(len(approved), mostReaders)]
	now := make([]*watched, 0, len(approved))
	for _, name := range approved {
		i := slices.IndexFunc(f.readers, func(r *watched) bool { return r.state.Reader == name })
		if i >= 0 {
			now = append(now, f.readers[i])
			continue
		}
		f.slot.numbers.begin(name)
		now = append(now, newWatched(name))
	}
	for _, r := range f.readers {
		if !slices.Contains(approved, r.state.Reader) {
			f.slot.numbers.end(r.state.Reader)
		}
	}
	f.readers = now
}

// wait waits for a change and takes it in. An error is the end of the service.
func (f *follower) wait(ctx context.Context) error {
	states := []scard.ReaderState{f.news}
	for _, r := range f.readers {
		states = append(states, r.state)
	}
	err := f.service.GetStatusChange(states, waitLimit)
	switch {
	case errors.Is(err, scard.ErrTimeout):
		return nil
	case errors.Is(err, scard.ErrUnknownReader): // one has gone since: the list decides
		pause(ctx, secondLook)
		return nil
	case err != nil:
		return err
	}
	f.news = states[0]
	f.news.CurrentState = f.news.EventState
	for i, r := range f.readers {
		r.take(f.slot, f.service, states[i+1])
	}
	if slices.ContainsFunc(f.readers, (*watched).unsettled) {
		pause(ctx, unsettledLook)
	}
	return nil
}

// presence is what there is to see in all readers.
func (f *follower) presence() reader.Presence {
	sights := make([]sight, len(f.readers))
	for i, r := range f.readers {
		sights[i] = r.seen
	}
	best, works := choose(sights, f.slot.serves())
	switch {
	case works:
		f.slot.serve(best.reader)
		return best.presence()
	case f.other != "" && len(f.readers) == 0:
		f.slot.serve("")
		return reader.Presence{Reader: f.other, Unapproved: true}
	}
	f.slot.serve("")
	return reader.Presence{}
}

// cancelWith ends waits on the service when ctx ends, again and again until
// the returned function says that there will be no more.
func cancelWith(ctx context.Context, service service) (finish func()) {
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
