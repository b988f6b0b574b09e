package audit

// What happened.
type What string

// Central in the place of who did something: nobody asked it to.
const Central = "central"

// Terminal is the name of a terminal as who did something.
func Terminal(id string) string { return "terminal/" + id }

// Operator is the name of an operator as who did something.
func Operator(name string) string { return "operator/" + name }

// What is written down.
const (
	Began What = "log.begun"

	CardsAdded  What = "cards.added"
	CardsListed What = "cards.listed" // with the names of their holders

	ConsoleOpened What = "console.opened" // of the terminal in the note

	RegisterBegun What = "register.begun"
	Registered    What = "registered"

	AttemptBegun   What = "attempt.begun"
	AttemptRight   What = "attempt.right"
	AttemptWrong   What = "attempt.wrong"
	AttemptExpired What = "attempt.expired"

	CodeMailed What = "code.mailed"
	CodeRight  What = "code.right"
	CodeWrong  What = "code.wrong"
	CaseTaken  What = "case.taken" // by another terminal

	LetterTaken    What = "mail.taken" // by the mail server
	LetterDeferred What = "mail.deferred"
	LetterRefused  What = "mail.refused"
	LetterDropped  What = "mail.dropped" // nobody wanted it any more

	GrantGiven     What = "grant.given"
	Unlocked       What = "unlocked"
	AddressChanged What = "address.changed"
	Frozen         What = "frozen"
)
