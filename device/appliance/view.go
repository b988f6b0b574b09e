package appliance

import (
	"context"
	"sync"

	"unlockpoint/display"
)

// view is the newest page, for those who look on: the driver, the console.
type view struct {
	mu      sync.Mutex
	now     display.Page
	changed chan struct{} // closed when now changes
}

func (v *view) set(p display.Page) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now = p
	if v.changed != nil {
		close(v.changed)
		v.changed = nil
	}
}

func (v *view) page() display.Page {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

func (v *view) after(ctx context.Context, seen display.Page) display.Page {
	for {
		p, changed := v.watch()
		if !samePlace(p, seen) {
			return p
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return p
		}
	}
}

func (v *view) watch() (display.Page, <-chan struct{}) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.changed == nil {
		v.changed = make(chan struct{})
	}
	return v.now, v.changed
}

// samePlace reports whether a person would say that both are the same page:
// one question after the other has the same id but not the same title.
func samePlace(a, b display.Page) bool {
	return a.ID == b.ID && a.Title == b.Title && a.Step == b.Step && a.Session == b.Session
}
