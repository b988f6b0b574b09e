package house_test

import (
	"strings"
	"testing"

	"unlockpoint/cmd/demo/robot"
)

// learns lets time go by until the page has heard something from central.
func (s story) learns(id, words string) {
	s.Helper()
	for range 60 {
		if strings.Contains(text(s.shows(id)), words) {
			return
		}
		s.later(5) // the page asks central every 4 seconds
	}
	s.Fatalf("%s never said %q:\n%s", id, words, text(s.page()))
}

// sendAgain waits out the minute and asks for the code once more. The answer
// to a poll from before time jumped brings the old minute back: the page then
// says how long to wait.
func (s story) sendAgain() {
	s.Helper()
	s.later(61)
	for range 3 {
		s.learns("code.where", "1 Send it again")
		if s.press("1"); s.page().Error == "" {
			return
		}
	}
	s.Fatalf("it is not sent again:\n%s", text(s.page()))
}

// where goes to the page that says where the code is, with a mail server
// that behaves in a certain way.
func where(t *testing.T, mode string) story {
	s := blocked(t, patient)
	s.until("the mail about the registration is delivered", func() bool { return s.central().Queue == 0 })
	s.mails(mode)
	s.to("unlock.code", robot.Unlocking())
	s.press("Enter")
	s.shows("code.where", "Where is your code?")
	return s
}

// arrives goes on with the code, which has come.
func (s story) arrives() {
	s.Helper()
	s.press("Enter")
	s.shows("unlock.code")
	s.to("unlock.done", robot.Unlocking())
	s.unlocked()
}

// Mail that is put off comes when the server takes it.
func TestMailPutOff(t *testing.T) {
	s := where(t, "defer")
	s.learns("code.where", "busy and put it off. We keep trying")
	if c := s.central(); c.Queue != 1 || c.row("amina", s).Case.Mail != "deferred" {
		t.Errorf("central has %d in its queue, %+v", c.Queue, c.row("amina", s).Case)
	}
	s.mails("accept")
	s.learns("code.where", "has taken it for a")
	s.arrives()
}

// So does a code that is sent again while the server is like that.
func TestMailSentAgainIsPutOff(t *testing.T) {
	s := where(t, "accept")
	s.learns("code.where", "has taken it for a")
	s.mails("defer")
	s.sendAgain()
	s.learns("code.where", "busy and put it off. We keep trying")
	s.mails("reject")
	s.learns("code.where", "does not take mail for a")
}

// Mail that hangs is on its way; the person may wait at the page.
func TestMailHangs(t *testing.T) {
	s := where(t, "hang")
	s.shows("code.where", "It is on its way to a", "@nhs.net", "junk folder")
	s.mails("accept")
	s.learns("code.where", "has taken it for a")
	s.arrives()
}

// Mail that is refused is said to be; when the address was put right it is
// sent again.
func TestMailRefused(t *testing.T) {
	s := where(t, "reject")
	s.learns("code.where", "does not take mail for a")
	s.shows("code.where", "IT booth can put your address right")
	s.mails("accept")
	s.sendAgain()
	s.says("code.where", "It was sent again to a")
	s.arrives()
}

// A registration's code has the same page.
func TestRegistrationMailRefused(t *testing.T) {
	s := begin(t, patient)
	s.insert()
	s.mails("reject")
	s.to("register.code", robot.Registering())
	s.press("Enter")
	s.learns("code.where", "does not take mail for a")
	s.mails("accept")
	s.sendAgain()
	s.says("code.where", "It was sent again to a")
	s.press("Enter")
	s.to("register.done", robot.Registering())
}
