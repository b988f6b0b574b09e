package layout_test

import (
	"testing"

	"unlockpoint/display/layout/layouttest"
)

func TestEveryKindOfPageFitsBothPanelsInAllTextSizes(t *testing.T) {
	for _, page := range layouttest.Samples() {
		t.Run(page.ID, func(t *testing.T) {
			layouttest.Check(t, page, layouttest.Large())
			layouttest.Check(t, page, layouttest.Small())
		})
	}
}

func TestEveryKindOfPageFitsTheLeastPanels(t *testing.T) {
	for _, page := range layouttest.Samples() {
		t.Run(page.ID, func(t *testing.T) { layouttest.CheckLeast(t, page) })
	}
}
