package layouttest

import (
	"fmt"
	"strings"

	"unlockpoint/display"
	"unlockpoint/display/layout"
)

// Text is all parts of a page on a screen in some text sizes, as goldens keep
// them.
func Text(page display.Page, screen layout.Screen, scales ...int) string {
	var b strings.Builder
	for _, scale := range scales {
		page.Look.TextScale = scale
		for _, l := range layout.All(page, screen) {
			fmt.Fprintf(&b, "asked %d%%: %v\n", scale, l)
		}
	}
	return b.String()
}
