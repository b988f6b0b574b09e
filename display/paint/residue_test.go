package paint

import (
	"encoding/binary"
	"fmt"
	"image"
	"testing"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/memorytest"
	"unlockpoint/display/theme"
	"unlockpoint/display/typing"
)

// TestForgetLeavesNoKeyOfATypedGlyph paints an answer and the next page, and then
// looks through all memory of the process.
func TestForgetLeavesNoKeyOfATypedGlyph(t *testing.T) {
	page, next := samples("register.answer")[0], samples("unlock.working")[0]
	page.Field = withValue(page.Field, "Kestrel59!gQ")
	page.Field.Masked = false
	screen, painter := layouttest.Large(), New()
	on, l := image.NewRGBA(screen.Bounds()), layout.Of(page, screen, typing.State{})
	painter.Paint(l, on)
	traces := keysOn(l)
	if len(traces.Found(t)) == 0 {
		t.Fatal("while the page is painted, no key is found")
	}
	page.Field.Value.Wipe()
	painter.Paint(layout.Of(next, screen, typing.State{}), on)
	painter.Forget()
	for _, shift := range traces.Found(t) {
		t.Errorf("keys of glyphs %s of a pixel are still in memory", shift)
	}
}

// keysOn is what the keys of all that is typed have after their character, by
// where it stands between two pixels.
func keysOn(l layout.Layout) memorytest.Traces {
	all := memorytest.Traces{}
	for _, b := range l.Boxes {
		if b.Value == nil {
			continue
		}
		for shift := uint64(0); shift < 64; shift += 16 {
			trace := binary.LittleEndian.AppendUint64(nil, uint64(b.Value.Px))
			trace = binary.LittleEndian.AppendUint64(trace, uint64(theme.Regular))
			trace = binary.LittleEndian.AppendUint64(trace, uint64(widest(b.Value.Px))<<32|shift)
			all[fmt.Sprintf("%d/64", shift)] = memorytest.Masked(trace...)
		}
	}
	return all
}
