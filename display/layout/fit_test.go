package layout_test

import (
	"testing"

	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
)

func TestEveryKindOfPageFitsEveryPanelInAllTextSizes(t *testing.T) {
	for _, page := range layouttest.Samples() {
		t.Run(page.ID, func(t *testing.T) {
			for _, screen := range append(layouttest.Panels(), layouttest.Least()...) {
				layouttest.Check(t, page, screen)
			}
		})
	}
}

func TestPanelsThatHoldThePagesAreTold(t *testing.T) {
	for _, s := range append(layouttest.Panels(), layouttest.Least()...) {
		if !s.Holds() {
			t.Errorf("%v does not", s)
		}
	}
	for _, s := range []layout.Screen{{Width: 240, Height: 320, PPMM: 6.45}, {Width: 240, Height: 240, PPMM: 5.6}, {Width: 480, Height: 200, PPMM: 5.22}} {
		if s.Holds() {
			t.Errorf("%v does", s)
		}
	}
}
