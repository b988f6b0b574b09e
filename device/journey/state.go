package journey

import (
	"time"

	"unlockpoint/display"
)

// State is everything that decides what comes next. Its exported part is what
// a page may show. Next takes over the State it is called on: the secrets in
// it live on in the State that Next returns.
type State struct {
	Page    PageID
	Session uint64 // insertions so far

	Rules      RuleSet
	Online     bool // central can be reached
	Reader     bool // a reader is there
	Unapproved bool // and may not be used
	Fault      FaultID
	Look       display.Look
	Listening  Listening
	Aloud      display.Aloud // whether pages are read, until this person is done
	Unhurried  bool          // pages wait for longer, as somebody asked
	Removed    Removed
	Visit

	early    early
	cardIn   bool
	heard    bool          // the reader has been heard of
	trouble  string        // with the reader, that central was told of
	under    []PageID      // pages that come back when Page, laid over them, is left
	wished   []Option      // settings that no card remembers yet
	revealed bool          // what is typed is shown, see revealFor
	quiet    time.Duration // since the person last did something
	shown    time.Duration // since Base came up
	reminded time.Duration // of quiet, when the last beep sounded
}

// Visit is what one insertion of a card is about. It is wiped when the card
// is taken or the person stops.
type Visit struct {
	Card       CardRead
	Standing   LookedUp
	Case       Case
	Journey    Journey
	Address    string // masked, as central gave it
	NewAddress string // as typed and found right
	Number     int    // which question, from 0
	Question   int    // the one being answered
	Complaint  Complaint
	Problem    Problem // why Page is shown, where the page alone does not say
	Resent     bool    // the code was sent again just now

	byHand   bool            // the passcode is typed here, whatever keys the reader has
	input    *display.Secret // the field of the page
	local    string          // local part of the address: no answer may be it
	answers  []Answer
	old      *display.Secret // the passcode the card has
	chosen   *display.Secret // the passcode it is to get
	offset   int             // first choice shown
	await    work            // under way
	queued   work            // waits for a poll to end
	lost     work            // what the page Offline or Stopped will try again
	renewed  bool            // a registration that ended too early was begun once more
	again    bool            // the look-up is for a new code, not for a new card
	ended    bool            // done, or stopped: only the card has to be taken
	reported bool            // as left behind
	left     time.Duration   // of the code
	resend   time.Duration   // until the code may be sent again
	polled   time.Duration   // since the last AskCase
}

// Journey is what the person came for.
type Journey string

// The journeys.
const (
	NoJourney   Journey = ""
	Registering Journey = "register"
	Unlocking   Journey = "unlock"
	Changing    Journey = "change"
)

// Removed says what a card that was pulled early, or is to be taken, left
// behind.
type Removed struct {
	What    Unfinished
	Seconds int // that a code is still good for
}

// Unfinished is what was under way when the card was pulled.
type Unfinished string

// The ways to be pulled early.
const (
	NothingDone     Unfinished = ""            // nothing was changed
	AllDone         Unfinished = "done"        // what the person came for
	CodeUnderWay    Unfinished = "code"        // an unlock case is open: it goes on anywhere
	TryUnderWay     Unfinished = "try"         // an attempt may have been counted, or a code sent
	UnlockUnderWay  Unfinished = "unlock"      // the card may be unlocked, or not yet
	ChangeUnderWay  Unfinished = "change"      // the passcode may be the old or the new one
	EnrolUnderWay   Unfinished = "register"    // the registration may have been made
	RegisterStarted Unfinished = "unconfirmed" // a registration without its code: nothing was kept
)

// Start is the machine when the terminal comes up. Rules of a site that has
// no name yet are not rules: the page Starting waits for them. Neither the
// reader nor central is waited for.
func Start(rules RuleSet) State {
	if rules.Site == "" {
		return State{Page: Starting, Rules: rules}
	}
	return State{Page: Idle, Rules: rules}
}

// Next says what comes of an event: the next state, and what to do. Steps lead
// from where the person is to where they are next: what they lay over a page,
// or more time that they are offered, is part of it.
func (s State) Next(ev Event) (State, []Effect) {
	t := &turn{State: s}
	t.take(ev)
	if t.Base() != s.Base() {
		t.do(Step{Page: s.Base(), Seconds: int(t.shown / time.Second), Next: t.Base()})
		t.shown = 0
	}
	return t.State, t.effects
}

// Base is the page below those laid over it: where the person really is.
func (s State) Base() PageID {
	if len(s.under) > 0 {
		return s.under[0]
	}
	return s.Page
}

// Below is the page that comes back when Page, laid over it, is left.
func (s State) Below() PageID {
	if n := len(s.under); n > 0 {
		return s.under[n-1]
	}
	return s.Page
}

// Busy reports whether the person has to wait for an effect.
func (s State) Busy() bool {
	return s.queued != nothing || s.await != nothing && s.await != asking && !s.ended
}

// SecondsLeft is the countdown of the page, 0 when it has none.
func (s State) SecondsLeft() int {
	switch s.Page {
	case MoreTime:
		return seconds(s.moreTime() - s.quiet)
	case RegisterCode, UnlockCode, CodeWhere:
		return seconds(s.left)
	}
	return 0
}

// ResendIn is how many seconds have to go by before the code may be sent
// again.
func (s State) ResendIn() int { return seconds(s.resend) }

// seconds rounds up: a countdown shows 0 only when time is up.
func seconds(d time.Duration) int {
	if d <= 0 {
		return 0
	}
	return int((d + time.Second - 1) / time.Second)
}

// CodeSeconds is for how long the code, or the time after it, is still good.
func (s State) CodeSeconds() int { return seconds(s.left) }
