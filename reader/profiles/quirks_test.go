package profiles_test

import (
	"testing"

	"unlockpoint/reader"
	"unlockpoint/reader/profiles"
	"unlockpoint/reader/profiles/profiletest"
	"unlockpoint/reader/simcard"
)

// Cards say "wrong" and "blocked" in many ways. Whichever they have, people are
// told the same, and the unlock works.
func TestEveryProfileCopesWithEveryHabit(t *testing.T) {
	for name, quirks := range map[string]simcard.Quirks{
		"none":           {},
		"counts to zero": {CountsToZero: true},
		"never counts":   {NeverCounts: true},
		"form first":     {FormFirst: true},
		"any characters": {AnyCharacters: true},
		"T=0":            {T0: true},
		"in parts":       {Parts: true},
		"short only":     {ShortOnly: true},
		"tells blocked":  {TellsBlocked: true},
		"tells tries":    {TellsTries: true},
	} {
		for _, p := range profiles.All() {
			t.Run(p.Name+" "+name, func(t *testing.T) {
				chip, err := simcard.New(simcard.Config{Profiles: []string{p.Name}, PUK: puks[p.Name], Quirks: quirks})
				if err != nil {
					t.Fatal(err)
				}
				for left := 2; left >= 0; left-- {
					want := map[bool]reader.Result{true: reader.Wrong, false: reader.Blocked}[left > 0]
					card, _ := opened(t, chip)
					profiletest.Want(t, "a wrong passcode", want, left)(card.Verify(t.Context(), []byte("000000")))
					if _, info := opened(t, chip); info.Tries != left {
						t.Errorf("the card says %d left, want %d", info.Tries, left)
					}
				}
				if err := unlock(t.Context(), chip, puks[p.Name], chosen); err != nil || !chip.Verify(chosen) {
					t.Errorf("the unlock: %v", err)
				}
			})
		}
	}
}

// opened is the card in a reader, recognised.
func opened(t *testing.T, chip *simcard.Card) (reader.Card, reader.Info) {
	t.Helper()
	slot := simcard.NewSlot("Test reader")
	slot.Insert(chip)
	link, err := slot.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { link.Close() })
	card, info, err := profiles.Open(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	return card, info
}
