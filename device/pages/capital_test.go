package pages_test

import (
	"testing"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
	"unlockpoint/display/layout"
	"unlockpoint/display/layout/layouttest"
	"unlockpoint/display/theme"
)

// TestButtonsAreReadFrom40cmButAmongKeys: in the largest text on 5 and 7 inches,
// capitals on buttons are 4.9 mm high (EN 301 549, 5.1.4), less half a pixel. Where
// they stand among the keys of a field their words shrink to fit; README has by how
// much.
func TestButtonsAreReadFrom40cmButAmongKeys(t *testing.T) {
	least := map[bool]float64{}
	for _, screen := range layouttest.Panels()[:2] {
		for _, low := range []bool{false, true} {
			for _, l := range words.Languages() {
				for _, p := range toursIn(l.Code) {
					p.page.Look.TextScale, p.page.Look.Low = 170, low
					keys := p.page.Field != nil && p.page.Field.Kind != display.ChoiceField
					for _, part := range layout.All(p.page, screen) {
						for _, mm := range capitals(part) {
							if least[keys] == 0 || mm < least[keys] {
								least[keys] = mm
							}
						}
					}
				}
			}
		}
	}
	if least[false] < 4.8 || least[true] < 2.3 {
		t.Errorf("%.2f mm, and %.2f among keys", least[false], least[true])
	}
	t.Logf("%.2f mm, and %.2f among keys", least[false], least[true])
}

// capitals is how high they are on the buttons of a part, in millimetres, but for
// the names of keys.
func capitals(l layout.Layout) (all []float64) {
	for _, b := range l.Boxes {
		for _, line := range b.Lines {
			if b.Role == layout.Action && line.Ink != theme.Keycap && line.Ink != theme.PrimaryKeycap {
				all = append(all, float64(line.Weight.Font().CapHeight(line.Px))/l.Screen.PPMM)
			}
		}
	}
	return all
}
