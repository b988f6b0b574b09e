package house_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A backup in the place of central's store serves who registered before it was
// made, also with a card whose key was changed since; who did later registers
// again, and no terminal says otherwise.
func TestABackupOfCentralServes(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	store, backup := filepath.Join(data, "central"), filepath.Join(t.TempDir(), "backup")
	l := live(t, data)
	amina := story{t, l, l.person("amina", "amina.shah@nhs.net")}
	amina.insert()
	amina.ok(amina.who.Register(t.Context()))
	amina.remove()
	amina.ok(l.stop())
	amina.ok(os.CopyFS(backup, os.DirFS(store)))

	l = live(t, data)
	bryn := story{t, l, l.person("bryn", "bryn.parry@wales.nhs.uk")}
	bryn.who.Passcode = "135791" // as the tray has it
	bryn.insert()
	bryn.ok(bryn.who.Register(t.Context()))
	bryn.remove()
	bryn.copied("the terminal knows", true)
	amina.living, amina.who.Driver = l, l.Driver
	amina.ok(amina.who.Block(t.Context()))
	amina.insert()
	amina.ok(amina.who.Unlock(t.Context()))
	amina.remove()
	bryn.ok(l.stop())
	bryn.ok(os.RemoveAll(store))
	bryn.ok(os.CopyFS(store, os.DirFS(backup)))

	l = live(t, data)
	amina.living, bryn.living = l, l
	amina.who.Driver, bryn.who.Driver = l.Driver, l.Driver
	bryn.copied("the terminal has forgotten, as central has", false)
	bryn.insert()
	bryn.ok(bryn.who.Register(t.Context()))
	bryn.remove()
	amina.ok(amina.who.Block(t.Context()))
	amina.who.NewPasscode = "864297"
	amina.insert()
	amina.ok(amina.who.Unlock(t.Context()))
	amina.unlocked()
}

// copied waits until the terminal's own copy of the registry has the person in
// it, or not any more.
func (s story) copied(what string, want bool) {
	s.Helper()
	wait := time.Duration(0)
	s.until(what, func() bool {
		s.until("the terminal is online", func() bool { t := s.central().Terminals; return len(t) == 1 && t[0].Online })
		time.Sleep(wait) // for the registry to be asked for
		wait += 200 * time.Millisecond
		s.link(false) // so that the terminal has nothing else
		defer s.link(true)
		s.insert()
		defer s.remove()
		return strings.Contains(text(s.shows("card.menu")), "Change my registration") == want
	})
}
