package mail

import (
	"fmt"
	"regexp"
	"strings"

	"unlockpoint/sync/wire"
)

// Reply is what a mail server said, in numbers. What else it says may name
// people, and is kept nowhere.
type Reply struct {
	Code     int    `json:"code,omitempty"`     // RFC 5321, 4.2; 0: it said nothing
	Enhanced string `json:"enhanced,omitempty"` // RFC 3463, such as 5.2.2 of a full mailbox; empty: it gave none
}

var enhanced = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`) // RFC 3463, 2

// String is the numbers; "no reply" where there are none.
func (r Reply) String() string {
	if r.Code == 0 {
		return "no reply"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.Code, r.Enhanced))
}

// Refusal is a mail server's no for good. Without a code the letter could not
// even be offered.
type Refusal struct{ Reply }

func (r Refusal) Error() string { return fmt.Sprintf("refused by the mail server (%s)", r.Reply) }

// Deferral is a mail server's no for now.
type Deferral struct{ Reply }

func (d Deferral) Error() string { return fmt.Sprintf("put off by the mail server (%s)", d.Reply) }

// Fate is what became of a letter.
type Fate struct {
	State wire.MailState `json:"state"`
	Reply Reply          `json:"reply,omitzero"` // of a server that did not take it
}
