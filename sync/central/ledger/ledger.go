// Package ledger counts attempts to answer a card's questions, over all
// terminals.
//
// Its words: an attempt is all asked answers together; a [Row] is one attempt
// and how it ended; an epoch is the time from one completed unlock or release
// to the next. There is no counter: what is left is always worked out from
// the rows, so that rows of two stores may be put together without losing a
// failure. An attempt is debited before its answers are evaluated and given
// back when they prove right, so nothing that goes wrong in between is a free
// guess.
//
// The rules are pure: rows and the time in, rows out. Keeping rows, and
// telling the holder of each failure, is package desk's work.
package ledger

import "time"

// State of an attempt.
type State string

// The states. An open attempt becomes one of the others, once.
const (
	Open    State = "open"
	Proved  State = "proved"
	Failed  State = "failed"
	Expired State = "expired" // no proof came in time: counts as a failure
)

// Row is one attempt.
type Row struct {
	Card     string    `json:"card"`
	Epoch    int       `json:"epoch"`
	Attempt  string    `json:"attempt"`
	Terminal string    `json:"terminal"`
	At       time.Time `json:"at"`
	State    State     `json:"state"`
}

// Rules are policy's numbers.
type Rules struct {
	Attempts int           // failures in an epoch that lock the card
	In30Days int           // failures in any 30 days that lock it
	Life     time.Duration // an open attempt fails after this
}

// month is the "30 days" of the rules.
const month = 30 * 24 * time.Hour

// Settle returns the row as it stands at the given time: an open one whose
// time is over has expired.
func (r Rules) Settle(row Row, now time.Time) Row {
	if row.State == Open && now.Sub(row.At) >= r.Life {
		row.State = Expired
	}
	return row
}

// count is how many rows stand against a card.
type count struct {
	failed int // failed and expired, in the epoch
	open   int // in the epoch
	month  int // failed, expired and open, in 30 days
	lost   int // failed and expired, in 30 days
}

func (r Rules) count(rows []Row, epoch int, now time.Time) count {
	var c count
	for _, row := range rows {
		row = r.Settle(row, now)
		if row.State == Proved {
			continue
		}
		open, recent := row.State == Open, now.Sub(row.At) < month
		switch {
		case row.Epoch == epoch && open:
			c.open++
		case row.Epoch == epoch:
			c.failed++
		}
		if recent {
			c.month++
		}
		if recent && !open {
			c.lost++
		}
	}
	return c
}

// Locked reports whether failures have locked the card.
func (r Rules) Locked(rows []Row, epoch int, now time.Time) bool {
	c := r.count(rows, epoch, now)
	return c.failed >= r.Attempts || c.lost >= r.In30Days
}

// Left is how many attempts may still be begun: open ones are taken already.
func (r Rules) Left(rows []Row, epoch int, now time.Time) int {
	c := r.count(rows, epoch, now)
	return max(0, min(r.Attempts-c.open-c.failed, r.In30Days-c.month))
}

// Debit is the row of a new attempt, or false when none is left. Whoever
// evaluates answers writes the row in the same transaction.
func (r Rules) Debit(rows []Row, epoch int, attempt, terminal, card string, now time.Time) (Row, bool) {
	if r.Left(rows, epoch, now) == 0 {
		return Row{}, false
	}
	return Row{Card: card, Epoch: epoch, Attempt: attempt, Terminal: terminal, At: now, State: Open}, true
}

// Prove ends an open attempt with its proof, or returns false when the
// attempt has ended already. It turns no other row: a right third attempt
// does not undo two failures, and two failures do not undo it.
func (r Rules) Prove(row Row, right bool, now time.Time) (Row, bool) {
	if r.Settle(row, now).State != Open {
		return row, false
	}
	row.State = Failed
	if right {
		row.State = Proved
	}
	return row, true
}

// Needed reports whether a row can still count for anything.
func Needed(row Row, epoch int, now time.Time) bool {
	return row.Epoch >= epoch || now.Sub(row.At) < month
}
