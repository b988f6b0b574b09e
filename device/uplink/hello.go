package uplink

import (
	"bytes"
	"crypto/rand"
	"errors"
	"time"

	"unlockpoint/sync/wire"
)

// greeting is a hello that waits for its welcome.
type greeting struct {
	id    string
	nonce []byte
	seal  wire.SealKey
	note  []byte
	sent  time.Time
}

// greet says hello. It ends the session before.
func (t *talk) greet() {
	g, err := t.u.newGreeting()
	if err != nil {
		t.err = err
		return
	}
	t.hello = g
	t.ask(g.note)
}

// greetAgain repeats a hello, as the same bytes, whose welcome stays away.
func (t *talk) greetAgain(now time.Time) {
	if t.hello == nil || !t.up || now.Sub(t.hello.sent) < t.u.cfg.Resend {
		return
	}
	t.hello.sent = time.Now()
	t.ask(t.hello.note)
}

func (u *Uplink) newGreeting() (*greeting, error) {
	body, err := u.selfPortrait()
	if err != nil {
		return nil, err
	}
	seal, err := wire.GenerateSealKey()
	if err != nil {
		return nil, err
	}
	g := &greeting{id: wire.NewID(), nonce: make([]byte, 16), seal: seal, sent: time.Now()}
	rand.Read(g.nonce)
	body.Nonce, body.SealTo = g.nonce, seal.Public()
	g.note, err = u.voice().open(wire.Envelope{Kind: wire.Hello, ID: g.id}, body)
	return g, err
}

// selfPortrait is what a hello says of the store.
func (u *Uplink) selfPortrait() (wire.HelloBody, error) {
	out, err1 := u.store.Outbox()
	head, err2 := u.store.Head()
	epoch, err3 := u.store.Epoch()
	prev, err4 := u.store.Session()
	return wire.HelloBody{
		Inc: u.store.Inc(), Head: head, Epoch: epoch, Seq: out.Seq, Acked: out.Acked, Chain: out.Chain,
		Prev: prev, Build: u.cfg.Build,
	}, errors.Join(err1, err2, err3, err4)
}

// reply takes a reply: the welcome, or the answer to a request under way.
func (t *talk) reply(raw []byte) error {
	e, err := t.u.voice().reply(raw)
	if err != nil {
		return err
	}
	t.silent = time.Time{}
	if t.hello != nil && e.Re == t.hello.id {
		return t.welcome(e)
	}
	return t.answered(e)
}

// welcome begins the session that the hello asked for.
func (t *talk) welcome(e wire.Envelope) error {
	var w wire.WelcomeBody
	if e.Kind != wire.Hello.Reply() {
		return errors.New("hello answered by something else")
	}
	if err := wire.Decode(e.Body, &w); err != nil {
		return err
	}
	if !bytes.Equal(w.Nonce, t.hello.nonce) || !wire.ValidID(w.Sess) {
		return errors.New("welcome to another hello")
	}
	if err := t.u.keep(w); err != nil {
		return t.broke(err)
	}
	t.enter(&session{Session: Session{ID: w.Sess, Prove: w.Prove}, seal: t.hello.seal, acked: w.Acked,
		clock: clock{w.Time, time.Now()}})
	return nil
}

// keep stores what a welcome brings, before anything is done in its session.
func (u *Uplink) keep(w wire.WelcomeBody) error {
	if err := u.store.SetSession(w.Sess); err != nil {
		return err
	}
	own := u.cfg.Now()
	if u.cfg.Led {
		own = u.cfg.Made
	}
	if err := u.store.RaiseFloor(w.Time, own); err != nil {
		return err
	}
	return u.store.SetSettings(w.Settings)
}

// enter begins a session. What was asked in the one before goes out first:
// central still answers it until it sees a request of the new one.
func (t *talk) enter(s *session) {
	t.hello, t.session = nil, s
	t.here, t.gone = true, false // it just spoke
	t.u.current.Store(s)
	if t.u.clock.Swap(&s.clock) == nil {
		close(t.u.told)
	}
	t.birth(s)
	t.again()
	t.tell()
}

// birth tells everyone that the terminal is there, and how it is.
func (t *talk) birth(s *session) {
	vitals, err := t.u.vitals(t.faults)
	if err != nil {
		t.err = err
		return
	}
	s.births++
	t.born = time.Now()
	note, err := t.u.stateNote(wire.StateBody{Online: true, Sess: s.ID, N: s.births, Build: t.u.cfg.Build, Vitals: &vitals})
	if err != nil {
		t.err = err
		return
	}
	t.send(parcel{topic: t.u.voice().state(), note: note, retained: true})
}

// figuresEvery is how old the figures of a birth may be: what changes in
// between is no fault.
const figuresEvery = 5 * time.Minute

// ail takes the faults that there are now.
func (t *talk) ail(faults []wire.Fault) {
	t.faults = faults
	if t.session != nil {
		t.birth(t.session)
	}
}

// Faults tells central which faults there are now: the newest list counts. It
// is for one caller.
func (u *Uplink) Faults(list []wire.Fault) { newest(u.faults, list) }

func (u *Uplink) vitals(faults []wire.Fault) (wire.Vitals, error) {
	out, err1 := u.store.Outbox()
	size, err2 := u.store.Size()
	free, err3 := u.store.Free()
	return wire.Vitals{Uptime: int(time.Since(u.began).Seconds()), Faults: faults,
		Store: size, Free: free, Outbox: out.Seq - out.Acked}, errors.Join(err1, err2, err3)
}

func (u *Uplink) stateNote(body wire.StateBody) ([]byte, error) {
	return u.voice().open(wire.Envelope{Kind: wire.State, ID: wire.NewID()}, body)
}
