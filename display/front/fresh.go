package front

import (
	"image"
	"slices"
	"time"

	"unlockpoint/display/layout"
)

// settle is how long touches are ignored where something else comes up to
// touch, on another page or on this one: they were meant for what was there
// before. A second tap of a double tap comes within 200 ms.
const settle = 250 * time.Millisecond

// fresh is what came up to touch lately.
type fresh struct {
	since time.Time
	where []image.Rectangle
}

// has reports whether what lies at a place came up too lately to be meant.
func (f fresh) has(at image.Point, now time.Time) bool {
	return now.Sub(f.since) < settle && slices.ContainsFunc(f.where, func(r image.Rectangle) bool { return at.In(r) })
}

// add is fresh with more that comes up now.
func (f fresh) add(now time.Time, where ...image.Rectangle) fresh {
	if len(where) == 0 {
		return f
	}
	if now.Sub(f.since) < settle {
		where = append(where, f.where...)
	}
	return fresh{now, where}
}

// news is where there is something to touch now that was not there before.
func news(before, now layout.Layout) []image.Rectangle {
	old := things(before)
	var where []image.Rectangle
	for _, t := range things(now) {
		if !slices.Contains(old, t) {
			where = append(where, t.rect)
		}
	}
	return where
}
