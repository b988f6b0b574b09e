package audit

// Central in the place of who did something: nobody asked it to.
const Central = "central"

// Local is who acts through the local socket: root, or central's own user.
const Local = "local"

// Pages is somebody at central's own pages who is not logged in.
const Pages = "pages"

// Terminal is the name of a terminal as who did something.
func Terminal(id string) string { return "terminal/" + id }

// Operator is the name of an operator as who did something. One without a name
// is somebody at the local socket.
func Operator(name string) string {
	if name == "" {
		return Local
	}
	return "operator/" + name
}

// What is written down.
const (
	Began = "log.begun"

	CardsAdded  = "cards.added"
	CardsListed = "cards.listed" // with the names of their holders

	TerminalAdded     = "terminal.added"
	TerminalInvited   = "terminal.invited" // a code to enrol with was given out
	TerminalEnrolled  = "terminal.enrolled"
	TerminalRetired   = "terminal.retired"
	TerminalReleased  = "terminal.released"  // from quarantine
	TerminalOverspent = "terminal.overspent" // its budget of what is in the note
	OperatorAdded     = "operator.added"
	OperatorRemoved   = "operator.removed"
	KeysPublished     = "keys.published" // central's own, signed by the root
	BrokerTold        = "broker.told"    // whom to let in, with the secrets that it needs

	LoginGiven      = "login.given" // to the operator in the note
	LoggedIn        = "login.in"
	LoginWrong      = "login.wrong"  // with the name in the note
	LoginPaused     = "login.paused" // after too many wrong ones
	LoggedOut       = "login.out"
	PasswordChanged = "login.password"

	CommandGiven  = "command.given" // to terminals
	SettingsSet   = "settings.set"
	ConsoleOpened = "console.opened" // of the terminal in the note

	RegisterBegun = "register.begun"
	Registered    = "registered"

	AttemptBegun   = "attempt.begun"
	AttemptRight   = "attempt.right"
	AttemptWrong   = "attempt.wrong"
	AttemptExpired = "attempt.expired"
	LockedOut      = "locked-out" // the card, by what is in the note

	CodeMailed = "code.mailed"
	CodeRight  = "code.right"
	CodeWrong  = "code.wrong"
	CaseTaken  = "case.taken" // by another terminal

	LetterTaken    = "mail.taken" // by the mail server
	LetterDeferred = "mail.deferred"
	LetterRefused  = "mail.refused"
	LetterDropped  = "mail.dropped" // nobody wanted it any more

	GrantGiven     = "grant.given"
	Unlocked       = "unlocked"
	AddressChanged = "address.changed"
	Frozen         = "frozen"

	Found       = "person.found"
	HistoryRead = "history.read"
	SecondAsked = "second.asked" // an act waits for a second operator
	Released    = "released"
	AssistGiven = "assist.given"
	AssistRight = "assist.right"
	AssistWrong = "assist.wrong"
	Removed     = "removed"
	Unfrozen    = "unfrozen"
	AddressSet  = "address.set" // where there was none
)
