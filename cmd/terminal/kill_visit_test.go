package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/coder/websocket"

	"unlockpoint/display/text"
)

// visitor is a person who does what the page says, whatever happens to the
// machines meanwhile.
type visitor struct {
	*killing
	tale   tale
	at     text.Page
	mailed int // how many mails there were before
	asked  string
	typed  string // last
	sent   string // last of what was typed
	on     string // which page
	when   time.Time
	been   bool // the detour was made
	cut    bool // what was cut runs again
	lost   int

	tried, changed bool // the new passcode, after a cut: on the card itself
}

// goes on until the errand is done.
func (v *visitor) goes(done func() bool) {
	v.w.t.Helper()
	acted, since := "", time.Time{}
	v.p.until("the end of the visit", func(context.Context) bool {
		over := done()
		if over && !v.cut {
			v.restart()
			acted = ""
		}
		v.at = v.p.look()
		if over && v.finished() {
			return true
		}
		now := fmt.Sprint(v.at.ID, v.at.Step, v.at.Title, v.at.Error, v.at.Field != nil, v.filled(), v.at.Session)
		if now != acted || time.Since(since) > again {
			if v.acts() {
				acted, since = now, time.Now()
			}
		}
		return false
	})
}

// again is when a person who sees nothing happen presses once more.
const again = 5 * time.Second

// restart gives the power back.
func (v *visitor) restart() {
	v.cut, v.on = true, ""
	select {
	case <-v.door.terminal.Done:
		v.p = v.door.startTraced(&v.fuse)
	default:
	}
	select {
	case <-v.w.Central.Done:
		v.w.StartCentral()
	default:
	}
}

// finished reports whether the person has what they came for. A card that was
// unlocked as the power went is shown with the menu of a working card.
func (v *visitor) finished() bool {
	switch v.tale.errand {
	case unlocking:
		return v.at.ID == "unlock.done" || v.at.ID == "card.menu" && len(v.at.Choices) > 0
	case registering:
		return v.at.ID == "register.done"
	}
	return v.at.ID == "change.done" || v.changed
}

// acts does what the page asks for, and reports whether there was something.
func (v *visitor) acts() bool {
	switch v.at.ID {
	case "card.menu":
		if v.cut && v.tale.errand == changing && !v.tried {
			v.tried, v.changed = true, v.h.Card.Verify(v.h.Next)
		}
		return !v.changed && v.chooses(map[errand]string{registering: "egist", changing: "hange my passcode"}[v.tale.errand])
	case "card.locked":
		if v.tale.detour == wantLarger && !v.been {
			return v.press("*")
		}
		return v.press("Enter")
	case "settings":
		if v.been {
			return v.press("Enter")
		}
		v.been = true
		return v.press("1")
	case "unlock.warning":
		if v.tale.detour == findLinkDown && !v.been {
			v.been = true
			v.w.Central.Kill()
		}
		if v.tale.detour == withBoothCode {
			return v.press("1")
		}
		return v.press("Enter")
	case "card.unreadable": // pcscd may think for a moment that the dead terminal has the card
		v.takesAndReturns()
		return true
	case "unlock.code":
		return v.atCode()
	case "code.where":
		return v.where()
	case "register.question":
		if len(v.at.Choices) == 0 {
			return false
		}
		v.asked = v.at.Choices[0].Label
		return v.press(v.at.Choices[0].Key)
	}
	if text, typed := v.text(); typed {
		return v.types(text)
	}
	switch v.at.ID {
	case "register.start", "register.email", "offline", "stopped", "unlock.failed", "removed-early",
		"more-time", "code.expired", "unlock.answers-wrong":
		return v.press("Enter")
	}
	return false
}

// text is what the page's field wants.
func (v *visitor) text() (string, bool) {
	switch v.at.ID {
	case "unlock.answer":
		return answerTo(v.at.Title), true
	case "register.answer":
		return answerTo(v.asked), true
	case "register.passcode":
		return v.h.Passcode, true
	case "change.old":
		return v.h.Passcode, true
	case "unlock.passcode", "unlock.repeat", "change.new", "change.repeat":
		return v.h.Next, true
	case "register.code":
		return v.newest(), true
	case "assist.code":
		return v.booths, true
	}
	return "", false
}

func (v *visitor) atCode() bool {
	switch {
	case v.been || v.tale.detour == straight || v.tale.detour == wantLarger || v.tale.detour == lingerAtEnd || v.tale.detour == findLinkDown:
		if !v.types(v.newest()) {
			return false
		}
		v.countLost()
		return true
	case v.tale.detour == walkAway:
		v.been = true
		v.takesAndReturns()
	case v.tale.detour == sendAgain:
		if v.at.Field != nil && v.at.Field.Count > 0 { // a key for another page came late
			return v.press("Clear")
		}
		return v.press("Enter")
	case v.tale.detour == lingerAtCode:
		v.been = v.cut
	}
	return false
}

func (v *visitor) takesAndReturns() {
	v.door.pull()
	v.p.sees("idle", "removed-early")
	v.door.insert(v.h.Card)
}

// countLost asks central what the visit cost up to here.
func (v *visitor) countLost() {
	if o, ok := v.w.overview(); ok && len(o.Rows) == 1 {
		v.lost = max(v.lost, 3-o.Rows[0].AttemptsLeft)
	}
}

// where has the code sent again until the page says so: a key pressed twice on
// a slow terminal may have turned the page before.
func (v *visitor) where() bool {
	if v.cut || sentAgain(v.at) {
		v.been = true
	}
	if v.tale.detour != sendAgain || v.been {
		return v.press("Enter")
	}
	return offersAgain(v.at) && v.press("1")
}

// newest is the code of this visit, once it is in the mailbox. One that the page
// complains of, in a field that is empty again, was of a registration before: its
// mail is waited for.
func (v *visitor) newest() (code string) {
	defer func() {
		if v.at.Error != "" && code == v.sent && v.at.Field != nil && v.at.Field.Count == 0 {
			code = ""
		}
	}()
	for _, m := range v.w.Mail.Mails() {
		if m.To == v.h.Email && m.Number > v.mailed && m.Code != "" {
			code = m.Code
		}
	}
	return code
}

// types confirms a field that shows the whole text, and fills any other one,
// which is emptied first. What is on its way is waited for: typed twice, it
// would be another text.
func (v *visitor) types(text string) bool {
	if v.at.Field == nil || text == "" {
		return false
	}
	if v.at.Field.Count == len(text) {
		v.sent = v.typed
		return v.press("Enter")
	}
	page := fmt.Sprint(v.at.ID, v.at.Step, v.at.Title, v.at.Session)
	if v.typed == text && v.on == page && time.Since(v.when) < again {
		return false
	}
	for range v.at.Field.Count {
		v.press("Clear")
	}
	v.hand(map[string]string{"text": text})
	v.typed, v.on, v.when = text, page, time.Now()
	return true
}

// filled reports whether the field shows as much as the page wants typed.
func (v *visitor) filled() bool {
	text, typed := v.text()
	if v.at.ID == "unlock.code" {
		text, typed = v.newest(), true
	}
	return typed && v.at.Field != nil && v.at.Field.Count == len(text)
}

func (v *visitor) chooses(words string) bool {
	for _, c := range v.at.Choices {
		if words != "" && strings.Contains(c.Label, words) {
			return v.press(c.Key)
		}
	}
	return false
}

func (v *visitor) press(key string) bool {
	v.hand(map[string]string{"key": key})
	return true
}

// hand touches the panel. One without power feels nothing.
func (v *visitor) hand(message map[string]string) {
	raw, err := json.Marshal(message)
	if err != nil {
		v.w.t.Fatal(err)
	}
	v.p.panel.Write(context.Background(), websocket.MessageText, raw)
}
