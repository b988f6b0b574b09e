package tray

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/driver"
	"unlockpoint/reader/simcard"
)

func open(t *testing.T, dir string) (*Tray, *simcard.Slot) {
	t.Helper()
	authority, err := simcard.OpenAuthority(dir+"/authority.pem", "Test card authority")
	if err != nil {
		t.Fatal(err)
	}
	slot := simcard.NewSlot("tray")
	tray, err := Open(dir+"/cards", Seed(), authority, Direct{slot}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tray, slot
}

// The seed has at least one card of every kind, so every page about a card
// can be seen.
func TestSeedHasEveryKind(t *testing.T) {
	for _, kind := range simcard.Kinds() {
		if !slices.ContainsFunc(Seed(), func(e Entry) bool { return e.Kind == kind }) {
			t.Errorf("no card is %s", kind)
		}
	}
}

// A card keeps what happened to it: three wrong passcodes yesterday are three
// wrong passcodes today, and the card is made only once.
func TestCardsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	tray, _ := open(t, dir)
	if len(tray.Issued()) != len(Seed()) {
		t.Fatalf("made %d cards, want %d", len(tray.Issued()), len(Seed()))
	}
	for range 3 {
		if ok, err := tray.Verify(context.Background(), "amina", "000000"); ok || err != nil {
			t.Fatalf("verify: %v, %v", ok, err)
		}
	}
	if again, _ := open(t, dir); len(again.Issued()) != len(Seed()) {
		t.Fatalf("%d cards were made anew, though none was kept", len(again.Issued()))
	}
	if err := tray.Keep(); err != nil {
		t.Fatal(err)
	}
	before, _ := tray.Card("amina")
	if !before.AsPrinted {
		t.Error("nobody has chosen another passcode than the printed one")
	}

	tray, _ = open(t, dir)
	after, _ := tray.Card("amina")
	if len(tray.Issued()) != 0 || after.ID != before.ID || after.PasscodeTries != 0 {
		t.Errorf("after a restart: %d made, %+v", len(tray.Issued()), after)
	}
}

// There is one slot: putting a card in takes the other one out.
func TestOneCardAtATime(t *testing.T) {
	tray, slot := open(t, t.TempDir())
	ctx := context.Background()
	for _, name := range []string{"amina", "amina", "bryn"} {
		if err := tray.Insert(ctx, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := tray.Remove(ctx, "amina"); err != nil { // is not in: nothing happens
		t.Fatal(err)
	}
	var in []string
	for _, c := range tray.Cards() {
		if c.Inserted {
			in = append(in, c.Name)
		}
	}
	if !slices.Equal(in, []string{"bryn"}) || slot.Card() == nil {
		t.Errorf("in: %v", in)
	}
	if err := tray.Remove(ctx, "bryn"); err != nil || slot.Card() != nil {
		t.Errorf("after taking it out: %v, %v", err, slot.Card())
	}
	if err := tray.Insert(ctx, "nobody"); !errors.Is(err, driver.ErrNoCard) {
		t.Errorf("a card that is not there: %v", err)
	}
}

// An empty slot is told to whoever watches, and then the card.
func TestReaderSeesTheCard(t *testing.T) {
	tray, slot := open(t, t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	seen := slot.Watch(ctx)
	if p := <-seen; p.Card {
		t.Fatalf("at first: %+v", p)
	}
	if err := tray.Insert(ctx, "upside-down"); err != nil {
		t.Fatal(err)
	}
	if p := <-seen; !p.Card || !p.Mute {
		t.Errorf("with a card upside down: %+v", p)
	}
}

// A mistake in a seed file is told with its line.
func TestSeedMistakes(t *testing.T) {
	head := strings.Join(columns, ",") + "\n"
	for text, says := range map[string]string{
		"":                          "line 1",
		"name,kind\n":               "line 1",
		head:                        "no cards",
		head + "A,b,working,,,,,\n": "line 2: name",
		head + "a,b,working,,,,,\na,c,blocked,,,,,\n":                   "line 3: this name stands twice",
		head + "a,,working,,,,,\n":                                      "line 2: holder",
		head + "a,b,shiny,,,,,\n":                                       "line 2: kind",
		head + "a,b,working,,12,,,\n":                                   "line 2: passcode",
		head + "a,b,working,,123456,a@nhs.net,,\n":                      "line 2: give both",
		head + "a,b,working,loyalty,,,,\n":                              "line 2: profile",
		head + "a,b\n":                                                  "line 2",
		head + strings.Repeat("a,b,working,,,,,\n", 1) + "\"x,,,,,,,\n": "line",
	} {
		if _, err := ParseSeed(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// Whatever parses is a tray that can be made.
func FuzzParseSeed(f *testing.F) {
	f.Add(seed)
	f.Add("name,holder,kind,profile,passcode,email,site,about\na,b,mute,,,,,\n")
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := ParseSeed(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, e := range entries {
			if !validName(e.Name) || e.Holder == "" {
				t.Errorf("passed: %+v", e)
			}
		}
	})
}
