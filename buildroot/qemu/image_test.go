//go:build qemu

package qemu

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
}

// joining is the part of terminal.toml for a terminal that enrols as it starts
// for the first time.
const joining = `
[broker]
enrol_file = "/etc/unlockpoint/enrol"
first_try_s = 0
longest_wait_s = 1
`

// newAppliance is an appliance as it leaves the workshop: a code to enrol with
// is on its data partition, and its disk is larger than the image.
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
	toml := h.Write("terminal.toml", string(own)+joining)
	code, typed := h.Enrolment("--name", "ward7-door", "--display-name", "Ward 7, door 1")
	join := typed[len(typed)-1]
	enrol := h.Write("enrol", code+"\n"+join+"\n")
	start, _ := dataPartition(t, disk)
	for _, command := range []string{"mkdir etc", "write " + toml + " etc/terminal.toml", "write " + enrol + " etc/enrol"} {
		run("debugfs", "-w", "-R", command, fmt.Sprintf("%s?offset=%d", disk, start))
	}
	run("truncate", "--size=+64M", disk)
	page, out := brokertest.FreeAddr(t), map[string]string{}
	for _, addr := range []string{strings.TrimPrefix(join, "mqtts://"), h.Mosquitto.Addr()} {
		_, port, _ := strings.Cut(addr, ":")
		out[net.JoinHostPort(guestHost, port)] = net.JoinHostPort("127.0.0.1", port)
	}
	return &appliance{
		wall:     &wall{t: t, page: "http://" + page + "/page.json"},
		system:   system{kernel: kernel{image: filepath.Join(*imageFolder, "Image")}, archive: filepath.Join(*imageFolder, "initrd"), disk: disk},
		openings: openings{out, page},
	}
}

// on gives the power, and keeps what is said on the serial line.
func (a *appliance) on() {
	a.t.Helper()
	m := switched(a.t, a.system, a.openings)
	a.starts++
	file := filepath.Join(a.t.ArtifactDir(), fmt.Sprintf("serial-%d.log", a.starts))
	a.t.Cleanup(func() {
		if err := os.WriteFile(file, []byte(m.console.String()), 0o644); err != nil {
			a.t.Error(err)
		}
	})
	a.machine = m
}

// cut takes the power.
func (a *appliance) cut() {
	a.t.Helper()
	if err := a.machine.off(); err != nil {
		a.t.Fatal(err)
	}
}

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

func TestTheApplianceEnrolsAndServesThoughItsPowerIsCutInTheMiddleOfAnUnlock(t *testing.T) {
	if *imageFolder == "" {
		t.Skip("the appliance is not booted: make test-image makes it, and does")
	}
	h := hospitaltest.OpenTLS(t, unhurried, guestHost)
	a := newAppliance(t, h)
	_, before := dataPartition(t, a.disk)
	a.on()
	for _, c := range []struct {
		name string
		hand hand
	}{{"image-touch", finger{}}, {"image-keypad", keypad{}}} {
		who := h.Hires(simcard.Working)
		p := &person{wall: a.wall, hand: c.hand, name: c.name, answers: map[string]string{}}
		p.puts(who.Card)
		p.registers(h, who)
		p.takes()
		who.Block(t)
		p.puts(who.Card)
		code := p.asksForCode(h, who)
		a.cut()
		a.on()
		p.puts(who.Card)
		p.presses(p.sees("card.locked"), display.Enter) // "Go on unlocking your card"
		p.entersCode(code)
		p.choosesPasscode(who)
		p.takes()
		if !who.Card.Verify(who.Next) {
			t.Errorf("by %s: the card does not take its new passcode", c.name)
		}
	}
	if out := h.Desk("terminals", "ls"); !strings.Contains(out, "ward7-door") {
		t.Errorf("central does not list it:\n%s", out)
	}
	if _, after := dataPartition(t, a.disk); after < before+60<<20 {
		t.Errorf("the data partition has %d bytes after the first start, and had %d", after, before)
	}
}
