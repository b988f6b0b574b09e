package journey

import (
	"time"

	"unlockpoint/display"
)

// Event is something that happened: a person, the card reader, the link, the
// clock, or the end of an effect.
type Event interface{ event() }

// The events that nobody asked for.
type (
	// Pressed is what a person did on keys or glass.
	Pressed struct{ Input display.Input }

	// CardIn says that a card was put in.
	CardIn struct{}

	// CardOut says that the card was taken.
	CardOut struct{}

	// ReaderChanged says whether a reader is there and may be used.
	ReaderChanged struct{ Present, Approved bool }

	// LinkChanged says whether central can be reached.
	LinkChanged struct{ Up bool }

	// Rules brings the site's texts and the policy, at start and whenever
	// central changes them.
	Rules struct{ Rules RuleSet }

	// ListeningChanged says what there is for people who listen.
	ListeningChanged struct{ Listening Listening }

	// Tick says that time went by. It is the machine's only clock.
	Tick struct{ Elapsed time.Duration }

	// Fault says that the terminal cannot serve, or can again when Why is
	// empty.
	Fault struct{ Why FaultID }

	// Outcome is the end of an effect. One of another session than the
	// machine's is dropped.
	Outcome struct {
		Session uint64
		Got     Got
	}
)

func (Pressed) event()          {}
func (CardIn) event()           {}
func (CardOut) event()          {}
func (ReaderChanged) event()    {}
func (LinkChanged) event()      {}
func (Rules) event()            {}
func (ListeningChanged) event() {}
func (Tick) event()             {}
func (Fault) event()            {}
func (Outcome) event()          {}

// FaultID says why a terminal cannot serve. What people read of it is in the
// words of every language.
type FaultID string

// The faults.
const (
	NotSetUp   FaultID = "not-set-up" // it is nobody's yet; an engineer is to enrol it
	NeverMet   FaultID = "never-met"  // it has no rules to work by
	StoreFull  FaultID = "store-full" // nothing can be kept
	OtherFault FaultID = "other"      // and any that has no words of its own
)

// Got is what an effect brought back.
type Got interface{ got() }

// Problem is what kept an effect from doing its work. Each has a page.
type Problem string

// The problems.
const (
	NoProblem     Problem = ""
	LinkLost      Problem = "link-lost"      // central did not answer in time: try again
	CardGone      Problem = "card-gone"      // taken out meanwhile
	CardMute      Problem = "card-mute"      // no answer to reset: upside down, dirty
	CardUnknown   Problem = "card-unknown"   // no profile, or central has no such card
	CardUnserved  Problem = "card-unserved"  // a kind or generation that is not served
	CardInUse     Problem = "card-in-use"    // another program holds it
	CardFault     Problem = "card-fault"     // an answer that makes no sense, or a reset by others
	ProofFailed   Problem = "proof-failed"   // the card could not prove itself to central
	Unregistered  Problem = "unregistered"   // central says so
	LockedOut     Problem = "locked-out"     // central says so
	FrozenCard    Problem = "frozen"         // central says so
	CaseOpen      Problem = "case-open"      // a code is under way already
	NoCase        Problem = "no-case"        // the case ended
	HeldElsewhere Problem = "held-elsewhere" // another terminal holds the case: wait or prove
	TooSoon       Problem = "too-soon"
	TooMany       Problem = "too-many"
	NoAddress     Problem = "no-address"
	BadAddress    Problem = "bad-address"
	PUKUsedUp     Problem = "puk-used-up"   // the card cannot be unlocked by anybody here
	Overspent     Problem = "overspent"     // this terminal had too many cards or failures: another one will do
	PUKDoubt      Problem = "puk-doubt"     // no try may be spent on finding out which PUK: IT booth
	PasscodeRule  Problem = "passcode-rule" // the card refused the new passcode; nothing changed
	PadUntyped    Problem = "pad-untyped"   // no passcode came from the reader's own keys; the card was asked nothing
	PadLength     Problem = "pad-length"    // too few digits came from there, or too many; nor was it then
	PadDiffer     Problem = "pad-differ"    // nor when the new one was another the second time
	PadUseless    Problem = "pad-useless"   // those keys do not serve after all
	Internal      Problem = "internal"
)

// Standing is how a card stands at central, or in the local registry.
type Standing string

// The standings.
const (
	Unknown      Standing = "unknown"
	NotEnrolled  Standing = "unregistered"
	Registered   Standing = "registered"
	StandsLocked Standing = "locked"
	StandsFrozen Standing = "frozen"
)

// Case is what a person may know of the case that is open for the card.
type Case struct {
	ID          string
	Address     string // masked, empty until the card proved itself
	New         bool   // the code went to the new address of a change
	SecondsLeft int
	TriesLeft   int
	SendsLeft   int
	ResendIn    int    // seconds
	Mail        string // queued, taken, deferred, refused
	Accepted    bool   // the code was right: go on to the passcode
	Assist      bool   // the code is the IT booth's
}

// Verdict on a code.
type Verdict string

// The verdicts.
const (
	Right   Verdict = "right"
	NextOne Verdict = "next" // right; another code went to the new address
	Wrong   Verdict = "wrong"
	Expired Verdict = "expired"
	UsedUp  Verdict = "used-up"
)

// What effects bring back. Problem is NoProblem when the work was done.
type (
	// CardRead answers ReadCard.
	CardRead struct {
		Problem     Problem
		Hash        string // of the card, under this terminal's key: the same card has the same
		Profile     string // the kind of card, "piv": package pages knows what people call it
		Rule        Rule
		Tries       int // passcode tries left; 0 blocked, -1 unknown
		PUKTries    int // -1 unknown
		NotBefore   time.Time
		NotAfter    time.Time // zero when the card has no certificate
		DaysLeft    int       // until NotAfter, negative when past
		Certificate bool
		Unfinished  bool        // an unlock of this card was cut short at this terminal
		PadVerifies bool        // the passcode can be typed at keys that the reader has itself
		PadChanges  bool        // so can a new one
		Preferences Preferences // of its holder, as remembered here
		FactoryKey  bool        // the card says that what unblocks it is still the factory's
	}

	// LookedUp answers LookUp.
	LookedUp struct {
		Problem      Problem
		Online       bool // false: from the local registry
		Standing     Standing
		Asked        []int // question numbers, in order
		AttemptsLeft int
		CodeOnly     bool
		Case         string // an open unlock case
		Accepted     bool
		SecondsLeft  int
		LastUnlock   time.Time
		Card         CardRead // instead of what was read, where central knows the card by another of its applications
	}

	// Verified answers VerifyPasscode.
	Verified struct {
		Problem   Problem
		OK        bool
		TriesLeft int
	}

	// PasscodeChanged answers ChangePasscode. Problem is PasscodeRule when
	// the card refused the new passcode.
	PasscodeChanged struct {
		Problem   Problem
		OK        bool
		TriesLeft int
	}

	// RegistrationBegun answers BeginRegistration.
	RegistrationBegun struct {
		Problem Problem
		Address string // masked; empty when none is on file
		Local   string // local part of the address: no answer may be it
	}

	// KeysMade answers MakeKeys.
	KeysMade struct {
		Problem Problem
	}

	// CaseShown answers Enrol, TakeCase, ResendCode and AskCase.
	CaseShown struct {
		Problem Problem
		Case    Case
	}

	// AnswersTried answers TryAnswers. Case is set when Right.
	AnswersTried struct {
		Problem      Problem
		Right        bool
		AttemptsLeft int
		Case         Case
	}

	// CodeChecked answers CheckCode and TryAssist.
	CodeChecked struct {
		Problem Problem
		Verdict Verdict
		Locked  bool
		Case    Case
	}

	// Unlocked answers Unlock.
	Unlocked struct {
		Problem Problem
	}

	// Done answers every effect that is Aside.
	Done struct{}
)

func (CardRead) got()          {}
func (LookedUp) got()          {}
func (Verified) got()          {}
func (PasscodeChanged) got()   {}
func (RegistrationBegun) got() {}
func (KeysMade) got()          {}
func (CaseShown) got()         {}
func (AnswersTried) got()      {}
func (CodeChecked) got()       {}
func (Unlocked) got()          {}
func (Done) got()              {}

// Rule is the rule for a new passcode: the stricter of policy and card.
type Rule struct {
	Min, Max int
	Digits   bool
}

// RuleSet is what the machine knows of policy and site.
type RuleSet struct {
	Terminal    string
	Site        string
	Booth       string
	Hours       string
	Phone       string
	Sender      string             // who codes come from
	Subjects    map[Journey]string // of the mails that bring them
	Domains     []string
	Bank        int
	Choose      int
	PasscodeMin int
	PasscodeMax int
	PageTimeout time.Duration
	MoreTime    time.Duration
	WarnExpiry  int // days
	CodeMinutes int
}
