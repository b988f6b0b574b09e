package house_test

import (
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// restarted cuts the terminal's power with the card in.
func (s story) restarted(stop) { s.Helper(); s.set("/terminal/restart", struct{}{}) }

// unplugged pulls the reader's plug, and puts it back.
func (s story) unplugged(stop) {
	s.Helper()
	s.set("/reader", map[string]bool{"present": false})
	s.shows("reader-missing", "The terminal reports it to IT", "Ward 7 corridor")
	s.set("/reader", map[string]bool{"present": true})
}

// The power is cut, or the reader unplugged, on every page: the card that is
// still in is read again, and the journey goes on from where it counts.
func TestRestartedWhileRegistering(t *testing.T) { interruptRegistering(t, story.restarted) }

func TestRestartedWhileUnlocking(t *testing.T) { interruptUnlocking(t, story.restarted) }

func TestRestartedWhileChanging(t *testing.T) { interruptChanging(t, story.restarted) }

func TestUnpluggedWhileRegistering(t *testing.T) { interruptRegistering(t, story.unplugged) }

func TestUnpluggedWhileUnlocking(t *testing.T) { interruptUnlocking(t, story.unplugged) }

func TestUnpluggedWhileChanging(t *testing.T) { interruptChanging(t, story.unplugged) }

func interruptRegistering(t *testing.T, how func(story, stop)) {
	s := begin(t)
	s.insert()
	s.at(registerStops(), robot.Registering(), func(p stop) { how(s, p) })
	s.to("register.done", robot.Registering())
	how(s, stop{})
	s.shows("card.menu", "Change my registration")
}

func interruptUnlocking(t *testing.T, how func(story, stop)) {
	s := blocked(t)
	s.at(unlockStops(), robot.Unlocking(), func(p stop) { how(s, p) })
	s.to("unlock.done", robot.Unlocking())
	how(s, stop{})
	s.shows("card.menu", "Your card works.")
	s.unlocked()
}

func interruptChanging(t *testing.T, how func(story, stop)) {
	s := begin(t)
	s.insert()
	s.at(changeStops(), robot.Changing(), func(p stop) { how(s, p) })
	s.to("change.done", robot.Changing())
	how(s, stop{})
	s.shows("card.menu")
	s.unlocked()
}
