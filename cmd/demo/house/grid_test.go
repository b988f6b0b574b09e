package house_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/display/goldentest"
	"unlockpoint/reader"
	"unlockpoint/reader/profiles"
	"unlockpoint/reader/simcard"
	"unlockpoint/sync/wire"
)

var update = flag.Bool("update", false, "write the grid anew")

// TestEveryFateAtEveryCommand lets every fate come at every command that the
// terminal sends to every kind of card: while it is read, while its holder
// registers, changes the passcode and unlocks it. In each cell the person
// goes on as the pages say; the errand ends well, the card takes the passcode
// that was chosen last, and central's record is true: the next unlock needs the
// key that this one left on the card.
//
// The cards have 5 tries. With 3, as package appliance's table of PUKs tells,
// a cut within the change of the PUK leaves the next unlock to the booth.
func TestEveryFateAtEveryCommand(t *testing.T) {
	grids := make([]string, len(profiles.All()))
	t.Run("of", func(t *testing.T) {
		for i, p := range profiles.All() {
			t.Run(p.Name, func(t *testing.T) {
				t.Parallel()
				grids[i] = gridOf(t, p.Name)
			})
		}
	})
	head := "card\twhile\tcommand"
	for _, f := range fates() {
		head += "\t" + string(f)
	}
	goldentest.Table(t, filepath.Join("testdata", "grid.txt"), head+"\n"+strings.Join(grids, ""), *update)
}

// errand is what a person comes for.
type errand struct {
	name string
	ways func() map[string]robot.Way
	goal string // the page on which it is done
}

func errands() []errand {
	return []errand{
		{"reading", reading, "card.menu"},
		{"registering", robot.Registering, "register.done"},
		{"changing", robot.Changing, "change.done"},
		{"unlocking", robot.Unlocking, "unlock.done"},
	}
}

func reading() map[string]robot.Way { return map[string]robot.Way{} }

// grid is a person with one kind of card at one terminal.
type grid struct {
	story
	profile string
	fate    *destiny
	rows    strings.Builder
}

func gridOf(t *testing.T, profile string) string {
	g := &grid{profile: profile, fate: &destiny{}}
	entry := tray.Entry{Name: "amina", Holder: "Amina Shah", Kind: simcard.Working, Profile: profile,
		Passcode: "246810", Email: "amina.shah@nhs.net", Site: "ward7", About: "Works", Tries: 5}
	l := live(t, t.TempDir(), small, rules(often), func(c *house.Config) {
		c.Seed = []tray.Entry{entry}
		c.Between = func(s *simcard.Slot) reader.Slot { g.fate.Slot = s; return g.fate }
	})
	g.story = story{t, l, l.person("amina", "amina.shah@nhs.net")}
	g.fate.cutPower = func() { go l.Post(context.WithoutCancel(t.Context()), "/terminal/restart", struct{}{}, nil) }
	g.goes(errands()[1], 0, "") // registered, to begin with
	for _, e := range errands() {
		g.all(e)
	}
	g.goes(errands()[3], 0, "") // central has the key that the last cell left
	return g.rows.String()
}

// often lets one person unlock as often as the grid needs.
func often(p *wire.Policy) {
	const many = 1 << 20
	p.CasesIn24h, p.CasesIn30d, p.MailsAnHour, p.AttemptsIn30d = many, many, many, many
}

// all goes through the cells of one errand.
func (g *grid) all(e errand) {
	commands, _ := g.goes(e, 0, "")
	for i, name := range commands {
		cells := []string{g.profile, e.name, name}
		for _, f := range fates() {
			_, ended := g.goes(e, i+1, f)
			if e.name == "unlocking" {
				g.goes(e, 0, "") // with the key that the cell left on the card
			}
			cells = append(cells, ended)
		}
		fmt.Fprintln(&g.rows, strings.Join(cells, "\t"))
	}
}

// goes does an errand from an empty reader to an empty reader, with fate at
// its nth command. It returns the errand's commands, and the page on which it
// ended; a dash where fate could not come.
func (g *grid) goes(e errand, n int, f fate) (commands []string, ended string) {
	g.Helper()
	if e.name == "unlocking" {
		g.ok(g.who.Block(g.Context()))
	}
	at := func() {
		g.fate.listen()
		g.fate.arm(n, f)
	}
	if e.name == "reading" {
		at()
		g.insert()
	} else {
		g.insert()
		g.shows(map[bool]string{true: "card.locked", false: "card.menu"}[e.name == "unlocking"])
		at()
	}
	ended = g.walk(e)
	commands = g.fate.commands()
	if came := g.fate.arm(0, ""); n > 0 && !came {
		ended = "-"
	}
	g.remove()
	g.settles(e)
	return commands, ended
}

// walk does what the pages say until the errand is done.
func (g *grid) walk(e errand) string {
	g.Helper()
	ways := e.ways()
	maps.Copy(ways, map[string]robot.Way{
		"idle":            again,
		"take-card":       again,
		"removed-early":   again,
		"card.unreadable": again,
		"unlock.failed":   robot.Press("Enter"),
		"stopped":         robot.Press("Enter"),
	})
	if e.name == "changing" || e.name == "unlocking" {
		menu, tried := ways["card.menu"], false
		ways["card.menu"] = func(ctx context.Context, p *robot.Person, page robot.Page) error {
			if g.fate.met() && !tried { // a wrong passcode costs a try: once is enough
				tried = true
				if ok, err := p.Accepts(ctx, p.NewPasscode); err != nil || ok {
					return errors.Join(err, errServed)
				}
			}
			return menu(ctx, p, page)
		}
	}
	acted, since := robot.Page{}, time.Time{}
	var page robot.Page
	g.until("the end of "+e.name, func() bool {
		page = g.page()
		if page.ID == e.goal {
			return true
		}
		if page.Same(acted) && page.Error == acted.Error && time.Since(since) < pause {
			return false
		}
		fresh := !page.Same(acted)
		acted, since = page, time.Now()
		if fresh && page.ID == "idle" && g.in() {
			return false // it is about to be read
		}
		err := g.who.Act(g.Context(), page, ways)
		if errors.Is(err, errServed) {
			return true
		}
		g.ok(err)
		return false
	})
	return page.ID
}

// in reports whether the card is in the reader.
func (g *grid) in() bool {
	g.Helper()
	var card struct{ Inserted bool }
	g.ok(g.Get(g.Context(), "/cards/"+g.who.Card+".json", &card))
	return card.Inserted
}

// pause is how long a person who sees nothing happen waits before they do the
// same again.
const pause = 2 * time.Second

// errServed says that the card has its new passcode already.
var errServed = errors.New("served")

// again takes the card out, if it still is in, and puts it in.
func again(ctx context.Context, p *robot.Person, _ robot.Page) error {
	return errors.Join(p.Post(ctx, "/cards/"+p.Card+"/remove", struct{}{}, nil), p.Insert(ctx))
}

// settles sees that the card takes the passcode that was chosen last, and
// that central has no case left.
func (g *grid) settles(e errand) {
	g.Helper()
	if e.name == "changing" || e.name == "unlocking" {
		g.who.Passcode, g.who.NewPasscode = g.who.NewPasscode, g.who.Passcode
	}
	if ok, err := g.who.Accepts(g.Context(), g.who.Passcode); err != nil || !ok {
		g.Fatalf("%s: the card takes the passcode: %v, %v", e.name, ok, err)
	}
	g.until("the end of the case", func() bool {
		c := g.central()
		return c.Registered == 1 && c.Cases == 0
	})
}
