package house_test

import "testing"

// Every card of the tray ends on its page, says what it should there, and
// may be taken from it at once.
func TestEveryCardEndsOnItsPage(t *testing.T) {
	s := begin(t)
	for _, c := range []struct{ card, page, says string }{
		{"amina", "card.menu", "Register this card"},
		{"bryn", "card.menu", "Your card works."},
		{"chidi", "card.unregistered", "next time you can unlock it yourself"},
		{"dilys", "card.expired", "you need a new card"},
		{"emeka", "card.blocked-for-good", "cannot be unlocked"},
		{"farah", "card.unknown", "not one of our cards"},
		{"grace", "card.unsupported", "not served here"},
		{"library", "card.unknown", "not one of our cards"},
		{"upside-down", "card.unreadable", "chip first, facing the right way"},
	} {
		s.who.Card = c.card
		s.insert()
		s.shows(c.page, c.says)
		s.pull()
		s.shows("idle")
	}
	s.told("card.blocked-for-good", 1)
}

// One card after the other, without a pause: each is served as itself.
func TestOneCardAfterTheOther(t *testing.T) {
	s := begin(t)
	for range 3 {
		for card, page := range map[string]string{"amina": "card.menu", "chidi": "card.unregistered", "grace": "card.unsupported"} {
			s.set("/cards/"+card+"/insert", struct{}{})
			s.shows(page)
		}
	}
}
