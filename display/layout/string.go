package layout

import (
	"fmt"
	"strings"
)

// String is the layout as golden tests keep it: a box a line, its text below.
// What was typed into a field does not appear.
func (l Layout) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%dx%d text %d%% part %d of %d\n", l.Screen.Width, l.Screen.Height, l.Text, l.Part+1, l.Parts)
	for _, box := range l.Boxes {
		box.write(&b)
	}
	return b.String()
}

func (box Box) write(b *strings.Builder) {
	r := box.Rect
	fmt.Fprintf(b, "%-9s %3d,%-3d %3dx%-3d %s", box.Role, r.Min.X, r.Min.Y, r.Dx(), r.Dy(), box.Style)
	if t := box.Target.String(); t != "" {
		fmt.Fprintf(b, " [%s]", t)
	}
	for _, m := range box.Marks {
		if m.Symbol != "" {
			fmt.Fprintf(b, " (%s)", m.Symbol)
		}
	}
	if box.Value != nil {
		fmt.Fprintf(b, " value %d cells", len(box.Value.Cells))
	}
	b.WriteString("\n")
	for _, line := range box.Lines {
		fmt.Fprintf(b, "          %3d,%-3d %2dpx %q\n", line.X, line.Y, line.Px, line.Text)
	}
}
