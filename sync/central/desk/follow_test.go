package desk

import (
	"testing"

	"unlockpoint/sync/wire"
)

// What central IT changes holds at once, also for a card with failed attempts
// and in a letter that is not out yet.
func TestTheDeskFollowsItsPolicyAndItsSites(t *testing.T) {
	w := newWorld(t)
	hall := w.terminal("hall")
	hall.register()
	hall.answer(chosen[0], chosen[1]) // wrong
	if got := hall.look(); got.AttemptsLeft != 2 {
		t.Fatalf("%+v", got)
	}

	policy := w.desk.policy()
	policy.Attempts = 5
	sites := map[string]wire.Site{}
	for id, site := range w.desk.cfg.Sites {
		site.Hours = "never on Fridays"
		sites[id] = site
	}
	w.desk.Follow(policy, sites)

	if got := hall.look(); got.AttemptsLeft != 4 {
		t.Errorf("%d attempts are left", got.AttemptsLeft)
	}
	letters := w.letters()
	if last := letters[len(letters)-1]; last.Site.Hours != "never on Fridays" {
		t.Errorf("the letter tells of %+v", last.Site)
	}
}
