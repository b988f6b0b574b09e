package desk

import (
	"errors"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/fleet"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/wire"
)

// spent is what a terminal took of its budgets lately: PROTOCOL, "Registration
// and attempts". Each card has its own limits; these are for a terminal that
// goes through many of them, in a thief's hands or with a queue in front of it.
type spent struct {
	Cards    map[string]time.Time `json:"cards,omitempty"` // asked about, by keyed hash, and when first
	Failed   []time.Time          `json:"failed,omitempty"`
	Lockouts []time.Time          `json:"lockouts,omitempty"`
	Alarm    time.Time            `json:"alarm,omitzero"` // when it last went beyond
}

func budgets() store.Table[spent] { return store.Table[spent]{Name: "budget"} }

// spent is a terminal's row, without what no longer counts.
func (d *Desk) spent(t turn, terminal string) (spent, error) {
	s, _, err := budgets().Find(t.tx, terminal)
	if err != nil {
		return s, err
	}
	for card, at := range s.Cards {
		if t.now.Sub(at) >= time.Hour {
			delete(s.Cards, card)
		}
	}
	s.Failed, s.Lockouts = lately(s.Failed, t.now, time.Hour), lately(s.Lockouts, t.now, day)
	return s, nil
}

func lately(times []time.Time, now time.Time, span time.Duration) []time.Time {
	return times[len(times)-since(times, now, span):]
}

// keepSpent keeps the row, and what is new in it for a while.
func keepSpent(t turn, terminal string, s spent, span time.Duration) error {
	return errors.Join(budgets().Put(t.tx, terminal, s), t.later(t.now.Add(span), old{Budget: terminal}))
}

// spendCard counts a card that the terminal asks about.
func (d *Desk) spendCard(t turn, id string) error {
	most := d.policy().CardsAnHour
	if t.who.ID == "" || most == 0 {
		return nil // an operator asks
	}
	s, err := d.spent(t, t.who.ID)
	if err != nil {
		return err
	}
	card := wire.CardHash(d.cfg.Keys.RegistryKey(t.who.Site), id)
	if _, known := s.Cards[card]; known {
		return nil
	}
	if len(s.Cards) >= most {
		return d.overspent(t, s, "cards")
	}
	if s.Cards == nil {
		s.Cards = map[string]time.Time{}
	}
	s.Cards[card] = t.now
	return keepSpent(t, t.who.ID, s, time.Hour)
}

// mayFail refuses an attempt where too many failed. Those under way are taken
// already, as in the ledger.
func (d *Desk) mayFail(t turn) error {
	s, err := d.spent(t, t.who.ID)
	if err != nil {
		return err
	}
	failures, lockouts, err := d.atStake(t)
	if err != nil {
		return err
	}
	p := d.policy()
	switch {
	case p.FailuresAnHour > 0 && len(s.Failed)+failures >= p.FailuresAnHour:
		return d.overspent(t, s, "failed attempts")
	case p.LockoutsADay > 0 && len(s.Lockouts)+lockouts >= p.LockoutsADay:
		return d.overspent(t, s, "lockouts")
	}
	return nil
}

// atStake is what the terminal's open attempts come to if all of them fail.
func (d *Desk) atStake(t turn) (failures, lockouts int, err error) {
	last := map[string]bool{} // cards that have no further attempt
	for row, err := range attemptsOpen().Each(t.tx, "") {
		if err != nil {
			return 0, 0, err
		}
		a, ok, err := attemptOf(t.tx, row.Key)
		if err != nil {
			return 0, 0, err
		}
		if !ok || a.Terminal != t.who.ID {
			continue
		}
		failures++
		c, _, err := find(t.tx, a.Card)
		if err != nil {
			return 0, 0, err
		}
		rows, err := d.rows(t.tx, c)
		if err != nil {
			return 0, 0, err
		}
		if d.ledger().Left(plain(rows), c.Epoch, t.now) == 0 {
			last[c.ID] = true
		}
	}
	return failures, len(last), nil
}

// spendFailure counts an attempt that failed at its terminal, and the lockout
// that it came to.
func (d *Desk) spendFailure(t turn, a attempt, lockedOut bool) error {
	s, err := d.spent(t, a.Terminal)
	if err != nil {
		return err
	}
	s.Failed = append(s.Failed, t.now)
	if lockedOut {
		s.Lockouts = append(s.Lockouts, t.now)
	}
	return keepSpent(t, a.Terminal, s, day)
}

// overspent refuses, and raises an alarm that is heard once an hour.
func (d *Desk) overspent(t turn, s spent, what string) error {
	if t.now.Sub(s.Alarm) < time.Hour {
		return refused(wire.Overspent)
	}
	s.Alarm = t.now
	err := errors.Join(
		keepSpent(t, t.who.ID, s, day),
		d.log.Add(t.tx, wire.AuditEntry{At: t.now, What: audit.TerminalOverspent, By: t.who.by(), Site: t.who.Site, Note: what}),
		fleet.Happened(t.tx, wire.Event{At: t.now, Kind: wire.TerminalOverspent, Terminal: t.who.ID, Site: t.who.Site, Text: "too many " + what}))
	return orRefused(err, wire.Overspent)
}

// forgetSpent forgets what no longer counts.
func (d *Desk) forgetSpent(t turn, o old) error {
	s, err := d.spent(t, o.Budget)
	switch {
	case err != nil:
		return err
	case len(s.Cards)+len(s.Failed)+len(s.Lockouts) == 0:
		return budgets().Delete(t.tx, o.Budget)
	}
	return budgets().Put(t.tx, o.Budget, s)
}
