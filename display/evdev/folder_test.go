package evdev

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The numbers that a C program prints for the macros of linux/input.h.
func TestRequestsAreTheKernels(t *testing.T) {
	for name, c := range map[string]struct{ got, want uintptr }{
		"EVIOCGNAME(256)":      {get(GetName, 256), 0x81004506},
		"EVIOCGBIT(EV_KEY,96)": {get(GetBits+EvKey, 96), 0x80604521},
		"EVIOCGABS(ABS_Y)":     {get(GetAbs+AbsY, 24), 0x80184541},
		"EVIOCGMTSLOTS(44)":    {get(GetMTSlots, 44), 0x802c450a},
		"EVIOCGSW(8)":          {get(GetSwitch, 8), 0x8008451b},
		"EVIOCGRAB":            {grab, 0x40044590},
	} {
		if c.got != c.want {
			t.Errorf("%s is %#x, not %#x", name, c.got, c.want)
		}
	}
}

func TestAFolderListsItsDevicesInOrder(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"event10", "event9", "mouse0", "by-id"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	places, err := Dir(dir).List()
	var names []string
	for _, p := range places {
		names = append(names, filepath.Base(p.Path))
	}
	if err != nil || !slices.Equal(names, []string{"event9", "event10"}) {
		t.Errorf("%v, %v", names, err)
	}
	if len(places) == 2 && places[0].Node == places[1].Node {
		t.Error("both are the same node")
	}
}

func TestWhatIsNoInputDeviceSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "event0")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Dir("").Open(Place{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := traitsOf(d); err == nil {
		t.Error("a file has a name and keys")
	}
	if err := d.Grab(); err == nil {
		t.Error("a file can be grabbed")
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := d.Get(GetName, make([]byte, 9)); err == nil {
		t.Error("closed, it still answers")
	}
	if _, err := Dir(filepath.Join(path, "none")).List(); err == nil {
		t.Error("a folder that there is not lists nothing, and says nothing")
	}
	if _, err := Dir("").Open(Place{Path: path + "1"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a device that there is not: %v", err)
	}
}
