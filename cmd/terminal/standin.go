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
	"unlockpoint/device/store"
	"unlockpoint/display"
	"unlockpoint/display/front"
	"unlockpoint/reader"
	"unlockpoint/reader/pcsc"
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

// awaitStore opens the terminal's store, and stands in while that cannot be, as on
// a full disk or a worn out flash card. There is no store when it ends before.
func (c config) awaitStore(ctx context.Context, me wire.Identity, kept *serial.Log, log *slog.Logger) (*store.Store, error) {
	db, err := c.store()
	if err == nil || errors.Is(err, store.ErrInUse) {
		return db, err
	}
	out := outage{why: journey.OtherFault, fault: health.StoreShut(err), me: me, over: func() bool {
		db, err = c.store()
		return err == nil
	}}
	if errors.Is(err, store.ErrFull) {
		out.why, out.fault = journey.StoreFull, health.Known(health.StoreFull)
	}
	log.Error("the terminal waits for its store", "err", err)
	err = c.standsIn(ctx, out, kept, log)
	return db, err
}

// awaitIdentity reads the terminal's identity, and stands in while that cannot
// be, for whoever has a console to mend it at. There is none when it ends before.
func (c config) awaitIdentity(ctx context.Context, kept *serial.Log, log *slog.Logger) (id wire.Identity, err error) {
	id, err = c.identity(log)
	if err == nil || missing(c.Identity) || c.Console.TTY == "" {
		return id, err
	}
	log.Error("the terminal waits for its identity", "err", err)
	return id, c.standsIn(ctx, outage{why: journey.OtherFault, fault: health.IdentityShut(err), over: func() bool {
		id, err = wire.LoadIdentity(c.Identity)
		return err == nil
	}}, kept, log)
}

// outage is what keeps a terminal from its work.
type outage struct {
	why   journey.FaultID // to people
	fault health.Fault    // to engineers
	me    wire.Identity   // empty: nobody can say, and there is no log-in
	over  func() bool     // tries anew
}

// tryEvery is how often it is tried whether an outage is over.
const tryEvery = 2 * time.Second

// standsIn has panel and console say why nobody is served, until that is over,
// ctx ends, or an engineer ends it.
func (c config) standsIn(ctx context.Context, out outage, kept *serial.Log, log *slog.Logger) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &desk{cfg: c, kept: kept, log: log, move: func(string) {}, stop: stop}
	if err := d.open(); err != nil {
		return err
	}
	about, here := d.about(), newStandIn(c, cmp.Or(d.local.Force().Broker, out.me.MQTT.URL), log)
	about.Bare, about.Stopped = here, []health.Fault{out.fault}
	console := serial.New(about)
	local, err := socket.Listen(c.Socket)
	if err != nil {
		return fmt.Errorf("open the local socket: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /console", consoleHandler(console))
	parts := []part{d.returns, here.watches, out.ends,
		func(ctx context.Context) error { return socket.Serve(ctx, local, mux) },
		func(ctx context.Context) error { return here.shows(ctx, out.why, out.me.Name) }}
	if c.Console.TTY != "" {
		var gate *serial.Gate
		if out.me.ID != "" {
			gate = serial.NewGate(out.me.ID, out.me.ConsoleKey, nil)
		}
		parts = append(parts, func(ctx context.Context) error { return c.Console.attend(ctx, console, gate, log) })
	}
	return runAll(ctx, parts...)
}

// ends returns when the outage is over.
func (o outage) ends(ctx context.Context) error {
	again := time.NewTicker(tryEvery)
	defer again.Stop()
	for {
		select {
		case <-again.C:
			if o.over() {
				return nil
			}
		case <-ctx.Done():
			return nil
		}
	}
}
