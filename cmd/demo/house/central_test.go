package house_test

// known is central.json.
type known struct {
	Link       bool
	Queue      int
	Cards      int
	Registered int
	Cases      int
	Locked     int
	Rows       []knownCard
	Terminals  []struct {
		ID     string
		Online bool
	}
	Reports map[string]int
	Demo    struct{ Link, Reader bool }
}

type knownCard struct {
	Card         string
	Standing     string
	AttemptsLeft int `json:"attempts_left"`
	WrongCodes   int `json:"wrong_codes"`
	Case         *struct {
		SecondsLeft int    `json:"seconds_left"`
		SendsLeft   int    `json:"sends_left"`
		TriesLeft   int    `json:"tries_left"`
		Mail        string `json:"mail"`
		Address     string `json:"address"`
	}
}

func (s story) central() known {
	s.Helper()
	var k known
	s.ok(s.Get(s.Context(), "/central.json", &k))
	return k
}

// row is what central knows of a card of the tray.
func (k known) row(name string, s story) knownCard {
	s.Helper()
	var card struct{ ID string }
	s.ok(s.Get(s.Context(), "/cards/"+name+".json", &card))
	for _, r := range k.Rows {
		if r.Card == card.ID {
			return r
		}
	}
	s.Fatalf("central does not know %s", name)
	return knownCard{}
}

// told waits until central has heard of something at the terminal so many
// times.
func (s story) told(what string, times int) {
	s.Helper()
	for range 4000 {
		if got := s.central().Reports[what]; got == times {
			return
		} else if got > times {
			s.Fatalf("central heard of %s %d times, want %d", what, got, times)
		}
	}
	s.Fatalf("central never heard of %s", what)
}
