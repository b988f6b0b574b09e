package wire

import "time"

// Refusal is why a request was not served. It is part of every reply.
type Refusal string

// The refusals. The terminal turns each into a page.
const (
	NewSession    Refusal = "new-session"  // say hello again: nothing was changed
	OtherBody     Refusal = "other-body"   // the id was used with another text: nothing was changed
	BadRequest    Refusal = "bad-request"  // a bug or an attack: nothing was changed
	UnknownCard   Refusal = "unknown-card" // central has no such card
	Unregistered  Refusal = "unregistered"
	Locked        Refusal = "locked" // too many failed attempts or wrong codes
	Frozen        Refusal = "frozen"
	CodePage      Refusal = "code-page"      // a case is open: take it
	NoCase        Refusal = "no-case"        // ended, or never was
	OtherTerminal Refusal = "other-terminal" // another terminal holds the case
	TooSoon       Refusal = "too-soon"       // to send again, or an address too new to unlock with
	TooMany       Refusal = "too-many"       // sends, cases, mails, grants or evaluations
	NoProof       Refusal = "no-proof"       // the card's proof is missing or wrong
	NoAddress     Refusal = "no-address"     // none on file: the booth sets one
	BadAddress    Refusal = "bad-address"    // not in an accepted domain, or malformed
	WrongProof    Refusal = "wrong-proof"    // registration keys do not fit their signatures
	Retired       Refusal = "retired"        // PUK used up or card withdrawn
	Overspent     Refusal = "overspent"      // the terminal had too many cards, failures or lockouts
	PUKDoubt      Refusal = "puk-doubt"      // no try may be spent on finding out which PUK the card has

	NotAllowed Refusal = "not-allowed" // to an operator: another role is needed
	Expired    Refusal = "expired"     // to an operator: exp is over by central's clock, or too far ahead of it
	NotDone    Refusal = "not-done"    // to an operator: the answer says why
)

// Answered is embedded in every reply body.
type Answered struct {
	Refused Refusal `json:"refused,omitempty"`
}

// Refuse is the body of a reply that only refuses.
func Refuse(r Refusal) Answered { return Answered{Refused: r} }

// CardProof is a card's signature over Digest (package answer names the
// text), with its certificate, DER; or, for a card whose key stays at central,
// the card's challenge, given to a beginning of the same digest.
type CardProof struct {
	Certificate []byte `json:"certificate,omitempty"`
	Signature   []byte `json:"signature,omitempty"`
	Challenge   []byte `json:"challenge,omitempty"`
}

// Standing of a card at central.
type Standing string

// The standings.
const (
	StandsUnknown      Standing = "unknown"
	StandsUnregistered Standing = "unregistered"
	StandsRegistered   Standing = "registered"
	StandsLocked       Standing = "locked"
	StandsFrozen       Standing = "frozen"
)

// CardLookBody asks what central knows about a card that was put in.
type CardLookBody struct {
	Card string `json:"card"`
}

// CardLookReply says no more than anybody holding the card may know.
type CardLookReply struct {
	Answered
	Standing     Standing  `json:"standing"`
	Registration string    `json:"registration,omitempty"`
	Asked        []int     `json:"asked,omitempty"` // question numbers, in the order to ask
	AttemptsLeft int       `json:"attempts_left"`
	CodeOnly     bool      `json:"code_only,omitempty"`
	Case         string    `json:"case,omitempty"`     // an open unlock case
	Accepted     bool      `json:"accepted,omitempty"` // its code was right
	SecondsLeft  int       `json:"seconds_left,omitempty"`
	LastUnlock   time.Time `json:"last_unlock,omitzero"`
	Keys         []KeyForm `json:"keys,omitempty"` // how to derive each asked answer's key
}

// KeyForm says how one answer becomes a key.
type KeyForm struct {
	Question   int   `json:"question"`
	Normaliser int   `json:"normaliser"`
	OPRF       int   `json:"oprf"` // version of central's key
	Argon      Argon `json:"argon"`
}

// Argon holds Argon2id's parameters: memory in KiB, passes, lanes.
type Argon struct {
	Memory uint32 `json:"memory_kib"`
	Time   uint32 `json:"time"`
	Lanes  uint8  `json:"lanes"`
}

// DefaultArgon is OWASP's second recommendation: 19 MiB, two passes, one lane.
func DefaultArgon() Argon { return Argon{Memory: 19 << 10, Time: 2, Lanes: 1} }

// RegisterBeginBody asks for a registration id. The terminal has verified the
// passcode on the card itself.
type RegisterBeginBody struct {
	Card   string    `json:"card"`
	Proof  CardProof `json:"proof"`
	SealTo []byte    `json:"seal_to"` // the insertion's key, bound into the proof
}

// RegisterBeginReply gives the pending registration and the masked address.
type RegisterBeginReply struct {
	Answered
	Registration string `json:"registration"`
	OPRF         int    `json:"oprf"`
	Normaliser   int    `json:"normaliser"`
	Argon        Argon  `json:"argon"`
	Address      string `json:"address"` // masked; empty when none is on file
	Local        string `json:"local"`   // the address's local part: answers may not be it
	TTL          int    `json:"ttl_s"`
}

// RegisterEvaluateBody carries one blinded element for each chosen question.
// A pending registration is evaluated once, for the insertion that began it.
type RegisterEvaluateBody struct {
	Registration string   `json:"registration"`
	Questions    []int    `json:"questions"`
	Elements     [][]byte `json:"elements"`
	SealTo       []byte   `json:"seal_to"`
}

// Evaluated carries evaluated elements in the order of the request.
type Evaluated struct {
	Answered
	Elements [][]byte `json:"elements"`
}

// QuestionKey is the public half of one answer. Signature is by that key over
// the registration, so that a key nobody holds cannot be enrolled.
type QuestionKey struct {
	Form      KeyForm `json:"form"`
	Public    []byte  `json:"public"` // Ed25519, 32 bytes
	Signature []byte  `json:"signature"`
}

// RegisterSubmitBody hands in the keys and opens the register case: a code
// goes to the address on file and, when Address is set, after that one is
// right a code to the new address. It is for the insertion that began it.
type RegisterSubmitBody struct {
	Registration string        `json:"registration"`
	Keys         []QuestionKey `json:"keys"`
	Address      string        `json:"address,omitempty"`
	SealTo       []byte        `json:"seal_to"`
}

// AttemptBeginBody carries one blinded element for each asked question, in
// the asked order. The attempt is debited by the evaluation.
type AttemptBeginBody struct {
	Card         string    `json:"card"`
	Registration string    `json:"registration"`
	Elements     [][]byte  `json:"elements"`
	Proof        CardProof `json:"proof"`
	SealTo       []byte    `json:"seal_to"`
}

// AttemptBeginReply names the attempt and the case that a right proof opens.
type AttemptBeginReply struct {
	Answered
	Attempt  string   `json:"attempt"`
	Case     string   `json:"case"`
	Elements [][]byte `json:"elements"`
}

// AttemptProveBody carries one signature for each asked question, right or
// wrong: the terminal cannot tell.
type AttemptProveBody struct {
	Attempt    string   `json:"attempt"`
	Signatures [][]byte `json:"signatures"`
	SealTo     []byte   `json:"seal_to"`
}

// AttemptProveReply is one yes or no. Case is set when Right.
type AttemptProveReply struct {
	Answered
	Right        bool      `json:"right"`
	AttemptsLeft int       `json:"attempts_left"`
	Case         *CaseView `json:"case,omitempty"`
}

// CaseTakeBody opens a case where policy asks no questions, or takes an open
// one over with a fresh proof of the card.
type CaseTakeBody struct {
	Card   string    `json:"card"`
	Proof  CardProof `json:"proof"`
	SealTo []byte    `json:"seal_to"`
}

// MailState is what became of the newest code mail.
type MailState string

// The mail states.
const (
	MailQueued   MailState = "queued"   // on its way
	MailTaken    MailState = "taken"    // the mail server has it
	MailDeferred MailState = "deferred" // the mail server put it off; we go on trying
	MailRefused  MailState = "refused"  // the mail server will never take it
)

// CaseView is what a terminal may show of a case.
type CaseView struct {
	Case        string    `json:"case"`
	Purpose     Purpose   `json:"purpose"`
	Address     string    `json:"address"`       // masked
	New         bool      `json:"new,omitempty"` // the code is for the new address of a change
	SecondsLeft int       `json:"seconds_left"`  // of the code, or of the time after it
	TriesLeft   int       `json:"tries_left"`
	SendsLeft   int       `json:"sends_left"`
	ResendIn    int       `json:"resend_in_s"`
	Mail        MailState `json:"mail"`
	Accepted    bool      `json:"accepted,omitempty"`
	Assist      bool      `json:"assist,omitempty"` // its code is the IT booth's, not one from a mail
}

// Purpose of a case and its code.
type Purpose string

// The purposes.
const (
	ForRegister Purpose = "register"
	ForUnlock   Purpose = "unlock"
)

// CaseReply answers whatever opens, takes or looks at a case.
type CaseReply struct {
	Answered
	Case CaseView `json:"case"`
}

// CaseBody names a case, for code.resend and code.status.
type CaseBody struct {
	Case string `json:"case"`
}

// CodeCheckBody tries a code.
type CodeCheckBody struct {
	Case string `json:"case"`
	Code Typed  `json:"code"`
}

// Verdict on a code.
type Verdict string

// The verdicts.
const (
	CodeRight   Verdict = "right"
	CodeNext    Verdict = "next" // right, and the new address's code is on its way
	CodeWrong   Verdict = "wrong"
	CodeExpired Verdict = "expired"
	CodeUsedUp  Verdict = "used-up"
)

// CodeCheckReply answers code.check.
type CodeCheckReply struct {
	Answered
	Verdict Verdict  `json:"verdict"`
	Locked  bool     `json:"locked,omitempty"` // the wrong codes of this card are used up
	Case    CaseView `json:"case"`
}

// UnlockGrantBody asks for what unblocks the card. SealTo is made for this
// insertion and bound into the proof.
type UnlockGrantBody struct {
	Case   string    `json:"case"`
	Card   string    `json:"card"`
	Proof  CardProof `json:"proof"`
	SealTo []byte    `json:"seal_to"`
}

// UnlockGrantReply carries a Grant, sealed to SealTo.
type UnlockGrantReply struct {
	Answered
	Grant *Sealed `json:"grant,omitempty"`
}

// Grant is what unblocks a card: the PUK it should have and the one to give
// it, both the same until the change is confirmed. A card that keeps its PUK
// for good has no Next; for a card that asked, Current is the answer to its
// challenge.
type Grant struct {
	Generation int    `json:"gen"`
	Current    []byte `json:"current"`
	Next       []byte `json:"next,omitempty"`
	NextFirst  bool   `json:"next_first,omitempty"` // the change is known to have been sent, or the card refused Current

	Wrong []PUKState `json:"wrong,omitempty"` // those of the two that the card refused, wherever it was
}

// PINState says what became of the passcode.
type PINState string

// The ends of an unlock for passcode and PUK.
const (
	PINReset   PINState = "reset"
	PINUnknown PINState = "unknown"

	PUKCurrent PUKState = "current" // not changed
	PUKNext    PUKState = "next"
	PUKUnknown PUKState = "unknown" // the change was sent and its answer lost
)

// PUKState says what became of the PUK.
type PUKState string

// UnlockDoneBody is the fact that a grant was used. Wrong are the PUKs of the
// generation that the card refused. PUKTries is how many tries the PUK has
// left at the least, by what the card said last; -1 when it did not say. Half is the card's own part of
// an exchange in which both sides prove themselves, nil where there was none.
type UnlockDoneBody struct {
	Case       string     `json:"case"`
	Generation int        `json:"gen"`
	PIN        PINState   `json:"pin"`
	PUK        PUKState   `json:"puk"`
	Wrong      []PUKState `json:"wrong,omitempty"`
	PUKTries   int        `json:"puk_tries"`
	Half       []byte     `json:"half,omitempty"`
}

// AuditBody is the fact that something worth keeping happened at a terminal.
type AuditBody struct {
	What string    `json:"what"` // "passcode.changed", "card.left", "reader.missing", ConsoleSet, ...
	Card string    `json:"card,omitempty"`
	At   time.Time `json:"at"`
}

// StepBody is the fact that a page was shown, and for how long. It names no
// person and no card.
type StepBody struct {
	Page    string `json:"page"`
	Seconds int    `json:"seconds"`
	Next    string `json:"next"`
}

// HealthBody is the fact that a fault began or ended.
type HealthBody struct {
	Code  string    `json:"code"`
	On    bool      `json:"on"`
	Title string    `json:"title"`
	At    time.Time `json:"at"`
}

// AckBody acknowledges the facts of an incarnation up to a number. Resend
// asks for everything after Seq again: a gap was seen.
type AckBody struct {
	Inc    string `json:"inc"`
	Seq    uint64 `json:"seq"`
	Resend bool   `json:"resend,omitempty"`
}

// FactBody wraps each fact on the wire with its number and chain hash.
type FactBody struct {
	Inc   string `json:"inc"`
	Seq   uint64 `json:"seq"`
	Chain string `json:"chain"` // SHA-256(chain before || fact), hex
	Fact  []byte `json:"fact"`  // JSON of the fact's body
}

// HeadBody is the newest change number of a site's registry.
type HeadBody struct {
	Site string `json:"site"`
	Head uint64 `json:"head"`
}

// StateBody is a birth or a will. A birth is told again when what it says has
// changed; N counts those of a session, and the newest one counts.
type StateBody struct {
	Online bool    `json:"online"`
	Sess   string  `json:"sess,omitempty"`
	N      int     `json:"n,omitempty"`
	Build  string  `json:"build,omitempty"`
	Vitals *Vitals `json:"vitals,omitempty"` // of a terminal
}

// RegistryPageBody asks for the changes after a number of an epoch. Central
// begins another epoch when it was restored from a backup: its numbers have
// gone back, and go on from there with other changes.
type RegistryPageBody struct {
	After uint64 `json:"after"`
	Epoch string `json:"epoch"`
}

// RegistryPageReply carries changes in order; More says that there are
// further ones. In another epoch than was asked for they are all changes from
// the first on, in place of all that were applied.
type RegistryPageReply struct {
	Answered
	Epoch   string           `json:"epoch"`
	Changes []RegistryChange `json:"changes"`
	Head    uint64           `json:"head"`
	More    bool             `json:"more,omitempty"`
}

// RegistryChange is the newest state of one card of the site. Card is the
// keyed hash of the card's id (see CardHash).
type RegistryChange struct {
	Number       uint64   `json:"n"`
	Card         string   `json:"card"`
	Registration string   `json:"registration,omitempty"`
	Asked        []int    `json:"asked,omitempty"`
	Standing     Standing `json:"standing"`
	Epoch        int      `json:"epoch"`
	Gone         bool     `json:"gone,omitempty"` // tombstone
}
