package cases

import (
	"time"

	"unlockpoint/sync/wire"
)

// Holds refuses a terminal that does not hold the case, and any for a case
// that has ended.
func (r Rules) Holds(c Case, terminal string, now time.Time) wire.Refusal {
	switch {
	case !r.Open(c, now):
		return wire.NoCase
	case c.Terminal != terminal:
		return wire.OtherTerminal
	}
	return ""
}

// Take makes the terminal the holder: at once with a fresh proof of the card,
// else when the holder was not heard for a while. The code has to be typed
// (again) before a grant.
func (r Rules) Take(c Case, terminal, site string, proved bool, now time.Time) (Case, wire.Refusal) {
	if !r.Open(c, now) {
		return c, wire.NoCase
	}
	if c.Terminal != terminal && !proved && now.Sub(c.Held) < r.TakeOver {
		return c, wire.OtherTerminal
	}
	c.Terminal, c.Site, c.Held, c.Entered = terminal, site, now, false
	return c, ""
}

// Resend counts one more mail of the same code with the same end.
func (r Rules) Resend(c Case, terminal string, now time.Time) (Case, wire.Refusal) {
	if refused := r.Holds(c, terminal, now); refused != "" {
		return c, refused
	}
	switch {
	case c.Accepted, c.Sends >= r.Sends:
		return c, wire.TooMany
	case now.Sub(c.Sent) < r.ResendAfter:
		return c, wire.TooSoon
	}
	c.Sends++
	c.Letters++
	c.Sent, c.Held = now, now
	return c, ""
}

// MayTry refuses a code before it is looked at. A case whose code was right
// goes on at any terminal, with the same code.
func (r Rules) MayTry(c Case, terminal string, now time.Time) wire.Refusal {
	if r.Open(c, now) && !c.Accepted && c.Terminal != terminal {
		return wire.OtherTerminal
	}
	switch r.Settle(c, now).End {
	case "", Expired, UsedUp:
		if c.Assist {
			return wire.NoCase // no code was mailed
		}
		return ""
	}
	return wire.NoCase
}

// Try debits a try and says what the code was. A right one gives the try back
// and, the first time, opens the time after the code.
func (r Rules) Try(c Case, terminal, site string, right bool, now time.Time) (Case, wire.Verdict) {
	switch c = r.Settle(c, now); {
	case c.End == Expired:
		return c, wire.CodeExpired
	case c.End == UsedUp || c.Tries >= r.Tries:
		return c, wire.CodeUsedUp
	case !right:
		return r.wrong(c)
	}
	return r.Accept(c, terminal, site, now), wire.CodeRight
}

// Accept makes the terminal where a right code was typed the holder and, the
// first time, opens the time after the code.
func (r Rules) Accept(c Case, terminal, site string, now time.Time) Case {
	if !c.Accepted {
		c.Accepted, c.Until = true, now.Add(r.After)
	}
	c.Terminal, c.Site, c.Held, c.Entered = terminal, site, now, true
	return c
}

func (r Rules) wrong(c Case) (Case, wire.Verdict) {
	if c.Tries++; c.Tries < r.Tries {
		return c, wire.CodeWrong
	}
	c.End = UsedUp
	return c, wire.CodeUsedUp
}

// MayGrant refuses a grant to all but the holder of an accepted case who typed
// its code, and beyond the number of grants.
func (r Rules) MayGrant(c Case, terminal string, now time.Time) wire.Refusal {
	refused := r.Holds(c, terminal, now)
	switch {
	case refused != "":
		return refused
	case c.Purpose != wire.ForUnlock || !c.Accepted || !c.Entered:
		return wire.NoCase
	case len(c.Grants) >= r.Grants:
		return wire.TooMany
	}
	return ""
}

// View is what the holder may show, but for address and mail.
func (r Rules) View(c Case, now time.Time) wire.CaseView {
	v := wire.CaseView{
		Case: c.ID, Purpose: c.Purpose, New: c.New, Accepted: c.Accepted, Assist: c.Assist,
		SecondsLeft: seconds(c.Until.Sub(now)),
		TriesLeft:   max(0, r.Tries-c.Tries),
		SendsLeft:   max(0, r.Sends-c.Sends),
	}
	if c.Accepted {
		v.SendsLeft = 0
	}
	if v.SendsLeft > 0 {
		v.ResendIn = seconds(c.Sent.Add(r.ResendAfter).Sub(now))
	}
	return v
}

// seconds rounds up, so that nobody is told 0 before the end.
func seconds(d time.Duration) int {
	return int((max(d, 0) + time.Second - 1) / time.Second)
}
