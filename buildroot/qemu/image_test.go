//go:build qemu

package qemu

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/display"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/broker/brokertest"
)

var imageFolder = flag.String("image", "", "the folder that image.sh made, watched")

// appliance is a machine that boots the image, with a disk that stays.
type appliance struct {
	*wall
	system
	openings
	starts int
	joins  []string   // what an engineer types behind "enrol"
	lines  []*console // the serial line of each start, and the log's
}

// impatient makes the terminal's own configuration that of one that connects at
// once, and covers no page of a person whose emulated hands are slow.
var impatient = strings.NewReplacer("[broker]\n", "[broker]\nfirst_try_s = 0\nlongest_wait_s = 1\n", "[panel]\n", "[panel]\nveil_s = 600\n")

// newAppliance is an appliance as it leaves the workshop, on a disk that is
// larger than the image.
func newAppliance(t testing.TB, h *hospitaltest.Hospital) *appliance {
	t.Helper()
	disk := filepath.Join(t.TempDir(), "disk")
	run := func(name string, args ...string) []byte {
		t.Helper()
		out, err := tool(t.Context(), nil, name, args...)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	run("cp", "--sparse=always", filepath.Join(*imageFolder, "unlockpoint.img"), disk)
	own := contents(t, "../board/unlockpoint/qemu/overlay/usr/share/unlockpoint/terminal.toml")
	toml := h.Write("terminal.toml", impatient.Replace(string(own)))
	start, _ := dataPartition(t, disk)
	for _, command := range []string{"mkdir etc", "write " + toml + " etc/terminal.toml"} {
		run("debugfs", "-w", "-R", command, fmt.Sprintf("%s?offset=%d", disk, start))
	}
	run("truncate", fmt.Sprintf("--size=+%d", larger), disk)
	_, typed := h.Enrolment("--name", "ward7-door", "--display-name", "Ward 7, door 1")
	page, out := brokertest.FreeAddr(t), map[string]string{}
	for _, addr := range []string{strings.TrimPrefix(typed[len(typed)-1], "mqtts://"), h.Mosquitto.Addr()} {
		_, port, _ := strings.Cut(addr, ":")
		out[net.JoinHostPort(guestHost, port)] = net.JoinHostPort("127.0.0.1", port)
	}
	return &appliance{
		wall:     &wall{t: t, page: "http://" + page + "/page.json"},
		system:   system{kernel: kernel{image: filepath.Join(*imageFolder, "Image")}, archive: filepath.Join(*imageFolder, "initrd"), disk: disk},
		openings: openings{out, page},
		joins:    typed,
	}
}

// on gives the power, and keeps what is said on the serial line and in the log.
func (a *appliance) on() {
	a.t.Helper()
	a.machine = switched(a.t, a.system, a.openings)
	a.starts++
	a.keeps(fmt.Sprintf("serial-%d.log", a.starts), a.console)
	a.keeps(fmt.Sprintf("log-%d.log", a.starts), a.log)
}

func (a *appliance) keeps(name string, line *console) {
	a.lines = append(a.lines, line)
	file := filepath.Join(a.t.ArtifactDir(), name)
	a.t.Cleanup(func() {
		if err := os.WriteFile(file, []byte(line.String()), 0o644); err != nil {
			a.t.Error(err)
		}
	})
}

// cut takes the power.
func (a *appliance) cut() {
	a.t.Helper()
	if err := a.machine.off(); err != nil {
		a.t.Fatal(err)
	}
}

// restarts waits until the machine restarts by itself: QEMU goes off instead.
func (a *appliance) restarts() {
	a.t.Helper()
	select {
	case <-a.machine.ended:
	case <-soon(a.t).Done():
		a.t.Fatal("the machine does not restart")
	}
	a.cut()
	a.on()
}

// larger is how many bytes a disk has that the image has not: more than a
// terminal wants free.
const larger = 384 << 20

// dataPartition is where the last partition of a disk begins, and its size, in
// bytes.
func dataPartition(t testing.TB, disk string) (start, size int64) {
	t.Helper()
	raw, err := tool(t.Context(), nil, "sfdisk", "--json", disk)
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		PartitionTable struct {
			Partitions []struct {
				Name        string
				Start, Size int64
			}
		}
	}
	if err := json.Unmarshal(raw, &found); err != nil {
		t.Fatal(err)
	}
	for _, p := range found.PartitionTable.Partitions {
		if p.Name == "data" {
			return 512 * p.Start, 512 * p.Size
		}
	}
	t.Fatalf("no data partition: %s", raw)
	return 0, 0
}

// An engineer hangs it up, two people unlock their cards there though the power
// is cut in the middle, an engineer looks after it, gives it another address and
// takes it down. Nothing that is said on the serial line, or written to the log,
// is about those people.
func TestTheApplianceEnrolsAndServesThoughItsPowerIsCutInTheMiddleOfAnUnlock(t *testing.T) {
	if *imageFolder == "" {
		t.Skip("the appliance is not booted: make test-image makes it, and does")
	}
	begun := time.Now()
	defer func() { t.Logf("it took %.0f s", time.Since(begun).Seconds()) }()
	h := hospitaltest.OpenTLS(t, unhurried, guestHost)
	a := newAppliance(t, h)
	_, before := dataPartition(t, a.disk)
	a.on()
	e := a.sits()
	e.wakes()
	e.breaks()
	e.helped()
	e.Says("network", "> ")
	e.enrols(a.joins)
	e.golden("newcomer", "Unlockpoint terminal")

	private := a.serves(h, "image-touch", finger{}, "unlock.code")
	private = append(private, a.serves(h, "image-keypad", keypad{}, "unlock.working")...)

	e = a.sits()
	e.logsIn(h)
	e.helped()
	e.Says("show status", "> ")
	e.tests()
	for _, line := range []string{"network", "set dns 10.0.2.3", "rollback", "report",
		"set address 10.0.2.15/25", "set gateway 10.0.2.2", "commit confirmed 30"} {
		e.Says(line, "> ")
	}
	e.golden("engineer", "Terminal ward7-door")
	for _, line := range []string{"show page", "show reader", "show config", "log 500"} {
		e.Says(line, "> ")
	}
	e.does("reboot", "yes")
	a.restarts()

	e = a.sits()
	e.sees("idle")
	e.logsIn(h)
	for _, line := range []string{"network", "test network", "test central", "commit"} {
		e.Says(line, "> ")
	}
	e.golden("settled", "Terminal ward7-door")
	e.does("factory-reset", "forget")
	a.restarts()
	e = a.sits()
	e.wakes()
	e.Says("network", "> ")
	e.golden("forgotten", "Unlockpoint terminal")

	for _, word := range private {
		own := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`)
		for i, line := range a.lines {
			if said := line.String(); own.MatchString(said) {
				t.Errorf("%q is in line %d:\n%s", word, i, said)
			}
		}
	}
	if out := h.Desk("terminals", "ls"); !strings.Contains(out, "ward7-door") {
		t.Errorf("central does not list it:\n%s", out)
	}
	if _, after := dataPartition(t, a.disk); after < before+larger-4<<20 {
		t.Errorf("the data partition has %d bytes after the first start, and had %d", after, before)
	}
}

// serves is one person's way to a card that was unlocked, with a power cut on
// a page of it. It returns what is that person's own.
func (a *appliance) serves(h *hospitaltest.Hospital, name string, by hand, cutOn string) []string {
	a.t.Helper()
	who := h.Hires(simcard.Working)
	p := &person{wall: a.wall, hand: by, name: name, answers: map[string]string{}}
	p.puts(who.Card)
	p.registers(h, who)
	p.takes()
	who.Block(a.t)
	p.puts(who.Card)
	code := p.asksForCode(h, who)
	if cutOn == "unlock.working" {
		p.entersCode(code)
		cutOn = p.confirms(who).ID // later pages come by themselves
	}
	a.cut()
	a.t.Logf("%s: the power was cut on %s", name, cutOn)
	a.on()
	p.puts(who.Card)
	p.goesOn(code, who)
	p.takes()
	if !who.Card.Verify(who.Next) {
		a.t.Errorf("%s: the card does not take its new passcode", name)
	}
	_, id, _ := strings.Cut(who.Card.Status().CardID, ":")
	words := append(strings.Fields(who.Name), who.Email, id, code, who.Passcode, who.Next, who.PUK)
	return slices.AppendSeq(words, maps.Values(p.answers))
}

// goesOn does what the terminal says after a power cut until the card is
// unlocked, which it may be already.
func (p *person) goesOn(code string, who *hospitaltest.Holder) {
	p.t.Helper()
	s := p.wall.sees("card.locked", "card.menu")
	for s.ID != "card.menu" && s.ID != "unlock.done" {
		switch s.ID {
		case "card.locked":
			s = p.presses(p.sees(s.ID), display.Enter) // "Go on unlocking your card"
		case "unlock.code":
			s = p.types(p.sees(s.ID), code)
		case "unlock.passcode", "unlock.repeat":
			s = p.types(p.sees(s.ID), who.Next)
		default:
			s = p.wall.sees("unlock.code", "unlock.passcode", "unlock.repeat", "unlock.done")
		}
	}
	p.looks(s.ID)
}
