package layout_test

import (
	"testing"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/typing"
)

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		for _, p := range layouttest.Samples() {
			layout.Of(p, layouttest.Small(), typing.State{})
		}
	}
}
