package serial_test

import (
	"strings"
	"testing"
	"time"

	"unlockpoint/device/health"
	"unlockpoint/device/local"
	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
)

// Whatever is wrong, the worst of it stands on one screen with the menu.
func TestTheBannerAndTheMenuFitTheScreen(t *testing.T) {
	for name, spoil := range map[string]func(*stand){
		"nothing": func(*stand) {},
		"two": func(s *stand) {
			s.reading.Reader, s.reading.Link = health.Reader{}, health.Link{}
		},
		"all": func(s *stand) {
			s.reading.Reader, s.reading.Link = health.Reader{}, health.Link{}
			s.reading.Store = health.Store{SetAside: "store.damaged-1", Waiting: 5000}
			s.reading.Clock.Floor = s.reading.At.AddDate(1, 0, 0)
			s.reading.Policy = 0
			for i := range s.reading.Face {
				s.reading.Face[i].Down = time.Hour
			}
		},
	} {
		s := newStand()
		spoil(s)
		k := keeper(t, nil)
		if err := k.Commit(local.Settings{Broker: "mqtts://new.example:8883"}, time.Hour); err != nil {
			t.Fatal(err)
		}
		d := sit(t, serial.Config{Terminal: s, Local: k})
		d.Waits("> ")
		if d.Row() >= serialtest.Usual {
			t.Errorf("%s: the banner takes %d rows", name, d.Row()+1)
		}
		all := s.reading.Faults()
		for i, f := range all[:min(len(all), 8)] {
			if !strings.Contains(d.text(), "("+f.Code+")") {
				t.Errorf("%s: the fault %s, number %d, is not told", name, f.Code, i+1)
			}
		}
		for _, folder := range []string{"0", "show", "test", "set"} {
			at := d.Row()
			d.Says(folder, "> ")
			if n := d.Row() - at; n >= serialtest.Usual {
				t.Errorf("%s takes %d rows", folder, n)
			}
		}
		d.leaves()
	}
}
