package pages

import (
	"strings"
	"time"

	"unlockpoint/device/journey"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// allFacts are what any text may speak of. A fact that is not known is empty.
func (v view) allFacts() words.Facts {
	facts := words.Facts{
		"why":      either(v.words.Fault[string(v.Fault)], v.words.Fault[string(journey.OtherFault)]),
		"terminal": v.Rules.Terminal, "booth": v.Rules.Booth, "hours": v.Rules.Hours, "phone": v.Rules.Phone, "sender": v.Rules.Sender,
		"subject": v.Rules.Subjects[v.Journey],
		"domains": strings.Join(v.Rules.Domains, ", "), "domain": first(v.Rules.Domains),
		"address": either(v.Case.Address, v.Address), "newaddress": v.NewAddress,
		"profile": either(v.words.Card[v.Card.Profile], v.words.Card["any"]),
	}
	v.countFacts(facts)
	v.cardFacts(facts)
	return facts
}

func (v view) countFacts(facts words.Facts) {
	for name, n := range map[string]int{
		"tries": v.Card.Tries, "attempts": v.Standing.AttemptsLeft, "asked": len(v.Standing.Asked), "choose": v.Rules.Choose,
		"codetries": v.Case.TriesLeft, "sends": v.Case.SendsLeft, "wait": v.ResendIn(), "seconds": v.SecondsLeft(),
		"left": minutes(v.CodeSeconds()), "saved": minutes(v.Removed.Seconds),
		"min": v.Card.Rule.Min, "max": v.Card.Rule.Max, "days": v.Card.DaysLeft,
		"number": v.Number + 1, "count": v.count(), "volume": v.NextVolume(), "volumes": display.Volumes, "step": v.stepNumber(), "steps": v.steps(),
	} {
		facts[name] = words.Number(n)
	}
	if facts["asked"] == "0" {
		facts["asked"] = "" // nothing is asked: then nothing is said about it
	}
	if v.Card.Tries < 0 {
		facts["tries"] = "" // the card does not say
	}
	facts["characters"] = v.words.Label["characters"]
	if v.Card.Rule.Digits {
		facts["characters"] = v.words.Label["digits"]
	}
	facts["resend"] = v.sayWhole(v.resend(), facts)
	facts["question"] = v.words.Question(v.Question)
}

// cardFacts are what the page about the card is put together from.
func (v view) cardFacts(facts words.Facts) {
	facts["until"] = v.date(v.Card.NotAfter)
	facts["on"] = v.date(v.Standing.LastUnlock)
	if v.Page != journey.CardDetails {
		return
	}
	facts["registration"] = v.words.Label[v.registration()]
	facts["validity"] = v.sayWhole(v.validity(), facts)
	facts["lastunlock"] = v.sayWhole("unlocked-on", facts)
}

func (v view) sayWhole(label string, facts words.Facts) string {
	said, whole := words.Fill(v.words.Label[label], facts)
	if !whole {
		return ""
	}
	return said
}

func (v view) resend() string {
	switch {
	case v.Case.SendsLeft <= 0:
		return "resend-never"
	case !v.CanResend():
		return "resend-soon"
	}
	return "resend-now"
}

func (v view) registration() string {
	switch {
	case v.Standing.Standing == journey.StandsLocked:
		return "locked"
	case v.Standing.Standing == journey.StandsFrozen:
		return "frozen"
	case v.Standing.Standing == journey.Registered:
		return "registered"
	case !v.Standing.Online:
		return "unchecked"
	}
	return "unregistered"
}

func (v view) validity() string {
	switch {
	case !v.Card.Certificate:
		return ""
	case v.Card.DaysLeft < 0:
		return "past"
	case v.Card.DaysLeft <= v.Rules.WarnExpiry:
		return "soon"
	}
	return "valid"
}

func (v view) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.words.Date(t)
}

// minutes rounds up: a person with 20 seconds left has "1 more minute".
func minutes(seconds int) int { return (seconds + 59) / 60 }

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
