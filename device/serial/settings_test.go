package serial_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/device/local"
	"unlockpoint/device/serial"
)

func TestSettings(t *testing.T) {
	var works []local.Settings
	var wrong error
	k := keeper(t, func(s local.Settings) error {
		if wrong == nil {
			works = append(works, s)
		}
		return wrong
	})
	s := newStand()
	d := sit(t, serial.Config{Terminal: s, Local: k})
	d.Waits("> ")
	for _, line := range []string{
		"compare", "set broker broker.example", "commit", // no address of a broker
		"set broker mqtts://new.example:8883", "commit", "commit",
		"set address 10.1.2.3/24", "set gateway 10.1.9.1", "commit confirmed 5", // of another network
		"set gateway 10.1.2.1", "set dns 10.1.2.2", "commit confirmed 5", "commit",
		"set broker default", "commit conf", "rollback 1", "commit",
		"set address dhcp", "rollback", "rollback 9", "commit confirmed soon", "set dns", "commit now",
	} {
		d.Says(line, "> ")
	}
	wrong = errors.New("the network's file: read-only file system")
	d.Says("set address dhcp", "> ")
	d.Says("commit", "> ")
	goldenText(t, "settings", afterBanner(d.text()))
	want := local.Settings{Broker: "mqtts://new.example:8883", Address: "10.1.2.3/24", Gateway: "10.1.2.1", DNS: "10.1.2.2"}
	if k.Force() != want || len(works) != 4 {
		t.Errorf("in force is %+v; at work were %+v", k.Force(), works)
	}
	if acts := strings.Join(s.heard(), " "); acts != "console.local"+strings.Repeat(" console.set", len(works)) {
		t.Errorf("central was told %s", acts)
	}
	d.leaves()
}

// What is on trial is told whoever comes next.
func TestATrialIsTold(t *testing.T) {
	k := keeper(t, nil)
	if err := k.Commit(local.Settings{Broker: "mqtt://new:1883"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	d := sit(t, serial.Config{Terminal: newStand(), Local: k})
	d.Waits("> ")
	d.Says("network", "> ")
	if found := regexp.MustCompile(`on trial: they are returned in (1 h 0|59) min`).FindAllString(d.text(), -1); len(found) != 2 {
		t.Errorf("it is told %d times", len(found))
	}
	d.leaves()
}

// A word that begins as one of the console's does is not that.
func TestOnlyTheWholeWordTakesASettingBack(t *testing.T) {
	d := sit(t, serial.Config{Terminal: newStand()})
	d.Waits("> ")
	for _, line := range []string{"set broker defaultx", "set address dhcpx", "set gateway nonex", "set dns nonex"} {
		d.Says(line, "> ")
	}
	d.Says("compare", "> ")
	for _, want := range []string{"+ broker defaultx", "+ address dhcpx", "+ gateway nonex", "+ dns nonex"} {
		if !strings.Contains(d.text(), want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	d.leaves()
}
