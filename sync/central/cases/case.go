// Package cases holds the rules of cases: what a mailed code opens, for how
// long, at which terminal.
//
// Its words: a [Case] is one person's way to an unlocked card or a new
// registration, from the first code mail to the end; the terminal that holds
// it is where the person stands; accepted means that the code was right.
//
// The rules are pure: a case and the time in, a case out. Deriving the code,
// comparing it and mailing it is package desk's work, as is the count of
// wrong codes over all cases of a card.
package cases

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"unlockpoint/sync/central/grant"
	"unlockpoint/sync/wire"
)

// End is how a case ended; an empty one is open unless its time is over.
type End string

// The ends.
const (
	Done     End = "done"
	Expired  End = "expired"
	UsedUp   End = "used-up"
	Replaced End = "replaced" // by a newer registration
	Frozen   End = "frozen"
	Removed  End = "removed" // with the registration
)

// Case is one case as it is kept. It names no address: the desk finds it.
type Case struct {
	ID           string       `json:"id"`
	Purpose      wire.Purpose `json:"purpose"`
	Card         string       `json:"card"`
	Registration string       `json:"registration"`
	Key          int          `json:"key"`   // version of the code key
	Epoch        int          `json:"epoch"` // the card's when it began

	Terminal string    `json:"terminal"` // the holder
	Site     string    `json:"site"`     // the holder's
	Held     time.Time `json:"held"`     // when the holder was last heard
	Entered  bool      `json:"entered"`  // the code was typed since the holder took it

	New      bool      `json:"new,omitempty"` // the code is for a new address
	Address  []byte    `json:"address"`       // where the code goes, sealed
	Until    time.Time `json:"until"`         // end of the code, or of the time after it
	Latest   time.Time `json:"latest,omitzero"`
	Tries    int       `json:"tries"` // wrong ones of this code
	Sends    int       `json:"sends"` // of this code
	Letters  int       `json:"letters"`
	Sent     time.Time `json:"sent"`
	Accepted bool      `json:"accepted,omitempty"`
	Assist   bool      `json:"assist,omitempty"` // its code is the IT booth's
	Second   bool      `json:"second,omitempty"` // and two operators gave it out
	Grants   []Grant   `json:"grants,omitempty"`
	End      End       `json:"end,omitempty"`
}

// Grant is one grant that was handed out.
type Grant struct {
	Terminal   string       `json:"terminal"`
	Generation int          `json:"gen"`
	Asked      *grant.Asked `json:"asked,omitempty"` // of a card whose key stays here
}

// Letter is the key of the newest code mail.
func (c Case) Letter() string { return fmt.Sprintf("%s/%d", c.ID, c.Letters) }

// Granted reports whether the terminal was given a grant of the generation.
func (c Case) Granted(terminal string, generation int) bool {
	for _, g := range c.Grants {
		if g.Terminal == terminal && g.Generation == generation {
			return true
		}
	}
	return false
}

// Answered reports whether a card's question under this challenge of ours was
// answered already.
func (c Case) Answered(ours []byte) bool {
	return slices.ContainsFunc(c.Grants, func(g Grant) bool { return g.Asked != nil && bytes.Equal(g.Asked.Ours, ours) })
}

// Rules are policy's numbers.
type Rules struct {
	Life        time.Duration // of a code
	After       time.Duration // for the rest, once the code was right
	ResendAfter time.Duration
	TakeOver    time.Duration // a holder unheard for so long may be succeeded without proof
	Tries       int
	Sends       int
	Grants      int
}

// RulesOf reads the rules out of a policy.
func RulesOf(p wire.Policy) Rules {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return Rules{
		Life: s(p.CodeLife), After: s(p.AfterCode), ResendAfter: s(p.ResendAfter), TakeOver: s(p.TakeOver),
		Tries: p.CodeTries, Sends: p.CodeSends, Grants: p.Grants,
	}
}

// Start begins the case's first or next code: fresh time, tries and sends,
// and one letter.
func (r Rules) Start(c Case, now time.Time) Case {
	c.Tries, c.Sends, c.Sent = 0, 1, now
	c.Letters++
	c.Until = now.Add(r.Life)
	if !c.Latest.IsZero() && c.Latest.Before(c.Until) {
		c.Until = c.Latest
	}
	c.Held = now
	return c
}

// Settle returns the case as it stands at the given time.
func (r Rules) Settle(c Case, now time.Time) Case {
	if c.End == "" && !now.Before(c.Until) {
		c.End = Expired
	}
	return c
}

// Open reports whether the case goes on at the given time.
func (r Rules) Open(c Case, now time.Time) bool { return r.Settle(c, now).End == "" }
