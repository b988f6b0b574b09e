package layout

import (
	"strings"
	"testing"

	"unlockpoint/display/theme"
)

func FuzzWrappingLosesNothing(f *testing.F) {
	f.Add("We sent it to s•••••@nhs.net at 14:32.", 200)
	f.Add("smartcards.with.a.very.long.address@trust.nhs.uk", 90)
	f.Add("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ŵyneb", 1)
	f.Add("  ", 10)
	f.Fuzz(func(t *testing.T, text string, width int) {
		width = max(1, min(width, 2000))
		font := theme.Regular.Font()
		for _, lines := range [][]string{
			wrap(text, font, 20, width), unwidowed(text, font, 20, width), balance(text, font, 20, width),
		} {
			squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
			if squash(strings.Join(lines, "")) != squash(text) {
				t.Fatalf("%q became %q", text, lines)
			}
			for _, line := range lines {
				if font.Width(line, 20) > width && len([]rune(line)) > 1 {
					t.Errorf("%q is %d wide, more than %d", line, font.Width(line, 20), width)
				}
			}
		}
	})
}
