//go:build qemu

package qemu

import (
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display"
	"unlockpoint/display/text"
	"unlockpoint/display/theme"
	"unlockpoint/reader/simcard"
)

// face is the part of terminal.toml about what people stand in front of.
// QEMU's keyboard says that it has letters; here it is a pad.
const face = `
[panel]
driver = "framebuffer"
night = 100
[touch]
driver = "evdev"
[keys]
driver = "evdev"
pads = "*"
[signal]
lamp = `

// answers to the questions: letters that are each the first of a key of their
// own, so that no key is waited for.
var answers = []string{"ad", "gj", "mp", "tw"}

// registers goes from a working card to register.done.
func (p *person) registers(h *hospitaltest.Hospital, who *hospitaltest.Holder) {
	p.t.Helper()
	p.chooses(p.sees("card.menu"), "egister")
	p.presses(p.sees("register.start"), display.Enter)
	p.types(p.sees("register.passcode"), who.Passcode)
	s := p.sees("register.question")
	question, before := "", h.Mails()
	for s.ID != "register.code" {
		switch s.ID {
		case "register.question":
			question = s.Choices[0].Label
			s = p.presses(s, s.Choices[0].Key)
		case "register.answer":
			p.answers[question] = answers[len(p.answers)]
			s = p.types(s, p.answers[question])
		case "register.email":
			s = p.presses(s, display.Enter)
		default:
			s = p.wall.sees("register.question", "register.answer", "register.email", "register.code")
		}
	}
	p.types(s, h.Code(who, before))
	p.sees("register.done")
}

// unlocks goes from a blocked card to unlock.done.
func (p *person) unlocks(h *hospitaltest.Hospital, who *hospitaltest.Holder) {
	p.t.Helper()
	p.entersCode(p.asksForCode(h, who))
	p.choosesPasscode(who)
}

// asksForCode goes from a blocked card to unlock.code, and returns the code.
func (p *person) asksForCode(h *hospitaltest.Hospital, who *hospitaltest.Holder) string {
	p.t.Helper()
	before := h.Mails()
	p.presses(p.sees("card.locked"), display.Enter)
	p.presses(p.sees("unlock.warning"), display.Enter)
	s := p.sees("unlock.answer")
	for s.ID != "unlock.code" {
		if s.ID == "unlock.answer" {
			s = p.types(s, p.answers[s.Title])
		} else {
			s = p.wall.sees("unlock.answer", "unlock.code")
		}
	}
	return h.Code(who, before)
}

func (p *person) entersCode(code string) {
	p.t.Helper()
	p.types(p.sees("unlock.code"), code)
}

func (p *person) choosesPasscode(who *hospitaltest.Holder) {
	p.t.Helper()
	p.confirms(who)
	p.sees("unlock.done")
	until(p.t, "the band of a success on the panel", func() bool {
		return has(p.photograph(p.t, p.name+"-unlock.done"), theme.BandSuccess)
	})
}

// confirms chooses a passcode, and sees the terminal begin with the card.
func (p *person) confirms(who *hospitaltest.Holder) text.Page {
	p.t.Helper()
	p.types(p.sees("unlock.passcode"), who.Next)
	return p.types(p.sees("unlock.repeat"), who.Next)
}

// has says whether a page's head looks like this band.
func has(picture image.Image, band theme.Style) bool {
	return color.RGBAModel.Convert(picture.At(panelWidth/2, 2)) == color.RGBAModel.Convert(theme.Of(display.Colours(""))[band].Fill)
}

// puts a card in, and once more if it cannot be read, as the page says: on a
// busy machine a reader may take longer to answer than libccid waits.
func (p *person) puts(card *simcard.Card) {
	p.t.Helper()
	for range 3 {
		p.wall.sees("idle")
		if err := p.mouth.insert(card); err != nil {
			p.t.Fatal(err)
		}
		s := p.awaits("the card to be read", func(s text.Page) bool { return strings.HasPrefix(s.ID, "card.") })
		if s.ID != "card.unreadable" {
			return
		}
		p.t.Log("the card could not be read")
		if err := p.mouth.remove(); err != nil {
			p.t.Fatal(err)
		}
	}
	p.t.Fatal("the card cannot be read")
}

func (p *person) takes() {
	p.t.Helper()
	if err := p.mouth.remove(); err != nil {
		p.t.Fatal(err)
	}
	p.sees("idle")
}

func TestPeopleUnlockTheirCardsByTouchAloneAndByKeypadAlone(t *testing.T) {
	h := hospitaltest.Open(t, unhurried, 1)
	lamp, line := "GPIO504", `gpio-504 ` // of the machine's own PL061
	if kernelOf(t, debianRoot(t)).hat {
		lamp, line = "LAMP", `\(LAMP `
	}
	at := hang(t, h, face+strconv.Quote(lamp))
	at.starts()
	for _, c := range []struct {
		name string
		hand hand
	}{{"touch", finger{}}, {"keypad", keypad{}}} {
		who := h.Hires(simcard.Working)
		p := &person{wall: at, hand: c.hand, name: c.name, answers: map[string]string{}}
		p.puts(who.Card)
		p.registers(h, who)
		p.takes()
		who.Block(t)
		p.puts(who.Card)
		p.unlocks(h, who)
		p.takes()
		if !who.Card.Verify(who.Next) {
			t.Errorf("by %s: the card does not take its new passcode", c.name)
		}
	}
	if lines := at.lines(); !regexp.MustCompile(line + `.* out `).MatchString(lines) {
		t.Errorf("nothing drives the lamp:\n%s", lines)
	}
}
