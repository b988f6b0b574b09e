package cases

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"unlockpoint/sync/wire"
)

var (
	rules = RulesOf(wire.DefaultPolicy())
	nine  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func at(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }

func started() Case {
	c := Case{ID: "c1", Purpose: wire.ForUnlock, Card: "piv:01", Terminal: "hall", Site: "ward"}
	return rules.Start(c, nine)
}

func TestACodeLives15Minutes(t *testing.T) {
	if c, v := rules.Try(started(), "hall", "ward", true, at(15).Add(-1)); v != wire.CodeRight || !c.Accepted {
		t.Errorf("a moment before its end: %s", v)
	}
	if c, v := rules.Try(started(), "hall", "ward", true, at(15)); v != wire.CodeExpired || c.Accepted {
		t.Errorf("at its end: %s", v)
	}
}

func TestARightCodeOpens15MoreMinutesOnce(t *testing.T) {
	c, _ := rules.Try(started(), "hall", "ward", true, at(10))
	if !c.Until.Equal(at(25)) {
		t.Fatalf("until %v", c.Until)
	}
	c, v := rules.Try(c, "porch", "ward", true, at(20))
	if v != wire.CodeRight || c.Terminal != "porch" || !c.Until.Equal(at(25)) {
		t.Errorf("typed again elsewhere: %s, %s until %v", v, c.Terminal, c.Until)
	}
	if rules.Open(c, at(25)) {
		t.Error("it is still open at 9:25")
	}
}

func TestFiveWrongCodesEndTheCase(t *testing.T) {
	c := started()
	var v wire.Verdict
	for range 4 {
		if c, v = rules.Try(c, "hall", "ward", false, at(1)); v != wire.CodeWrong {
			t.Fatalf("got %s", v)
		}
	}
	if c, v = rules.Try(c, "hall", "ward", false, at(1)); v != wire.CodeUsedUp {
		t.Fatalf("the fifth: %s", v)
	}
	if _, v = rules.Try(c, "hall", "ward", true, at(1)); v != wire.CodeUsedUp {
		t.Errorf("the right one as the sixth: %s", v)
	}
}

func TestARepeatKeepsTheEnd(t *testing.T) {
	c := started()
	if _, refused := rules.Resend(c, "hall", at(1).Add(-1)); refused != wire.TooSoon {
		t.Errorf("before a minute: %q", refused)
	}
	if _, refused := rules.Resend(c, "porch", at(1)); refused != wire.OtherTerminal {
		t.Errorf("from elsewhere: %q", refused)
	}
	for i := 1; i <= 2; i++ {
		var refused wire.Refusal
		if c, refused = rules.Resend(c, "hall", at(i)); refused != "" {
			t.Fatalf("resend %d: %q", i, refused)
		}
	}
	if !c.Until.Equal(at(15)) || c.Letter() != "c1/3" {
		t.Errorf("until %v, letter %s", c.Until, c.Letter())
	}
	if _, refused := rules.Resend(c, "hall", at(5)); refused != wire.TooMany {
		t.Errorf("a fourth mail: %q", refused)
	}
}

func TestTakingACaseOver(t *testing.T) {
	c := started()
	for _, step := range []struct {
		what   string
		proved bool
		after  time.Duration
		want   wire.Refusal
	}{
		{"with a proof, at once", true, 0, ""},
		{"without, too early", false, 119 * time.Second, wire.OtherTerminal},
		{"without, after two minutes", false, 120 * time.Second, ""},
		{"with a proof, too late", true, 15 * time.Minute, wire.NoCase},
	} {
		got, refused := rules.Take(c, "porch", "ward", step.proved, nine.Add(step.after))
		if refused != step.want || (refused == "") != (got.Terminal == "porch") {
			t.Errorf("%s: %q, held by %s", step.what, refused, got.Terminal)
		}
	}
}

func TestATakenCaseNeedsTheCodeAgain(t *testing.T) {
	c, _ := rules.Try(started(), "hall", "ward", true, at(1))
	if refused := rules.MayGrant(c, "hall", at(2)); refused != "" {
		t.Fatalf("got %q", refused)
	}
	c, _ = rules.Take(c, "porch", "ward", true, at(3))
	if refused := rules.MayGrant(c, "porch", at(3)); refused != wire.NoCase {
		t.Errorf("without the code: %q", refused)
	}
	c, _ = rules.Try(c, "porch", "ward", true, at(4))
	if refused := rules.MayGrant(c, "porch", at(4)); refused != "" {
		t.Errorf("with the code: %q", refused)
	}
	if refused := rules.MayGrant(c, "hall", at(4)); refused != wire.OtherTerminal {
		t.Errorf("at the terminal before: %q", refused)
	}
}

func TestThreeGrantsACase(t *testing.T) {
	c, _ := rules.Try(started(), "hall", "ward", true, at(1))
	c.Grants = make([]Grant, 3)
	if refused := rules.MayGrant(c, "hall", at(2)); refused != wire.TooMany {
		t.Errorf("got %q", refused)
	}
}

func TestARegistrationsCodeDoesNotOutliveIt(t *testing.T) {
	c := started()
	c.Latest = at(18)
	if c = rules.Start(c, at(10)); !c.Until.Equal(at(18)) || c.Letter() != "c1/2" || c.Sends != 1 {
		t.Errorf("until %v, letter %s, %d sends", c.Until, c.Letter(), c.Sends)
	}
}

func TestWhatTheHolderSees(t *testing.T) {
	c := started()
	got := rules.View(c, nine.Add(500*time.Millisecond))
	want := wire.CaseView{Case: "c1", Purpose: wire.ForUnlock, SecondsLeft: 900, TriesLeft: 5, SendsLeft: 2, ResendIn: 60}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Whatever terminals do, no code sees more than five wrong tries or three
// mails, and no case lasts longer than code and rest together.
func TestNoOrderOfStepsGivesMore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, now, wrong := started(), nine, 0
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(r, "seconds")) * time.Second)
			terminal := rapid.SampledFrom([]string{"hall", "porch"}).Draw(r, "terminal")
			switch rapid.IntRange(0, 2).Draw(r, "step") {
			case 0:
				right := rapid.Bool().Draw(r, "right")
				if rules.MayTry(c, terminal, now) != "" {
					continue
				}
				tries := c.Tries
				c, _ = rules.Try(c, terminal, "ward", right, now)
				wrong += c.Tries - tries
			case 1:
				c, _ = rules.Resend(c, terminal, now)
			case 2:
				c, _ = rules.Take(c, terminal, "ward", rapid.Bool().Draw(r, "proved"), now)
			}
			if wrong > 5 || c.Sends > 3 || c.Until.After(at(30)) {
				r.Fatalf("%d wrong, %d sends, until %v", wrong, c.Sends, c.Until)
			}
		}
	})
}
