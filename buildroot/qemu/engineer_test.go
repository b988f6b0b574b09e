//go:build qemu

package qemu

import (
	"flag"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/display/goldentest"
	"unlockpoint/display/theme"
)

var update = flag.Bool("update", false, "write the transcripts of the serial line anew")

// engineer sits at the serial line of an appliance, in reach of its panel.
type engineer struct {
	*serialtest.Desk
	*person
}

// sits takes a seat at the machine that is on now. No key is pressed yet.
func (a *appliance) sits() *engineer {
	d := serialtest.Sit(a.t, a.console.conn, patience)
	a.console.shows(d)
	return &engineer{d, &person{wall: a.wall, name: "console"}}
}

// wakes presses a key at a terminal that is nobody yet, once that says so on the
// panel and waits for one.
func (e *engineer) wakes() {
	e.t.Helper()
	if _, _, err := e.log.expect(soon(e.t), "is not enrolled", 0); err != nil {
		e.t.Fatal(err)
	}
	until(e.t, "the page of a terminal that is nobody", func() bool {
		picture := e.photograph(e.t, "console-newcomer")
		_, _, blue, _ := picture.At(0, panelHeight-1).RGBA() // painted from the top, over black
		return has(picture, theme.BandPlain) && blue > 0
	})
	e.Says("", "> ")
}

// enrols types what central showed.
func (e *engineer) enrols(typed []string) {
	e.t.Helper()
	e.Types("enrol " + strings.Join(typed, " ") + "\r")
	e.Sees("who the terminal is", func(p *serialtest.Paper) bool { return strings.HasSuffix(p.String(), " to log in.\n") })
}

// logsIn answers the challenge with what central IT says.
func (e *engineer) logsIn(h *hospitaltest.Hospital) {
	e.t.Helper()
	e.Says("", "Answer: ")
	_, command, _ := strings.Cut(e.Text(), "\nAsk central IT: fleet ")
	command, _, _ = strings.Cut(command, "\n")
	e.Says(strings.TrimSpace(h.Fleet(strings.Fields(command)...)), "> ")
}

// helped presses the question mark.
func (e *engineer) helped() {
	e.t.Helper()
	told := func() int { return strings.Count(e.Text(), "end the session") }
	before := told()
	e.Types("?")
	until(e.t, "help", func() bool { return told() > before })
	e.Waits("> ")
}

// tests tries every part of the terminal, with hands where it takes some.
func (e *engineer) tests() {
	e.t.Helper()
	e.Types("test panel\r")
	e.Waits("panel show? ")
	e.Says(e.sees("test.panel").Title, "> ")
	e.handles("touch", func(i int) error { return e.control.touch(100+200*i, 50+100*i) })
	e.handles("keypad", func(i int) error { return e.control.press("kp_" + strconv.Itoa(i+1)) })
	for _, part := range []string{"reader", "card", "store", "clock", "network", "mqtt", "central"} {
		e.Says("test "+part, "> ")
	}
}

// handles tests a part that has to be touched four times.
func (e *engineer) handles(part string, touch func(int) error) {
	e.t.Helper()
	at := e.Row()
	e.Types("test " + part + "\r")
	e.sees("test." + part)
	for i := range 4 {
		if err := touch(i); err != nil {
			e.t.Fatal(err)
		}
	}
	e.WaitsBelow(at, "> ")
}

// does what is asked back.
func (e *engineer) does(command, word string) {
	e.t.Helper()
	e.Types(command + "\r")
	e.Waits("to go on: ")
	e.Types(word + "\r")
}

// breaks sends a BREAK, and "b" after it: Linux restarts the machine at that
// where it obeys its own console (Documentation/admin-guide/sysrq.rst).
func (e *engineer) breaks() {
	e.t.Helper()
	if err := e.control.call("chardev-send-break", map[string]any{"id": "con"}); err != nil {
		e.t.Fatal(err)
	}
	e.Types("b")
	e.Waits("> b")
	e.Types("\x15")
	e.Waits("> ")
}

// volatile is what differs from session to session.
var volatile = []struct{ is, as string }{
	{`[A-Z2-7]{4}(-[A-Z2-7]{4}){5}`, "CODE"},
	{`[0-9A-Z]{5}-[0-9A-Z]{4,5}`, "*"}, // challenge and answer
	{`(10\.0\.2\.100:)\d+`, "${1}*"},
	{`(eth0 +).*`, "${1}*"}, // it may wait for DHCP yet
	{`(,|\n) *fe\w\w::\S+/64`, ""},
	{`([Bb]uild +).*, up .*`, "${1}*, up *"},
	{`\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC`, "*"},
	{`(certificate +until ).*`, "${1}*"},
	{`\b[0-9a-f]{32}\b`, "*"},
	{`\d+( ms| MiB| written| wait)`, "*$1"},
	{`(returned in )\d+ min`, "${1}*"},
	{`(up to change |panel show\? |it shows )\d+`, "${1}*"},
	{`(?s)(> report\n\{\n).*("faults": \[\],\n).*(\n "program": \{\n).*(\n "log": \[\n).*(\n ]\n\}\n)`, "${1} *\n ${2} *${3}*${4}*${5}"},
}

// golden compares what was seen since something was said for the last time.
func (e *engineer) golden(name, since string) {
	e.t.Helper()
	text := e.Text()
	text = text[max(0, strings.LastIndex(text, since)):]
	for _, v := range volatile {
		text = regexp.MustCompile(v.is).ReplaceAllString(text, v.as)
	}
	goldentest.Text(e.t, filepath.Join("testdata", name+".txt"), text, *update)
}
