package audit

// Words are what is written down as people say it; of what a newer central
// wrote, the name itself.
func Words(what string) string {
	if text, known := words[what]; known {
		return text
	}
	return what
}

var words = map[string]string{
	Began: "The log begins",

	CardsAdded:  "Cards imported",
	CardsListed: "Cards listed, with their holders",

	TerminalAdded:     "Terminal added",
	TerminalInvited:   "Code to enrol with given out",
	TerminalEnrolled:  "Terminal enrolled",
	TerminalRetired:   "Terminal retired",
	TerminalReleased:  "Terminal let out of quarantine",
	TerminalOverspent: "Terminal over its budget",
	OperatorAdded:     "Operator added",
	OperatorRemoved:   "Operator removed",
	KeysPublished:     "Central's keys published",
	BrokerTold:        "Broker told whom to let in",

	LoginGiven:      "Log-in given out",
	LoggedIn:        "Logged in",
	LoginWrong:      "Log-in refused",
	LoginPaused:     "Log-in paused",
	LoggedOut:       "Logged out",
	PasswordChanged: "Password changed",

	CommandGiven:  "Terminals told to do something",
	SettingsSet:   "Settings changed",
	ConsoleOpened: "Engineer let in at a console",

	RegisterBegun: "Registration begun",
	Registered:    "Registered",

	AttemptBegun:   "Attempt begun",
	AttemptRight:   "Answers right",
	AttemptWrong:   "Answers wrong",
	AttemptExpired: "Attempt not finished in time",
	LockedOut:      "Locked out",

	CodeMailed: "Code mailed",
	CodeRight:  "Code right",
	CodeWrong:  "Code wrong",
	CaseTaken:  "Gone on with at another terminal",

	// By the mail server.
	LetterTaken:    "Mail accepted",
	LetterDeferred: "Mail delayed",
	LetterRefused:  "Mail refused",
	LetterDropped:  "Mail no longer needed",

	GrantGiven:     "Unlocking allowed",
	Unlocked:       "Unlocked",
	AddressChanged: "Email address changed",
	Frozen:         "Self-service stopped",

	Found:       "Looked up",
	HistoryRead: "History read",
	SecondAsked: "Second operator asked",
	Released:    "Lockout released",
	AssistGiven: "Code given in person",
	AssistRight: "Code given in person: right",
	AssistWrong: "Code given in person: wrong",
	Removed:     "Registration removed",
	Unfrozen:    "Self-service started again",
	AddressSet:  "Email address set",
}
