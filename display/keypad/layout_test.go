package keypad

import (
	"slices"
	"strings"
	"testing"

	"unlockpoint/display"
)

func TestTheUsualLayoutsAreWhatIsPrintedOnPads(t *testing.T) {
	for columns, want := range map[int]string{
		3: "1 2 3, 4 5 6, 7 8 9, Second 0 Enter",
		4: "1 2 3 Cancel, 4 5 6 Clear, 7 8 9 -, * 0 # Enter",
	} {
		l, err := ParseLayout(nil, 4, columns)
		if err != nil || l.String() != want {
			t.Errorf("4 rows by %d columns: %q, %v", columns, l, err)
		}
	}
}

func TestAWrongLayoutIsToldWithWhatToWrite(t *testing.T) {
	full := []string{"1 2 3 Cancel", "4 5 6 Clear", "7 8 9 -", "* 0 # Enter"}
	with := func(line int, text string) []string {
		l := slices.Clone(full)
		l[line] = text
		return l
	}
	for _, c := range []struct {
		layout        []string
		rows, columns int
		want          string
	}{
		{nil, 4, 5, "there is no usual layout for 4 rows and 5 columns: write one"},
		{nil, 0, 0, "a pad of 0x0 keys is not served"},
		{nil, 8, 4, "rows and columns go from 1 to 7"},
		{full[:3], 4, 4, "the layout has 3 lines for 4 rows"},
		{with(1, "4 5 6"), 4, 4, "line 2 of the layout has 3 keys for 4 columns"},
		{with(1, "4 5 6 Delete"), 4, 4, `the layout has a key "Delete": the names are 0 to 9, Enter`},
		{with(1, "4 5 6 enter"), 4, 4, `the layout has a key "enter"`},
		{with(1, "4 5 6 Show"), 4, 4, `the layout has a key "Show"`},
		{with(1, "4 5 6 7"), 4, 4, "the layout has the key 7 twice"},
		{with(1, "4 5 6 -"), 4, 4, "the layout has no key Clear: add it, or a key Second, with which Second is Clear"},
		{with(3, "* 0 - Enter"), 4, 4, "the layout has no key #: add it, or a key Second, with which Enter is #"},
		{with(3, "* 0 # -"), 4, 4, "the layout has no key Enter, and pages cannot do without"},
		{with(0, "- 2 3 Cancel"), 4, 4, "the layout has no key 1, and"},
	} {
		if _, err := ParseLayout(c.layout, c.rows, c.columns); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v; it should say %q", c.layout, err, c.want)
		}
	}
}

// Whatever is read without an error prints back the same, names keys that
// there are, and does everything that pages ask for.
func FuzzParseLayout(f *testing.F) {
	f.Add(strings.Join(telephone, ","), 4, 3)
	f.Add(strings.Join(sixteen, ","), 4, 4)
	f.Add("1 2 3 4 5 6 7,8 9 0 Enter Clear Cancel *,# - - - - - -", 3, 7)
	f.Add(",,,", 4, 3)
	f.Fuzz(func(t *testing.T, text string, rows, columns int) {
		l, err := ParseLayout(strings.Split(text, ","), rows, columns)
		if err != nil {
			return
		}
		again, err := ParseLayout(strings.Split(l.String(), ","), rows, columns)
		if err != nil || again != l {
			t.Errorf("%q was read as %q, and that as %q: %v", text, l, again, err)
		}
		var reach []string
		for _, first := range l.keys() {
			reach = append(reach, first, secondly[first])
			if !display.IsKey(first) && first != Second {
				t.Errorf("%q has a key %q", text, first)
			}
		}
		for _, name := range everything {
			if !slices.Contains(reach, name) {
				t.Errorf("%q has no %s", text, name)
			}
		}
	})
}
