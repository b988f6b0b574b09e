package journey

import "unlockpoint/display"

// Effect is work that Next asks for. The loop runs it under the context of
// the card session and answers with exactly one Event: an Outcome that
// carries the session it began in. At most one Effect that is not Aside is
// under way at a time.
type Effect interface{ effect() }

// Answer is one answered question.
type Answer struct {
	Question int
	Text     *display.Secret
}

// The effects. Secrets in them are wiped by whoever runs them, when done.
type (
	// ReadCard powers the card and reads what it says about itself.
	// Answered by CardRead.
	ReadCard struct{}

	// LookUp asks central, or the local registry when the link is down, how
	// the card stands. Answered by LookedUp.
	LookUp struct{}

	// VerifyPasscode lets the card check its current passcode, which may be
	// typed at the reader's own keys instead. Answered by Verified.
	VerifyPasscode struct {
		Passcode *display.Secret
		AtPad    bool
	}

	// ChangePasscode lets the card change its passcode; both may be typed at
	// the reader's own keys instead. Answered by PasscodeChanged.
	ChangePasscode struct {
		Old, New *display.Secret
		AtPad    bool
	}

	// BeginRegistration mints a registration at central.
	// Answered by RegistrationBegun.
	BeginRegistration struct{}

	// MakeKeys turns the chosen answers into keys, of which the public halves
	// are kept to be handed in. Answered by KeysMade.
	MakeKeys struct{ Answers []Answer }

	// Enrol hands them in, with the new address if there is one; central
	// mails a code. Answered by CaseShown.
	Enrol struct{ NewAddress string }

	// TryAnswers spends one attempt on the asked questions.
	// Answered by AnswersTried.
	TryAnswers struct{ Answers []Answer }

	// TakeCase opens a case where no questions are asked, or takes over the
	// open one. Answered by CaseShown.
	TakeCase struct{}

	// CheckCode tries the code. Answered by CodeChecked.
	CheckCode struct {
		Case string
		Code *display.Secret
	}

	// TryAssist tries the code of the IT booth, which stands for the
	// questions and the mail. Answered by CodeChecked.
	TryAssist struct{ Code *display.Secret }

	// ResendCode mails the same code again. Answered by CaseShown.
	ResendCode struct{ Case string }

	// AskCase asks what became of the code mail. Answered by CaseShown.
	AskCase struct{ Case string }

	// Unlock proves the card, fetches the grant, sets the new passcode,
	// changes the PUK and reads the state back. Answered by Unlocked.
	Unlock struct {
		Case     string
		Passcode *display.Secret
	}

	// Release lets go of the card so that it may be taken: it is reset and
	// powered down. Aside: nothing waits for it.
	Release struct{}

	// Beep draws attention. Aside.
	Beep struct{}

	// Report writes a fact for central. Aside. What is a kind of
	// wire.AuditBody: it names no person.
	Report struct{ What string }

	// Step notes that a page was shown and for how long. Aside.
	Step struct {
		Page    PageID
		Seconds int
		Next    PageID
	}

	// Remember keeps what the person likes, for when the card is put in
	// again. Aside.
	Remember struct{ Preferences Preferences }

	// Reconnect tries the link at once instead of waiting its turn. Aside.
	Reconnect struct{}
)

func (ReadCard) effect()          {}
func (LookUp) effect()            {}
func (VerifyPasscode) effect()    {}
func (ChangePasscode) effect()    {}
func (BeginRegistration) effect() {}
func (MakeKeys) effect()          {}
func (Enrol) effect()             {}
func (TryAnswers) effect()        {}
func (TakeCase) effect()          {}
func (CheckCode) effect()         {}
func (TryAssist) effect()         {}
func (ResendCode) effect()        {}
func (AskCase) effect()           {}
func (Unlock) effect()            {}
func (Release) effect()           {}
func (Beep) effect()              {}
func (Report) effect()            {}
func (Step) effect()              {}
func (Remember) effect()          {}
func (Reconnect) effect()         {}

// Aside reports whether nobody waits for e: its Outcome is Done.
func Aside(e Effect) bool {
	switch e.(type) {
	case Release, Beep, Report, Step, Remember, Reconnect:
		return true
	}
	return false
}

// Effects lists one of each effect, for tests that must not miss any.
func Effects() []Effect {
	return []Effect{
		ReadCard{}, LookUp{}, VerifyPasscode{}, ChangePasscode{}, BeginRegistration{}, MakeKeys{}, Enrol{},
		TryAnswers{}, TakeCase{}, CheckCode{}, TryAssist{}, ResendCode{}, AskCase{}, Unlock{},
		Release{}, Beep{}, Report{}, Step{}, Remember{}, Reconnect{},
	}
}
