package house

import (
	"os"
	"path/filepath"
	"testing"

	"unlockpoint/display"
)

func TestItServesWhoComes(t *testing.T) {
	for _, c := range []struct {
		page         string
		online, pcsc bool
		want         bool
	}{
		{"idle", true, false, true}, {"idle", false, true, false}, {"starting", true, true, false},
		{"reader-missing", true, false, false}, {"reader-missing", true, true, true}, {"card.menu", true, true, true},
	} {
		p := display.Page{ID: c.page}
		if p.Status.Online = c.online; serves(p, c.pcsc) != c.want {
			t.Errorf("%+v", c)
		}
	}
}

// A cut while the clock is written leaves what was there: the file is replaced.
func TestTheClockIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock")
	var old []byte
	for i, want := range []string{"60\n", "120\n"} {
		c, err := openClock(path)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			os.Link(path, path+".old")
		}
		if err := c.advance(60e9); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); string(got) != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	if old, _ = os.ReadFile(path + ".old"); string(old) != "60\n" {
		t.Errorf("the old one has %q", old)
	}
}
