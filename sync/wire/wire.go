// Package wire holds what terminals and central say to each other: topics,
// the envelope, the message bodies, and the rules of signing and sealing.
//
// Its words: a [Note] (note.go) is a signed text on one topic; an [Envelope]
// is the JSON line inside it; a body is one of the structs in bodies.go. A
// body about a card or a person travels sealed (seal.go).
//
// The package does no I/O and keeps no state.
package wire

import (
	"encoding/json"
	"time"
)

// Version of the envelope.
const Version = 1

// MaxNote is the most bytes a note may have on the wire.
const MaxNote = 64 << 10

// Envelope is the one line of JSON in a note.
type Envelope struct {
	V      int             `json:"v"`
	Kind   Kind            `json:"kind"`
	ID     string          `json:"id"`             // ULID, lower case
	Re     string          `json:"re,omitempty"`   // the request that a reply answers
	From   string          `json:"from"`           // signer's id
	To     string          `json:"to"`             // addressee's id
	Sess   string          `json:"sess,omitempty"` // link session, on requests and replies
	Exp    time.Time       `json:"exp,omitzero"`   // by central's clock, on commands and operators' acts
	Body   json.RawMessage `json:"body,omitempty"`
	Sealed *Sealed         `json:"sealed,omitempty"`
}

// Sealed is a body that only the holder of one key can open.
type Sealed struct {
	Kid  string `json:"kid"`  // which key: the first 16 hex digits of its SHA-256
	Data []byte `json:"data"` // HPKE encapsulated key and ciphertext
}

// Kind names what a note is for.
type Kind string

// The kinds. A reply has the kind of its request with ".reply" behind it.
const (
	Hello            Kind = "hello"
	RegistryPage     Kind = "registry.page"
	CardLook         Kind = "card.look"
	RegisterBegin    Kind = "register.begin"
	RegisterEvaluate Kind = "register.evaluate"
	RegisterSubmit   Kind = "register.submit"
	AttemptBegin     Kind = "attempt.begin"
	AttemptProve     Kind = "attempt.prove"
	CaseTake         Kind = "case.take"
	CodeCheck        Kind = "code.check"
	CodeResend       Kind = "code.resend"
	CodeStatus       Kind = "code.status"
	AssistTake       Kind = "assist.take"
	UnlockGrant      Kind = "unlock.grant"
	CommandDone      Kind = "command.done"
	CertRenew        Kind = "cert.renew"

	UnlockDone Kind = "unlock.done" // facts
	Audit      Kind = "audit"
	Step       Kind = "step"
	Health     Kind = "health"
	Taken      Kind = "settings.taken" // by a terminal

	Ack     Kind = "ack"     // central: facts taken up to here
	Head    Kind = "head"    // central: newest change of a site's registry, retained
	Command Kind = "command" // central: something to do
	Want    Kind = "want"    // central: what a terminal should be set to, retained
	State   Kind = "state"   // birth, retained
)

// The kinds of operators.
const (
	FleetLs     Kind = "fleet.ls"
	FleetShow   Kind = "fleet.show"
	FleetSteps  Kind = "fleet.steps"
	FleetFollow Kind = "fleet.follow"
	FleetRun    Kind = "fleet.run"
	FleetJob    Kind = "fleet.job"
	FleetFetch  Kind = "fleet.fetch"
	ConfigGet   Kind = "config.get"
	ConfigSet   Kind = "config.set"
	ConfigDrift Kind = "config.diff"

	ConsoleRespond Kind = "console.respond"

	CardFind    Kind = "card.find"
	CardHistory Kind = "card.history"
	CardRelease Kind = "card.release"
	CardAssist  Kind = "card.assist"
	CardRemove  Kind = "card.remove"

	CardFreeze   Kind = "card.freeze"
	CardUnfreeze Kind = "card.unfreeze"
	CardAddress  Kind = "card.address"
	CardWaiting  Kind = "card.waiting" // for a second operator
	CardAgree    Kind = "card.agree"

	AuditLs     Kind = "audit.ls"
	AuditVerify Kind = "audit.verify"
	AuditExport Kind = "audit.export"

	Events Kind = "events" // central: there are new ones, to who follows
)

// Reply is the kind of the answer to a request, or an act, of kind k.
func (k Kind) Reply() Kind { return k + ".reply" }

// Policy is the set of rules that central owns and terminals follow.
// Durations are in seconds.
type Policy struct {
	Version        int      `json:"version"`
	Domains        []string `json:"domains"`   // accepted for mail, with their subdomains
	Bank           int      `json:"bank"`      // questions to choose from
	Choose         int      `json:"choose"`    // questions a holder chooses
	Ask            int      `json:"ask"`       // questions asked at unlock
	Questions      bool     `json:"questions"` // false: code-only
	Attempts       int      `json:"attempts"`  // failed ones before lockout
	AttemptsIn30d  int      `json:"attempts_in_30d"`
	AttemptOpen    int      `json:"attempt_open_s"` // an attempt without proof is failed after this
	CodeLife       int      `json:"code_life_s"`
	CodeTries      int      `json:"code_tries"`
	CodeSends      int      `json:"code_sends"`
	ResendAfter    int      `json:"resend_after_s"`
	WrongCodes     int      `json:"wrong_codes"` // per card since the last completed unlock
	CasesIn24h     int      `json:"cases_in_24h"`
	CasesIn30d     int      `json:"cases_in_30d"`
	MailsAnHour    int      `json:"mails_an_hour"`
	AfterCode      int      `json:"after_code_s"`
	TakeOver       int      `json:"take_over_s"` // another terminal may take a case over after this
	RegisterLife   int      `json:"register_life_s"`
	Grants         int      `json:"grants"`           // a case
	CardsAnHour    int      `json:"cards_an_hour"`    // different ones at a terminal; 0: any number
	FailuresAnHour int      `json:"failures_an_hour"` // failed attempts at a terminal; 0: any number
	LockoutsADay   int      `json:"lockouts_a_day"`   // at a terminal; 0: any number
	NewAddressWait int      `json:"new_address_wait_s"`
	PasscodeMin    int      `json:"passcode_min"`
	PasscodeMax    int      `json:"passcode_max"`
	PageTimeout    int      `json:"page_timeout_s"`
	MoreTime       int      `json:"more_time_s"`
	WarnExpiry     int      `json:"warn_expiry_days"`
	ProofRequired  bool     `json:"proof_required"` // cards that can prove themselves must
	ChangeAtPad    bool     `json:"change_at_pad"`  // new passcodes may be typed at a reader's own keys, which check their length alone
}

// DefaultPolicy holds the rules a new installation starts with.
func DefaultPolicy() Policy {
	return Policy{
		Version: 1,
		Domains: []string{"nhs.net", "nhs.uk", "gov.uk", "mod.uk"},
		Bank:    20, Choose: 4, Ask: 3, Questions: true,
		Attempts: 3, AttemptsIn30d: 10, AttemptOpen: 900,
		CodeLife: 900, CodeTries: 5, CodeSends: 3, ResendAfter: 60, WrongCodes: 10,
		CasesIn24h: 3, CasesIn30d: 10, MailsAnHour: 5, AfterCode: 900, TakeOver: 120,
		RegisterLife: 1800, Grants: 3, CardsAnHour: 60, FailuresAnHour: 20, LockoutsADay: 5,
		NewAddressWait: 72 * 3600,
		PasscodeMin:    4, PasscodeMax: 8, PageTimeout: 60, MoreTime: 20, WarnExpiry: 30,
		ProofRequired: true,
	}
}

// Site is what a terminal tells people about the place it hangs in.
type Site struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Booth  string `json:"booth"` // where the IT booth is
	Hours  string `json:"hours"` // when it is open
	Phone  string `json:"phone"`
	Sender string `json:"sender"` // the address that codes come from

	// Subjects of the mails that bring codes.
	RegisterSubject string `json:"register_subject"`
	UnlockSubject   string `json:"unlock_subject"`
}

// HelloBody opens a link session.
type HelloBody struct {
	Nonce  []byte `json:"nonce"`
	Inc    string `json:"inc"`     // incarnation of the terminal's store, 128 bits in hex
	Head   uint64 `json:"head"`    // newest registry change applied
	Epoch  string `json:"epoch"`   // of the registry that Head is a number of
	Seq    uint64 `json:"seq"`     // newest fact written
	Acked  uint64 `json:"acked"`   // newest fact acknowledged
	Chain  string `json:"chain"`   // hash of the facts up to Seq, hex
	Prev   string `json:"prev"`    // session before this one, or empty
	SealTo []byte `json:"seal_to"` // X25519 key for replies of this session
	Build  string `json:"build"`
}

// WelcomeBody answers hello.
type WelcomeBody struct {
	Nonce []byte    `json:"nonce"` // the terminal's, back
	Time  time.Time `json:"time"`
	Sess  string    `json:"sess"`
	Prove []byte    `json:"prove"` // nonce for card proofs of this session
	Acked uint64    `json:"acked"` // facts central has

	Settings Settings `json:"settings"`
}
