package house_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/cmd/demo/robot"
	"unlockpoint/cmd/demo/tray"
	"unlockpoint/device/local"
	"unlockpoint/device/serial"
	"unlockpoint/display/layout"
	"unlockpoint/reader/piv"
	"unlockpoint/sync/wire"
)

// everybody is how many people a terminal serves before an engineer looks.
const everybody = 100

// crowd is a tray of cards of people that nobody is called like.
func crowd() (entries []tray.Entry) {
	for n := range everybody {
		entries = append(entries, tray.Entry{
			Name: fmt.Sprintf("card-%03d", n), Holder: fmt.Sprintf("Zebedee Quickthorn%03d", n), Profile: piv.Profile, Site: "ward7", About: "one of many",
			Passcode: fmt.Sprint(713042 + 1009*n), Email: fmt.Sprintf("zebedee.quickthorn%03d@nhs.net", n),
		})
	}
	return entries
}

// Nothing that an engineer is told is about any of the people that a terminal
// served: not while they stand there, and not afterwards.
func TestTheConsoleTellsOfNobody(t *testing.T) {
	t.Parallel()
	log := new(serial.Log)
	people := crowd()
	l := live(t, t.TempDir(), func(c *house.Config) {
		c.Screen = layout.Screen{Width: 480, Height: 320, PPMM: 6.45} // painted in less time
		c.Policy = func(p *wire.Policy) { p.CardsAnHour = 0 }         // they come faster than people do
		c.Seed, c.Log = people, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	keeper, err := local.Open(filepath.Join(t.TempDir(), "local.json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &seat{t: t, console: serial.New(serial.Config{Terminal: l.house.Appliance(), Machine: still{}, Log: log, Local: keeper, Idle: time.Hour})}
	var watched []func(string) string
	for _, what := range []string{"log -f", "monitor reader", "monitor link", "monitor keys"} {
		watched = append(watched, s.watches(what))
	}

	var secrets []string
	for n, e := range people {
		p := &robot.Person{Driver: l.Driver, Card: e.Name, Address: e.Email, Passcode: e.Passcode, NewPasscode: fmt.Sprint(824051 + 1013*n)}
		steps := []func(context.Context) error{p.Insert, p.Change, p.Remove}
		if n%50 == 0 {
			p.Seen = func(robot.Page, time.Duration) { s.asksAll() }
			steps = []func(context.Context) error{p.Insert, p.Register, p.Remove, p.Block, p.Insert, p.Unlock, p.Remove}
		}
		tested := func(string) string { return "" }
		if n%50 == 1 { // somebody is served while an engineer waits for keys
			tested = s.watches("test keypad")
			l.await(t, "test.keypad")
		}
		for _, step := range steps {
			if err := step(t.Context()); err != nil {
				t.Fatalf("person %d: %v", n, err)
			}
		}
		tested("")
		secrets = append(secrets, p.Passcode, p.NewPasscode)
	}
	s.asksAll()
	s.handles(l)
	var pressed strings.Builder
	for _, ends := range watched {
		for _, key := range regexp.MustCompile(`(?m)  (?:key|character) (.)`).FindAllStringSubmatch(ends(""), -1) {
			pressed.WriteString(key[1])
		}
	}
	for _, secret := range secrets {
		if strings.Contains(pressed.String(), secret) {
			t.Errorf("an engineer sees the keys of %s", secret)
		}
	}
	if n := strings.Count(pressed.String(), "?"); n < everybody {
		t.Errorf("an engineer saw %d keys of people being pressed", n)
	}
	l.tellsNobody(t, s.said.String(), secrets)
}

// tellsNobody looks through a text for people, cards, codes and passcodes.
func (l living) tellsNobody(t *testing.T, text string, secrets []string) {
	t.Helper()
	for _, came := range []string{"passed   central", "passed   name of the broker", "FAILED   panel", "skipped  keypad", `"modules"`, "a card is in", "msg="} {
		if !strings.Contains(text, came) {
			t.Errorf("the console was not asked all: %q is missing", came)
		}
	}
	for _, name := range []string{"zebedee", "quickthorn", "@nhs.net", "card-0", "juniper", "lantern", "marble", "harbour"} {
		if strings.Contains(strings.ToLower(text), name) {
			t.Errorf("the console tells %q", name)
		}
	}
	var cards []struct{ ID string }
	var box struct{ Mails []struct{ Code string } }
	for path, into := range map[string]any{"/cards.json": &cards, "/mail.json": &box} {
		if err := l.Get(t.Context(), path, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range cards {
		_, id, _ := strings.Cut(c.ID, ":")
		if strings.Contains(strings.ToLower(text), strings.ToLower(id)) {
			t.Errorf("the console tells the card %s", c.ID)
		}
	}
	for _, m := range box.Mails {
		secrets = append(secrets, m.Code)
	}
	numbers := map[string]bool{}
	for _, n := range regexp.MustCompile(`\b\d{6,8}\b`).FindAllString(text, -1) {
		numbers[n] = true
	}
	for _, secret := range secrets {
		if secret != "" && numbers[secret] {
			t.Errorf("the console tells %s, a passcode or a code", secret)
		}
	}
	if len(cards) != everybody || len(secrets) < 2*everybody {
		t.Errorf("%d cards, %d secrets", len(cards), len(secrets))
	}
}

// A page that an engineer shows makes way for a person, and is refused while
// one is served.
func TestAnEngineersPageMakesWay(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	a := l.house.Appliance()
	ctx, cancel := context.WithCancel(t.Context())
	looking := make(chan error, 1)
	go func() { looking <- a.Identify(ctx) }()
	said := strings.Join(l.await(t, "identify").Body, " ")
	for _, words := range []string{"Somebody is looking for this terminal.", "Mae rhywun yn chwilio am y derfynell hon."} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	l.post(t, "/terminal/key", map[string]string{"key": "*"}) // means nothing to the journey
	l.await(t, "identify")
	amina := l.person("amina", "amina.shah@nhs.net")
	if err := amina.Insert(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.await(t, "card.menu")
	if err := a.Identify(t.Context()); err == nil || !strings.Contains(err.Error(), "a card is in") {
		t.Errorf("while a person is served: %v", err)
	}
	cancel()
	if err := <-looking; err != nil {
		t.Error(err)
	}
}
