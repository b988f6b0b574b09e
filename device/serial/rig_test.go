package serial_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"unlockpoint/device/health"
	"unlockpoint/device/local"
	"unlockpoint/device/serial"
	"unlockpoint/device/serial/serialtest"
	"unlockpoint/display"
	"unlockpoint/display/goldentest"
)

var update = flag.Bool("update", false, "write the transcripts anew")

// patience is how long a test waits for the console; it never waits that long.
const patience = 30 * time.Second

// stand is a terminal that says what it is told to.
type stand struct {
	reading health.Reading
	page    display.Page
	store   error
	central error
	events  chan display.Event
	shown   chan display.Page // what tests put on the panel
	told    chan string       // to central's audit log
	deaf    bool              // central is, to what it is told
}

func newStand() *stand {
	at := time.Date(2026, 11, 30, 9, 30, 0, 0, time.UTC)
	return &stand{
		reading: health.Reading{
			At: at, Up: 3*time.Hour + 12*time.Minute, ID: "ward7-1", Site: "ward7", Name: "Ward 7, door 1",
			Build: "0123456789ab", Made: at.AddDate(0, 0, -3), Page: "idle", Policy: 4,
			Reader: health.Reader{Name: "Gemalto PC Twin Reader 00 00", Approved: true},
			Link: health.Link{Broker: "mqtts://broker.trust.example:8883", Linked: true, Up: true, Central: true,
				From: at.AddDate(0, -2, 0), Until: at.AddDate(0, 10, 0)},
			Store: health.Store{Incarnation: "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4", Registry: 1204, Facts: 8210, Waiting: 2, Free: 5 << 30},
			Clock: health.Clock{Floor: at.Add(-time.Hour)},
			Face:  []health.Part{{Name: health.Panel}, {Name: health.Touch}, {Name: health.Keypad}},
		},
		page:   display.Page{ID: "idle", Title: "Put your card in", Body: []string{"Unlock your card here."}},
		events: make(chan display.Event, 16),
		shown:  make(chan display.Page, 1),
		told:   make(chan string, 64),
	}
}

func (s *stand) Health(context.Context) (health.Reading, error) { return s.reading, nil }
func (s *stand) Account(context.Context) (health.Report, error) {
	return health.Report{Reading: s.reading, Faults: append([]health.Fault{}, s.reading.Faults()...), Settings: []string{"[broker]"}, Log: []string{"msg=terminal\x1b[2J"}}, nil
}
func (s *stand) ProbeStore() error                           { return s.store }
func (s *stand) ProbeCentral(context.Context) error          { return s.central }
func (s *stand) Page() display.Page                          { return s.page }
func (s *stand) Events(context.Context) <-chan display.Event { return s.events }

func (s *stand) Report(what string) error  { s.told <- what; return nil }
func (s *stand) Told(context.Context) bool { return !s.deaf }

func (s *stand) Identify(ctx context.Context) error {
	if s.reading.Reader.Card {
		return errors.New("a card is in: wait until it is taken")
	}
	return nil
}

func (s *stand) Show(_ context.Context, page display.Page) error {
	if s.reading.Reader.Card {
		return errors.New("a card is in: wait until it is taken")
	}
	s.shown <- page
	return nil
}

// heard is all that central was told.
func (s *stand) heard() (acts []string) {
	for {
		select {
		case act := <-s.told:
			acts = append(acts, act)
		default:
			return acts
		}
	}
}

// desk is an engineer's, at a pseudo terminal.
type desk struct {
	*serialtest.Desk
	t     testing.TB
	ended chan error
	left  string // the text, once the session was left
}

// sit begins a session with a console.
func sit(t *testing.T, cfg serial.Config) *desk {
	t.Helper()
	return sitBefore(t, serialtest.Tall, cfg)
}

// sitBefore begins a session at a screen of so many rows.
func sitBefore(t *testing.T, rows int, cfg serial.Config) *desk {
	t.Helper()
	if cfg.Local == nil {
		cfg.Local = keeper(t, nil)
	}
	return attend(t, rows, func(ctx context.Context, line io.ReadWriter) error { return serial.New(cfg).Serve(ctx, line) })
}

// keeper keeps settings, and tells of what is put to work.
func keeper(t testing.TB, work func(local.Settings) error) *local.Keeper {
	t.Helper()
	k, err := local.Open(filepath.Join(t.TempDir(), "local.json"), func(_, to local.Settings) error {
		if work == nil {
			return nil
		}
		return work(to)
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sitAt begins whatever serves the line.
func sitAt(t testing.TB, serve func(context.Context, io.ReadWriter) error) *desk {
	t.Helper()
	return attend(t, serialtest.Tall, serve)
}

func attend(t testing.TB, rows int, serve func(context.Context, io.ReadWriter) error) *desk {
	t.Helper()
	keys, other, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	line, err := serial.OpenTTY(other.Name(), 9600)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Desk: serialtest.SitBefore(t, keys, patience, rows), t: t, ended: make(chan error, 1)}
	var reading sync.WaitGroup
	reading.Go(func() { io.Copy(d, keys) })
	go func() { d.ended <- serve(t.Context(), line) }()
	t.Cleanup(func() {
		line.Close()
		keys.Close()
		reading.Wait()
		if t.Failed() {
			t.Logf("the screen:\n%s", d.Text())
		}
	})
	return d
}

// leaves ends the session. Whether the word is still seen is the line's luck, so
// the text is that of before.
func (d *desk) leaves() {
	d.t.Helper()
	d.left = d.text()
	d.Types("exit\r")
	d.over()
}

func (d *desk) over() {
	d.t.Helper()
	select {
	case err := <-d.ended:
		if err != nil {
			d.t.Error(err)
		}
	case <-time.After(patience):
		d.t.Fatal("the session does not end")
	}
}

func (d *desk) text() string { return cmp.Or(d.left, d.Text()) }

func (d *desk) golden(name string) {
	d.t.Helper()
	goldenText(d.t, name, d.text())
}

// afterBanner is what was done in the session: the banner has a golden file of
// its own.
func afterBanner(text string) string {
	_, rest, _ := strings.Cut(text, "\n> ")
	return "> " + rest
}

func goldenText(t testing.TB, name, text string) {
	t.Helper()
	goldentest.Text(t, filepath.Join("testdata", name+".txt"), text, *update)
}
