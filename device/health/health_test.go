package health_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"unlockpoint/device/health"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func sound() health.Reading {
	return health.Reading{
		At: noon, Made: noon.AddDate(0, -1, 0), Policy: 3,
		Reader: health.Reader{Name: "ACS ACR39U", Approved: true},
		Link:   health.Link{Linked: true, Up: true, Central: true},
		Store:  health.Store{Free: 4 << 30},
		Clock:  health.Clock{Floor: noon.Add(-time.Hour)},
		Face:   []health.Part{{Name: health.Panel}, {Name: health.Touch}, {Name: health.Keypad}},
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		what  string
		wrong func(*health.Reading)
		want  []string
	}{
		{"a sound terminal", func(*health.Reading) {}, nil},
		{"no reader", func(r *health.Reading) { r.Reader = health.Reader{} }, []string{"reader.missing"}},
		{"another reader", func(r *health.Reading) { r.Reader.Approved = false }, []string{"reader.unapproved"}},
		{"no link", func(r *health.Reading) { r.Link = health.Link{} }, []string{"link.down"}},
		{"little room", func(r *health.Reading) { r.Store.Free = 200 << 20 }, []string{"store.space"}},
		{"no room", func(r *health.Reading) { r.Store.Free = 20 << 20 }, []string{"store.full"}},
		{"a damaged store", func(r *health.Reading) { r.Store.SetAside = "store.damaged-1" }, []string{"store.replaced"}},
		{"many facts", func(r *health.Reading) { r.Store.Waiting = 1001 }, []string{"facts.waiting"}},
		{"a certificate for two months", func(r *health.Reading) { r.Link.From, r.Link.Until = noon.AddDate(0, -10, 0), noon.AddDate(0, 2, 3) }, nil},
		{"a certificate that nobody renewed", func(r *health.Reading) { r.Link.From, r.Link.Until = noon.AddDate(0, -10, -3), noon.AddDate(0, 1, 28) },
			[]string{"certificate.ending"}},
		{"a certificate that is over by central's clock", func(r *health.Reading) {
			r.Link.From, r.Link.Until, r.Clock.Ahead = noon, noon.AddDate(1, 0, 0), -400*24*time.Hour
		}, []string{"certificate.ending", "clock.off"}},
		{"a clock before the build", func(r *health.Reading) { r.At = noon.AddDate(-1, 0, 0) }, []string{"clock.behind"}},
		{"a clock behind central's", func(r *health.Reading) { r.Clock.Floor = noon.Add(time.Minute) }, []string{"clock.behind"}},
		{"a clock ahead of central's", func(r *health.Reading) { r.Clock.Ahead = 5 * time.Minute }, []string{"clock.off"}},
		{"a clock behind central's by now", func(r *health.Reading) { r.Clock.Ahead = -time.Hour }, []string{"clock.off"}},
		{"a panel that starts again", func(r *health.Reading) { r.Face[0].Down = 4 * time.Second }, nil},
		{"a panel that does not work", func(r *health.Reading) { r.Face[0].Down, r.Face[0].Times = 5*time.Second, 9 }, []string{"panel.failing"}},
		{"a panel with a loose plug", func(r *health.Reading) { r.Face[0].Times = 3 }, []string{"panel.unsteady"}},
		{"no touch", func(r *health.Reading) { r.Face[1].Down = time.Hour }, []string{"touch.failing"}},
		{"touch with a loose plug", func(r *health.Reading) { r.Face[1].Times = 4 }, []string{"touch.unsteady"}},
		{"no keypad", func(r *health.Reading) { r.Face[2].Down = time.Hour }, []string{"keypad.failing"}},
		{"a keypad with a loose plug", func(r *health.Reading) { r.Face[2].Times = 4 }, []string{"keypad.unsteady"}},
		{"nothing to press", func(r *health.Reading) { r.Face[1].Down, r.Face[2].Down = time.Hour, time.Hour },
			[]string{"hands.none", "touch.failing", "keypad.failing"}},
		{"no keypad, where there is nothing else", func(r *health.Reading) { r.Face = []health.Part{{Name: health.Keypad, Down: time.Hour}} },
			[]string{"hands.none", "keypad.failing"}},
		{"no rules", func(r *health.Reading) { r.Policy = 0 }, []string{"policy.none"}},
		{"the worst first", func(r *health.Reading) { r.Policy, r.Store.Waiting, r.Link.Up = 0, 2000, false },
			[]string{"link.down", "facts.waiting", "policy.none"}},
	} {
		r := sound()
		c.wrong(&r)
		var codes []string
		for _, f := range r.Faults() {
			codes = append(codes, f.Code)
			if f.Title == "" || f.Advice == "" {
				t.Errorf("%s says nothing", f.Code)
			}
		}
		if !reflect.DeepEqual(codes, c.want) {
			t.Errorf("%s: %v, want %v", c.what, codes, c.want)
		}
	}
}

func TestAFaultTravels(t *testing.T) {
	r := sound()
	r.Reader = health.Reader{}
	text, err := json.Marshal(r.Faults())
	if err != nil {
		t.Fatal(err)
	}
	var back []health.Fault
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, r.Faults()) {
		t.Errorf("%s comes back as %+v, %v", text, back, err)
	}
	if json.Unmarshal([]byte(`[{"severity":"grave"}]`), &back) == nil {
		t.Error("a severity that there is not was read")
	}
}

// A part that fails is alive, and one that hangs is not.
func TestAliveIsWhoHasSomethingToSay(t *testing.T) {
	r := sound()
	r.Face[0].Down = time.Hour
	if !r.Alive() {
		t.Error("a panel that does not work makes the machine start again")
	}
	if r.Face[1].Quiet = 2 * time.Minute; r.Alive() {
		t.Error("nobody misses a driver that hangs")
	}
}
