package house_test

import (
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// pulled takes the card out and puts it back in.
func (s story) pulled(p stop) {
	s.Helper()
	s.pull()
	s.shows("removed-early", p.removed)
	s.insert()
}

// A card pulled anywhere in a registration leaves nothing behind.
func TestPulledWhileRegistering(t *testing.T) {
	s := begin(t)
	s.insert()
	s.at(registerStops(), robot.Registering(), s.pulled)
	if c := s.central(); c.Registered != 0 {
		t.Error("a registration without its code counts")
	}
	s.to("register.done", robot.Registering())
	s.pull()
	s.shows("idle")
	if c := s.central(); c.Registered != 1 {
		t.Errorf("%d registered, want 1", c.Registered)
	}
}

// A card pulled anywhere in an unlock comes back to where it was: before the
// code to its start, after it to the code.
func TestPulledWhileUnlocking(t *testing.T) {
	s := blocked(t)
	s.at(unlockStops(), robot.Unlocking(), s.pulled)
	if left := s.central().row("amina", s).AttemptsLeft; left != 2 {
		t.Errorf("%d attempts left after one wrong one", left)
	}
	s.to("unlock.done", robot.Unlocking())
	s.pull()
	s.shows("idle")
	s.unlocked()
}

// A card pulled anywhere in a change has the old passcode.
func TestPulledWhileChanging(t *testing.T) {
	s := begin(t)
	s.insert()
	s.at(changeStops(), robot.Changing(), s.pulled)
	if ok, err := s.who.Accepts(t.Context(), s.who.Passcode); err != nil || !ok {
		t.Errorf("the old passcode is taken: %v, %v", ok, err)
	}
	s.to("change.done", robot.Changing())
	s.pull()
	s.shows("idle")
	s.unlocked()
	s.told("passcode.changed", 1)
}

// A card pulled while it is being unlocked is finished when it comes back.
func TestPulledWhileTheCardWorks(t *testing.T) {
	s := blocked(t, slow)
	s.to("unlock.repeat", robot.Unlocking())
	s.enter(s.who.NewPasscode)
	s.shows("unlock.working", "Leave it in")
	s.pull()
	s.shows("removed-early", "Put it back in to finish")
	s.insert()
	ways := robot.Unlocking()
	ways["card.menu"] = robot.Press("3") // it was unlocked, and the page says so
	s.to("unlock.done", ways)
	s.unlocked()
}

// Without the link, too: the unlock that central did not answer is finished
// when both are back.
func TestPulledWithoutTheLink(t *testing.T) {
	s := blocked(t)
	s.to("unlock.repeat", robot.Unlocking())
	s.link(false)
	s.enter(s.who.NewPasscode)
	s.shows("unlock.failed", "when the connection is back")
	s.pull()
	s.shows("removed-early", "Put it back in to finish", "Nothing is lost")
	s.insert()
	s.shows("offline", "Unlocking needs the central server")
	s.link(true)
	s.shows("card.locked", resuming, "Type the same code again")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// A code that is over is not gone on with.
func TestPulledWhenTheCodeIsOver(t *testing.T) {
	s := blocked(t, patient)
	s.to("unlock.code", robot.Unlocking())
	_, err := s.who.Code()
	s.ok(err)
	s.later(901)
	s.shows("code.expired")
	s.pulled(stop{removed: nothing})
	s.shows("card.locked", start)
	s.to("unlock.code", robot.Unlocking())
	s.wrongCodes(4)
	s.shows("code.used-up")
	s.pulled(stop{removed: nothing})
	s.shows("card.locked", start)
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}
