package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"unlockpoint/cmd/settings"
	"unlockpoint/device/health"
	"unlockpoint/device/journey"
	"unlockpoint/device/pages"
	"unlockpoint/device/serial"
	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
	"unlockpoint/sync/flash"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// standIn is what there is of a terminal that can serve nobody: its face, which
// says why, and its reader. An engineer may test them.
type standIn struct {
	health.Hands
	health.Guests
	cfg    config
	broker string // where it is going to be asked for; empty: nobody has said
	face   *face  // nil: it is set up wrong
	wrong  error  // how
	slot   atomic.Pointer[reader.Presence]
}

var _ health.Subject = (*standIn)(nil)

// newStandIn opens the face. One that is set up wrong is told of, and no reason
// to keep an engineer waiting.
func newStandIn(c config, broker string, log *slog.Logger) *standIn {
	st := &standIn{Guests: make(health.Guests), cfg: c, broker: broker}
	if st.face, st.wrong = newFace(c, log); st.wrong != nil {
		st.face, st.wrong = nil, c.at(st.wrong)
		log.Error("nothing is on the panel", "err", st.wrong)
	}
	return st
}

// shows tells people, until ctx ends, why they are not served. name is the
// terminal's; without one it is the machine's.
func (st *standIn) shows(ctx context.Context, why journey.FaultID, name string) error {
	f := st.face
	if f == nil {
		<-ctx.Done()
		return nil
	}
	if name == "" {
		name, _ = os.Hostname() // else the build alone says which it is
	}
	build, _ := settings.Build()
	said := front.New(f.drawer, f.screen, st.cfg.Panel.patience(), f.speaker)
	s, _ := journey.Start(journey.RuleSet{Terminal: fmt.Sprintf("%s (%s)", name, build)}).Next(journey.Fault{Why: why})
	return runAll(ctx, append(f.before(said), said.Run, func(ctx context.Context) error { return st.stands(ctx, s, said) })...)
}

// watches looks at the reader until ctx ends.
func (st *standIn) watches(ctx context.Context) error {
	for p := range pcsc.NewSlot(st.cfg.Reader.pcsc()).Watch(ctx) {
		st.slot.Store(&p)
	}
	return nil
}

// Health tells of face and reader, and of the broker.
func (st *standIn) Health(context.Context) (health.Reading, error) {
	r := health.Reading{Link: health.Link{Broker: st.broker}}
	if p := st.slot.Load(); p != nil {
		r.Reader = health.Reader{Name: p.Reader, Approved: !p.Unapproved, Card: p.Card}
	}
	if st.face == nil {
		r.Face = []health.Part{{Name: health.Panel, Down: time.Second, Cause: st.wrong.Error()}}
		return r, nil
	}
	for _, part := range st.face.health {
		r.Face = append(r.Face, part.Now(time.Now()))
	}
	return r, nil
}

// Show implements health.Subject.
func (st *standIn) Show(ctx context.Context, page display.Page) error {
	if st.face == nil {
		return st.wrong
	}
	return st.Guests.Show(ctx, page)
}

var errNoTerminal = errors.New("the terminal does not run")

// ProbeStore implements health.Subject: there is none.
func (*standIn) ProbeStore() error { return errNoTerminal }

// ProbeCentral implements health.Subject: there is none.
func (*standIn) ProbeCentral(context.Context) error { return errNoTerminal }

// stands is the journey of a terminal that has nothing but its face: people
// may change how the page looks, and have it read aloud.
func (st *standIn) stands(ctx context.Context, s journey.State, said *front.Front) error {
	const beat = time.Second
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	hears := journey.Listening{Asked: st.face.asked}
	s, _ = s.Next(journey.ListeningChanged{Listening: hears})
	var guest health.Guest
	for {
		said.Show(guest.Over(pages.View(s)))
		select {
		case e := <-st.face.events:
			st.Tell(e)
			said.Handle(e)
		case in := <-said.Inputs():
			if !guest.Here() {
				s, _ = s.Next(journey.Pressed{Input: in})
			}
		case come := <-st.Guests:
			guest = guest.Welcome(come, false)
		case <-guest.Left():
			guest = health.Guest{}
		case <-ticker.C:
			s, _ = s.Next(journey.Tick{Elapsed: beat})
		case hears.Headset = <-st.face.headset:
			s, _ = s.Next(journey.ListeningChanged{Listening: hears})
		case <-ctx.Done():
			return nil
		}
	}
}

// roomEvery is how often a full disk is looked at.
const roomEvery = 2 * time.Second

// awaitRoom waits until the disk has room for the store. The console tells of
// it meanwhile.
func (c config) awaitRoom(ctx context.Context, me wire.Identity, kept *serial.Log, log *slog.Logger) error {
	err := c.room()
	if !errors.Is(err, flash.ErrFull) {
		return err
	}
	log.Error("the terminal waits for room on the disk", "err", err)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &desk{cfg: c, kept: kept, log: log, move: func(string) {}, stop: stop}
	if err := d.open(); err != nil {
		return err
	}
	about, here := d.about(), newStandIn(c, cmp.Or(d.local.Force().Broker, me.MQTT.URL), log)
	about.Bare = here
	about.Stopped = []health.Fault{health.Known(health.StoreFull)}
	console := serial.New(about)
	local, err := socket.Listen(c.Socket)
	if err != nil {
		return fmt.Errorf("open the local socket: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /console", consoleHandler(console))
	parts := []part{d.returns, c.roomComes, here.watches,
		func(ctx context.Context) error { return socket.Serve(ctx, local, mux) },
		func(ctx context.Context) error { return here.shows(ctx, journey.StoreFull, me.Name) }}
	if c.Console.TTY != "" {
		gate := serial.NewGate(me.ID, me.ConsoleKey, nil)
		parts = append(parts, func(ctx context.Context) error { return c.Console.attend(ctx, console, gate, log) })
	}
	return runAll(ctx, parts...)
}

// roomComes returns when it has.
func (c config) roomComes(ctx context.Context) error {
	look := time.NewTicker(roomEvery)
	defer look.Stop()
	for errors.Is(c.room(), flash.ErrFull) {
		select {
		case <-look.C:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

func (c config) room() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return flash.Room(c.Data)
}
