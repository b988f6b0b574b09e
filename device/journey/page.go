package journey

// PageID names a page. An id keeps its meaning for ever: tests, the fleet's
// figures and the audit use it.
type PageID string

// The pages.
const (
	Starting         PageID = "starting"
	OutOfService     PageID = "out-of-service"
	Updating         PageID = "updating"
	Idle             PageID = "idle"
	Reading          PageID = "reading"
	ReaderMissing    PageID = "reader-missing"
	ReaderUnapproved PageID = "reader-unapproved"
	MoreTime         PageID = "more-time"
	TakeCard         PageID = "take-card"
	RemovedEarly     PageID = "removed-early"
	SettingsPage     PageID = "settings"
	HelpPage         PageID = "help"

	CardMenu           PageID = "card.menu"
	CardLocked         PageID = "card.locked"
	CardUnregistered   PageID = "card.unregistered"
	CardLockedOut      PageID = "card.locked-out"
	CardFrozen         PageID = "card.frozen"
	CardUnknownPage    PageID = "card.unknown"
	CardUnsupported    PageID = "card.unsupported"
	CardUnreadable     PageID = "card.unreadable"
	CardBlockedForGood PageID = "card.blocked-for-good"
	CardExpired        PageID = "card.expired" // blocked, and its certificate has run out
	CardDetails        PageID = "card.details"
	Offline            PageID = "offline"
	Stopped            PageID = "stopped" // a Problem without a page of its own: see State.Problem

	RegisterStart     PageID = "register.start"
	RegisterPasscode  PageID = "register.passcode"
	RegisterQuestion  PageID = "register.question" // 1-4 by Step
	RegisterAnswer    PageID = "register.answer"
	RegisterEmail     PageID = "register.email"
	RegisterEmailEdit PageID = "register.email-edit"
	RegisterNoEmail   PageID = "register.no-email"
	RegisterCode      PageID = "register.code"
	RegisterDone      PageID = "register.done"

	UnlockWarning      PageID = "unlock.warning"
	UnlockAnswer       PageID = "unlock.answer" // 1-k by Step
	UnlockAnswersWrong PageID = "unlock.answers-wrong"
	UnlockCode         PageID = "unlock.code"
	CodeWhere          PageID = "code.where"
	CodeExpired        PageID = "code.expired"
	CodeUsedUp         PageID = "code.used-up"
	AssistCode         PageID = "assist.code"
	UnlockPasscode     PageID = "unlock.passcode"
	UnlockRepeat       PageID = "unlock.repeat"
	UnlockWorking      PageID = "unlock.working"
	UnlockDone         PageID = "unlock.done"
	UnlockFailed       PageID = "unlock.failed"

	ChangeOld    PageID = "change.old"
	ChangeNew    PageID = "change.new"
	ChangeRepeat PageID = "change.repeat"
	ChangeDone   PageID = "change.done"
)

// Pages lists every page, for tests that must not miss any.
func Pages() []PageID {
	return []PageID{
		Starting, OutOfService, Updating, Idle, Reading, ReaderMissing, ReaderUnapproved, MoreTime, TakeCard, RemovedEarly, SettingsPage, HelpPage,
		CardMenu, CardLocked, CardUnregistered, CardLockedOut, CardFrozen, CardUnknownPage, CardUnsupported, CardUnreadable, CardBlockedForGood, CardExpired, CardDetails, Offline, Stopped,
		RegisterStart, RegisterPasscode, RegisterQuestion, RegisterAnswer, RegisterEmail, RegisterEmailEdit, RegisterNoEmail, RegisterCode, RegisterDone,
		UnlockWarning, UnlockAnswer, UnlockAnswersWrong, UnlockCode, CodeWhere, CodeExpired, CodeUsedUp, AssistCode, UnlockPasscode, UnlockRepeat, UnlockWorking, UnlockDone, UnlockFailed,
		ChangeOld, ChangeNew, ChangeRepeat, ChangeDone,
	}
}

// Names are all pages as texts, in the order in which people meet them.
func Names() (names []string) {
	for _, p := range Pages() {
		names = append(names, string(p))
	}
	return names
}
