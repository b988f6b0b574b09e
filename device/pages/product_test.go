package pages_test

import (
	"path/filepath"
	"testing"

	"unlockpoint/display"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/layout/layouttest"
)

// TestPanelsAreMeasuredWithThePagesOfTheProduct: package display, which knows
// nothing of them, has them as a file.
func TestPanelsAreMeasuredWithThePagesOfTheProduct(t *testing.T) {
	var all []display.Page
	for _, p := range tours() {
		all = append(all, p.page)
	}
	file, err := layouttest.Keep(all)
	if err != nil {
		t.Fatal(err)
	}
	goldentest.Text(t, filepath.Join("..", "..", "display", "layout", "layouttest", "testdata", "product.json"), file, *update)
}
