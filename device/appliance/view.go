package appliance

import (
	"context"
	"strings"
	"sync"

	"unlockpoint/display"
)

// view is the newest page, for those who look on: the driver, the console.
type view struct {
	mu      sync.Mutex
	now     display.Page
	changed chan struct{} // closed when now changes
}

// set takes a page over. What is typed into it stays with the machine, which
// wipes it: the view keeps only how much there is.
func (v *view) set(p display.Page) {
	p.Field = counted(p.Field)
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

// counted is the field with as many dots as characters were typed.
func counted(f *display.Field) *display.Field {
	if f == nil {
		return nil
	}
	dots := *f
	dots.Value = display.NewSecret(strings.Repeat(".", f.Count()))
	return &dots
}
