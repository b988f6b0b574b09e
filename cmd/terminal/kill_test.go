package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/device/journey"
	"unlockpoint/display/goldentest"
	"unlockpoint/reader/piv"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/central"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// tale is a person's way past one effect: which errand brings them, and what
// they do on the way so that the effect comes.
type tale struct {
	errand errand
	detour detour
}

type errand string

const (
	unlocking   errand = "unlock"
	registering errand = "register"
	changing    errand = "change"
)

type detour int

const (
	straight      detour = iota
	walkAway             // takes the card at the code page, and comes back
	sendAgain            // has the code sent again
	lingerAtCode         // waits at the code page
	lingerAtEnd          // leaves the card in when all is done
	findLinkDown         // central is gone as the answers are given
	wantLarger           // has larger text, before the unlock begins
	withBoothCode        // has been at the IT booth, and types its code
)

// tales has one tale for each effect.
func tales() map[string]tale {
	return map[string]tale{
		nameOf(journey.ReadCard{}):          {errand: unlocking},
		nameOf(journey.LookUp{}):            {errand: unlocking},
		nameOf(journey.VerifyPasscode{}):    {errand: registering},
		nameOf(journey.ChangePasscode{}):    {errand: changing},
		nameOf(journey.BeginRegistration{}): {errand: registering},
		nameOf(journey.MakeKeys{}):          {errand: registering},
		nameOf(journey.Enrol{}):             {errand: registering},
		nameOf(journey.TryAnswers{}):        {errand: unlocking},
		nameOf(journey.TakeCase{}):          {unlocking, walkAway},
		nameOf(journey.CheckCode{}):         {errand: unlocking},
		nameOf(journey.TryAssist{}):         {unlocking, withBoothCode},
		nameOf(journey.ResendCode{}):        {unlocking, sendAgain},
		nameOf(journey.AskCase{}):           {unlocking, lingerAtCode},
		nameOf(journey.Unlock{}):            {errand: unlocking},
		nameOf(journey.Release{}):           {errand: unlocking},
		nameOf(journey.Beep{}):              {unlocking, lingerAtEnd},
		nameOf(journey.Report{}):            {errand: changing},
		nameOf(journey.Step{}):              {errand: unlocking},
		nameOf(journey.Remember{}):          {unlocking, wantLarger},
		nameOf(journey.Reconnect{}):         {unlocking, findLinkDown},
	}
}

// often is a policy under which one person may unlock as often as the grid
// needs; the questions of an hour are not what is tested here.
const often = `cases_in_24h = 100
cases_in_30d = 1000
resend_after_s = 0
`

// TestPowerIsCutAtEveryEffect kills the terminal, and central, at the
// beginning and at the end of every effect, and has the person go on. Each
// unlock that follows needs the PUK that the one before left on the card: a
// cut that parted card and central shows at the next.
func TestPowerIsCutAtEveryEffect(t *testing.T) {
	t.Parallel()
	var grid sync.Map
	t.Run("cuts", func(t *testing.T) {
		for _, victim := range []string{"terminal", "central"} {
			t.Run(victim, func(t *testing.T) {
				t.Parallel()
				cutEverywhere(t, victim, &grid)
			})
		}
	})
	if !t.Failed() {
		goldentest.Table(t, "testdata/kill.txt", gridText(&grid), *update)
	}
}

func cutEverywhere(t *testing.T, victim string, grid *sync.Map) {
	k := newKilling(t, piv.Profile)
	for _, effect := range journey.Effects() {
		tale, ok := tales()[nameOf(effect)]
		if !ok {
			t.Fatalf("%s has no cell: tell how a person comes to it", nameOf(effect))
		}
		for _, ended := range []bool{false, true} {
			at := moment(effect, ended)
			grid.Store(at+" "+victim, k.cell(at, victim, tale))
		}
	}
	k.honest()
}

// killing is a world in which one holder stands at one traced terminal.
type killing struct {
	w    *world
	h    *hospitaltest.Holder
	door *wall
	fuse fuse
	p    *person

	booths string // the code that the IT booth gave out
}

func newKilling(t *testing.T, profile string) *killing {
	k := &killing{w: newWorld(t, often)}
	k.h, k.door = k.w.HiresWith(simcard.Working, profile), k.w.walls[0]
	k.door.small()
	k.p = k.door.startTraced(&k.fuse)
	k.p.sees("idle")
	k.visit(tale{errand: registering}, func() bool { return true })
	return k
}

// honest is an unlock without a cut.
func (k *killing) honest() result {
	k.h.Block(k.w.t)
	return k.visit(tale{errand: unlocking}, func() bool { return true })
}

// result is what a cell tells.
type result struct {
	errand errand
	ended  string // the page that the visit ended on
	lost   int    // attempts that an honest visit would not have cost, at most 1: how many depends on the moment
}

func (r result) String() string {
	return fmt.Sprintf("%s\t%s", r.errand, r.ended)
}

// cell is one visit with one cut.
func (k *killing) cell(at, victim string, t tale) result {
	k.w.t.Helper()
	k.w.t.Logf("%s, %s", at, victim)
	if t.errand == unlocking {
		k.h.Block(k.w.t)
	}
	if t.detour == withBoothCode {
		k.askBooth()
	}
	k.fuse.arm(at, k.victim(victim))
	return k.visit(t, k.fuse.blown)
}

// askBooth has the IT booth give out a code for the card.
func (k *killing) askBooth() {
	k.w.t.Helper()
	var done wire.CardDone
	act := wire.CardActBody{Card: k.h.Card.Status().CardID, Reason: "showed a badge"}
	err := socket.NewClient(k.w.Path("central/central.sock")).Call(k.w.t.Context(), http.MethodPost, "/acts/"+string(wire.CardAssist), act, &done)
	if err != nil {
		k.w.t.Fatal(err)
	}
	k.booths = done.Code
}

// victim is the cut of a victim's power. The card service is started again at
// once, as systemd does.
func (k *killing) victim(name string) func() {
	switch name {
	case "terminal":
		return k.door.terminal.Kill
	case "pcscd":
		return func() {
			k.w.pcsc.Down()
			if err := k.w.pcsc.Up(); err != nil {
				k.w.t.Error(err)
			}
		}
	}
	return k.w.Central.Kill
}

// visit puts the card in, goes the tale's way until it is at its end and
// done says so, takes the card out and sees that all is well.
func (k *killing) visit(t tale, done func() bool) result {
	k.w.t.Helper()
	k.door.insert(k.h.Card)
	v := &visitor{killing: k, tale: t, mailed: k.w.Mails()}
	v.goes(done)
	time.Sleep(150 * time.Millisecond) // nobody takes a card out any sooner: it is being reset
	k.door.pull()
	k.p.sees("idle")
	k.settles(t.errand)
	if v.lost > 1 {
		k.w.t.Errorf("the cut cost %d attempts", v.lost)
	}
	return result{errand: t.errand, ended: v.at.ID, lost: v.lost}
}

// settles sees that the card takes the passcode that was chosen, and that
// central has no case left.
func (k *killing) settles(e errand) {
	k.w.t.Helper()
	if e != registering {
		k.h.Passcode, k.h.Next = k.h.Next, k.h.Passcode
	}
	if !k.h.Card.Verify(k.h.Passcode) {
		k.w.t.Fatalf("after %s the card does not take the passcode", e)
	}
	hospitaltest.Await(k.w.t, "the end of the case", func() bool { o, ok := k.w.overview(); return ok && o.Cases == 0 && o.Registered == 1 })
}

// overview is what central knows; not ok while it is down.
func (w *world) overview() (o central.Overview, ok bool) {
	client := socket.HTTP(w.Path("central/central.sock"))
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://central/overview", nil)
	if err != nil {
		return o, false
	}
	resp, err := client.Do(req)
	if err != nil {
		return o, false
	}
	defer resp.Body.Close()
	return o, json.NewDecoder(resp.Body).Decode(&o) == nil
}

// gridText is the grid, row by row.
func gridText(grid *sync.Map) string {
	var w strings.Builder
	fmt.Fprintln(&w, "cut at\tof\terrand\tends on")
	for _, effect := range journey.Effects() {
		for _, ended := range []bool{false, true} {
			for _, victim := range []string{"terminal", "central"} {
				at := moment(effect, ended)
				r, _ := grid.Load(at + " " + victim)
				fmt.Fprintf(&w, "%s\t%s\t%v\n", at, victim, r)
			}
		}
	}
	return w.String()
}

var update = flag.Bool("update", false, "write the grids anew")
