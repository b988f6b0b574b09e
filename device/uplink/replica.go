package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/wire"
)

// pageFor is how long one page of the registry may take, and how long the
// replica waits before it tries again after a failure.
const pageFor = 30 * time.Second

// errNonsense says that central's page cannot be: taking it would lose
// changes.
var errNonsense = errors.New("the registry's page makes no sense")

// replica keeps the copy of the site's registry up to date.
type replica struct {
	u      *Uplink
	wanted chan struct{} // there may be something new
}

// want asks for a look at the registry.
func (r *replica) want() {
	select {
	case r.wanted <- struct{}{}:
	default:
	}
}

func (r *replica) run(ctx context.Context) error {
	retry := time.NewTimer(pageFor)
	retry.Stop()
	defer retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.wanted:
		case <-retry.C:
		}
		err := r.catchUp(ctx)
		if asking := (*askError)(nil); errors.As(err, &asking) {
			r.u.cfg.Log.Debug("fetch the registry", "err", err)
			retry.Reset(pageFor)
			continue
		}
		if err != nil {
			return err
		}
	}
}

// askError is what went wrong before anything was written; the replica is sound.
type askError struct{ error }

// catchUp fetches pages until there are no more.
func (r *replica) catchUp(ctx context.Context) error {
	for more := true; more; {
		ask, err := r.next()
		if err != nil {
			return err
		}
		page, err := r.page(ctx, ask)
		if err != nil {
			return &askError{err}
		}
		err = r.take(page, ask.Epoch)
		if errors.Is(err, store.ErrNotHash) || errors.Is(err, store.ErrFull) {
			return &askError{err}
		}
		if err != nil {
			return err
		}
		more = page.More
	}
	return nil
}

// next is what to ask for.
func (r *replica) next() (wire.RegistryPageBody, error) {
	head, err1 := r.u.store.Head()
	epoch, err2 := r.u.store.Epoch()
	return wire.RegistryPageBody{After: head, Epoch: epoch}, errors.Join(err1, err2)
}

// take applies a page. One of another epoch takes the place of all before.
func (r *replica) take(page wire.RegistryPageReply, epoch string) error {
	if page.Epoch != epoch {
		r.u.cfg.Log.Warn("central was restored from a backup: the registry is copied anew")
		if err := r.u.store.Anew(page.Epoch); err != nil {
			return err
		}
	}
	return r.u.store.Apply(page.Changes, reach(page))
}

// reach is the number up to which a page is complete.
func reach(page wire.RegistryPageReply) uint64 {
	if page.More {
		return page.Changes[len(page.Changes)-1].Number
	}
	return page.Head
}

func (r *replica) page(ctx context.Context, ask wire.RegistryPageBody) (wire.RegistryPageReply, error) {
	ctx, cancel := context.WithTimeout(ctx, pageFor)
	defer cancel()
	var page wire.RegistryPageReply
	if err := r.u.Call(ctx, wire.RegistryPage, ask, &page); err != nil {
		return page, err
	}
	if page.Epoch != ask.Epoch {
		ask.After = 0
	}
	return page, check(page, ask.After)
}

// check holds a page to the order of its numbers.
func check(page wire.RegistryPageReply, after uint64) error {
	last := after
	for _, c := range page.Changes {
		if c.Number <= last {
			return fmt.Errorf("%w: change %d after %d", errNonsense, c.Number, last)
		}
		last = c.Number
	}
	if page.More && len(page.Changes) == 0 || !page.More && last > page.Head {
		return fmt.Errorf("%w: it ends at %d, the head is %d", errNonsense, last, page.Head)
	}
	return nil
}
