package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// AuditEntry is one thing that happened, as central's audit log keeps it.
type AuditEntry struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	What   string    `json:"what"`             // see package audit
	By     string    `json:"by"`               // "terminal/…", "operator/…", "link", "pages", "local" or "central"
	Second string    `json:"second,omitempty"` // operator who agreed
	Site   string    `json:"site,omitempty"`   // where it happened
	Person string    `json:"person,omitempty"` // pseudonym
	Note   string    `json:"note,omitempty"`   // numbers and fixed words, never a name
	Reason []byte    `json:"reason,omitempty"` // sealed for the person
	Why    string    `json:"why,omitempty"`    // the reason of an act on machines
	Notes  []byte    `json:"notes,omitempty"`  // by which operators did it, signed by them, sealed for the person
}

// What is done at the console of a terminal, as its facts say it: each has an
// entry in central's audit log.
const (
	ConsoleIn       = "console.in"       // somebody answered the challenge
	ConsoleLocal    = "console.local"    // root, or the terminal's own user, came in by the local socket
	ConsoleWrong    = "console.wrong"    // so many wrong answers that it takes none for a while
	ConsoleSet      = "console.set"      // another broker or address is at work
	ConsoleReturned = "console.returned" // the former one is, since nobody confirmed the other
	ConsoleReboot   = "console.reboot"
	ConsoleReset    = "console.reset" // the terminal forgets all, this included
)

// ConsoleActs are all of them.
func ConsoleActs() []string {
	return []string{ConsoleIn, ConsoleLocal, ConsoleWrong, ConsoleSet, ConsoleReturned, ConsoleReboot, ConsoleReset}
}

// Routine is the reason of an act on machines for which its operator gave none.
const Routine = "routine"

// ValidReason says whether a reason can be kept: 3 to 200 printable characters.
func ValidReason(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 200 && utf8.ValidString(s) && strings.TrimSpace(s) == s &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Said is the reason as whoever reads the log sees it. That of an act on a
// person is in the history of their card.
func (e AuditEntry) Said() string {
	if len(e.Reason) > 0 {
		return "sealed"
	}
	return e.Why
}

// AuditLine is an entry as it is exported. The hash is the SHA-256 of the hash
// before it, 32 bytes, and the entry's text as it stands.
type AuditLine struct {
	Hash  string          `json:"hash"` // hex
	Entry json.RawMessage `json:"entry"`
}

// AuditPageBody asks for the lines of the audit log behind a number; or, with
// Last, for that many of the newest, of those before a number if one is given.
// Lines are in order.
type AuditPageBody struct {
	After  uint64 `json:"after"`
	Last   int    `json:"last,omitempty"`
	Before uint64 `json:"before,omitempty"`
}

// AuditVerifyBody asks central to verify its audit log. Was is a head that was
// written down earlier, or empty.
type AuditVerifyBody struct {
	Was string `json:"was,omitempty"`
}

// AuditVerified says that the log is whole.
type AuditVerified struct {
	Entries uint64 `json:"entries"`
	Head    string `json:"head"` // to write down
}

// String says it for people, in two lines.
func (v AuditVerified) String() string {
	return fmt.Sprintf("%d entries, none changed, moved or missing\nhead %s\n", v.Entries, v.Head)
}

// Read reads the entry of a line.
func (l AuditLine) Read() (e AuditEntry, err error) {
	if err = json.Unmarshal(l.Entry, &e); err != nil {
		err = fmt.Errorf("reading an entry of the audit log: %w", err)
	}
	return e, err
}

// EachAuditLine goes through the log behind a number, a page at a time: an
// empty one is its end.
func EachAuditLine(after uint64, page func(after uint64) ([]AuditLine, error), do func(AuditLine) error) error {
	for {
		lines, err := page(after)
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, line := range lines {
			if err := do(line); err != nil {
				return err
			}
		}
		last, err := lines[len(lines)-1].Read()
		if err != nil {
			return err
		}
		after = last.Seq
	}
}
