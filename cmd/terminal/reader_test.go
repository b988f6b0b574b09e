package main

import (
	"encoding/json"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/reader/simcard"
)

// A reader that the configuration does not name is not used, and central hears
// of it.
func TestAReaderThatIsNotApproved(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	door.reads(w.Mosquitto.URL(), "the hospital's own")
	p := door.start()
	p.sees("reader-unapproved")
	door.insert(w.Hires(simcard.Working).Card)
	hospitaltest.Await(w.t, "central's knowledge of it", func() bool {
		o, ok := w.overview()
		return ok && o.Reports["reader.unapproved"] == 1
	})
	if s := p.look(); s.ID != "reader-unapproved" {
		t.Errorf("a card in it is served: %+v", s)
	}
}

// A generation of cards that was withdrawn is not served, by its answer to
// reset.
func TestAGenerationThatWasWithdrawn(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	door.sets("reader", `withdrawn_atrs = ["3b80800101*"]`)
	p := door.start()
	p.sees("idle")
	door.insert(w.Hires(simcard.Working).Card)
	p.sees("card.unsupported")
	p.leaves(door)
}

// An engineer reads the card while no terminal runs, too.
func TestTheCardIsReadWithoutTheTerminal(t *testing.T) {
	w := newWorld(t, "")
	door := w.walls[0]
	ask := func(args ...string) string {
		cmd := w.pcsc.Command(hospitaltest.Program(t, "terminal"), append([]string{"--config", door.config, "card"}, args...)...)
		out, _ := cmd.CombinedOutput() // an error is told, and comes while a card is on its way
		return string(out)
	}
	if out := ask(); !strings.Contains(out, "none: put one in") {
		t.Errorf("without a card: %s", out)
	}
	h := w.Hires(simcard.Working)
	door.insert(h.Card)
	var now card
	hospitaltest.Await(w.t, "the card", func() bool {
		now = card{}
		return json.Unmarshal([]byte(ask("--json")), &now) == nil && now.ID != ""
	})
	if now.ID != h.Card.Status().CardID || now.Profile != "piv" || now.Tries != 3 || !now.In {
		t.Errorf("the card: %+v", now)
	}
	for _, out := range []string{ask(), ask("--json")} {
		for _, secret := range []string{h.Passcode, h.PUK, h.Name, h.Email} {
			if strings.Contains(out, secret) {
				t.Errorf("it holds %q: %s", secret, out)
			}
		}
	}
	door.pull()
	unserved, err := simcard.New(simcard.Config{Kind: simcard.Unsupported})
	if err != nil {
		t.Fatal(err)
	}
	hospitaltest.Await(w.t, "an empty reader", func() bool { return strings.Contains(ask(), "none: put one in") })
	door.insert(unserved)
	hospitaltest.Await(w.t, "a card that is not served", func() bool { return strings.Contains(ask(), "of no kind that is served here") })
}
