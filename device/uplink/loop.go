package uplink

import (
	"context"
	"errors"
	"reflect"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// How often the loop looks for what is overdue: while something is awaited, and
// at rest.
const (
	beat     = 250 * time.Millisecond
	restBeat = time.Second
)

// loop owns the session and the requests under way.
func (u *Uplink) loop(ctx context.Context) error {
	defer close(u.ended)
	t := &talk{u: u, calls: map[string]*call{}}
	pace := beat
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for t.err == nil {
		if now := t.pace(); now != pace {
			pace = now
			ticker.Reset(pace)
		}
		out, next := t.next()
		select {
		case <-ctx.Done():
			return nil
		case up := <-u.line.Up():
			t.link(up)
		case m := <-u.line.Messages():
			t.hear(m)
		case c := <-u.asked:
			t.start(c)
		case c := <-u.dropped:
			t.drop(c)
		case faults := <-u.faults:
			t.ail(faults)
		case out <- next:
			t.queue = t.queue[1:]
		case now := <-ticker.C:
			t.overdue(now)
			t.complain()
		}
	}
	return t.err
}

// talk is the loop's own state.
type talk struct {
	u       *Uplink
	up      bool      // the link to the broker
	gone    bool      // central said goodbye
	left    time.Time // when it last said anything about that
	here    bool      // central said that it is there
	silent  time.Time // since when nothing was answered of what was asked; zero: no reply is due
	hello   *greeting
	session *session
	calls   map[string]*call // sent, by request id
	waiting []*call          // for a session
	queue   []parcel
	faults  []wire.Fault
	born    time.Time // when the last birth was told
	told    Status
	reason  string // why the link is down, as it was logged last
	err     error  // of the store: the end
}

// parcel is one note on its way out.
type parcel struct {
	topic    string
	note     []byte
	retained bool
}

// next is what goes out next; a nil channel when there is nothing.
func (t *talk) next() (chan<- parcel, parcel) {
	if !t.up || len(t.queue) == 0 {
		return nil, parcel{}
	}
	return t.u.parcels, t.queue[0]
}

func (t *talk) send(p parcel) { t.queue = append(t.queue, p) }

// ask sends what is to be answered.
func (t *talk) ask(note []byte) {
	if t.silent.IsZero() {
		t.silent = time.Now()
	}
	t.send(parcel{topic: t.u.voice().up(wire.ClassReq), note: note})
}

// link takes the news that the broker was reached or lost.
func (t *talk) link(up bool) {
	t.u.cfg.Log.Info("link to the broker", "up", up)
	t.up, t.reason = up, ""
	t.queue, t.silent = nil, time.Time{}
	t.leave()
	if up {
		t.greet()
	} else {
		t.here = false // what it said, it said over the link that is gone
	}
	t.tell()
}

// complain logs why the link is down, each reason once.
func (t *talk) complain() {
	why := t.u.line.Err()
	if t.up || why == nil || why.Error() == t.reason {
		return
	}
	t.reason = why.Error()
	t.u.cfg.Log.Warn("link to the broker is down", "err", why)
}

// leave forgets the session. Replies to requests made in it still count.
func (t *talk) leave() {
	t.session = nil
	t.u.current.Store(nil)
	t.u.pump.session(nil)
}

// pace is how often to look for what is overdue.
func (t *talk) pace() time.Duration {
	if t.ready() && len(t.calls) == 0 {
		return restBeat
	}
	return beat
}

// ready says that requests can be put.
func (t *talk) ready() bool { return t.up && t.session != nil && !t.gone }

// tell announces the status if it changed.
func (t *talk) tell() {
	s := Status{Linked: t.up, Up: t.ready(), Central: t.here, Settings: t.u.store.Settings()}
	if s.Linked == t.told.Linked && s.Up == t.told.Up && s.Central == t.told.Central && reflect.DeepEqual(s.Settings, t.told.Settings) {
		return
	}
	t.told = s
	t.u.announce(s)
}

// hear takes one message. What is not central's is dropped, and only counted
// in the log: anybody who can publish can send it.
func (t *talk) hear(m link.Message) {
	v := t.u.voice()
	var err error
	switch m.Topic {
	case v.down(wire.ClassReply):
		err = t.reply(m.Payload)
	case v.down(wire.ClassAck):
		err = t.ack(m.Payload)
	case v.down(wire.ClassWant):
		err = t.want(m.Payload)
	case v.down(wire.ClassCmd):
		err = t.command(m.Payload)
	case wire.HeadTopic(v.me.Site):
		err = t.head(m.Payload)
	case wire.CentralStateTopic:
		err = t.central(m.Payload, !m.Retained)
	case wire.CentralKeysTopic:
		err = t.keys(m.Payload)
	}
	if err != nil {
		t.u.cfg.Log.Debug("dropped a note", "topic", m.Topic, "err", err)
	}
	if m.Ack != nil {
		m.Ack()
	}
}

// want takes a document of settings unless one of a higher version was seen:
// this one is retained, and the broker may have kept an old one.
func (t *talk) want(raw []byte) error {
	var want wire.Settings
	if _, err := t.u.voice().hear(raw, t.u.voice().me.ID, wire.Want, &want); err != nil {
		return err
	}
	if want.Version <= t.u.store.Settings().Version {
		return nil
	}
	if err := want.Check(); err != nil {
		return err
	}
	if err := t.u.store.SetSettings(want); err != nil {
		return t.broke(err)
	}
	t.tell()
	return nil
}

// broke ends the uplink with what the store says. One that is full has taken
// nothing, which is told for the log: what was to be kept comes again.
func (t *talk) broke(err error) error {
	if errors.Is(err, store.ErrFull) {
		return err
	}
	t.err = err
	return nil
}

func (t *talk) ack(raw []byte) error {
	var body wire.AckBody
	if _, err := t.u.voice().hear(raw, t.u.voice().me.ID, wire.Ack, &body); err != nil {
		return err
	}
	t.u.pump.ack(body)
	return nil
}

func (t *talk) head(raw []byte) error {
	var body wire.HeadBody
	if _, err := t.u.voice().hear(raw, wire.Everyone, wire.Head, &body); err != nil {
		return err
	}
	t.u.sync.want()
	return nil
}

// central takes central's birth or will. A central that is back, or has come
// just now (live), may have missed what was sent before.
func (t *talk) central(raw []byte, live bool) error {
	var body wire.StateBody
	if _, err := t.u.voice().hear(raw, wire.Everyone, wire.State, &body); err != nil {
		return err
	}
	back := body.Online && (t.gone || live)
	t.here, t.gone = body.Online, !body.Online
	t.left = time.Now()
	if back {
		t.again()
	}
	t.tell()
	return nil
}

// again sends at once whatever waits for central: the hello, or what was
// asked, what waited for a session, facts, and the question for news of the
// registry.
func (t *talk) again() {
	soon := time.Now().Add(t.u.cfg.Resend)
	t.greetAgain(soon)
	if !t.ready() {
		return
	}
	t.resend(soon)
	waiting := t.waiting
	t.waiting = nil
	for _, c := range waiting {
		t.put(c)
	}
	t.u.pump.session(t.session)
	t.u.sync.want()
}

// doubt greets a central that has been gone for a while. A broker that was
// slow to publish its will may have said so after it was back.
func (t *talk) doubt(now time.Time) {
	if t.up && t.gone && t.hello == nil && now.Sub(t.left) >= doubtAfter*t.u.cfg.Resend {
		t.greet()
	}
}

// doubtAfter is how many resends a central may be gone before it is greeted.
const doubtAfter = 4

// mend ends a silence: central says that it is there, and answers nothing of
// what it was asked. Central may have forgotten the session without knowing:
// it is greeted. The broker may have forgotten what we subscribed to, and would
// lose the welcome, too: then the connection is made anew.
func (t *talk) mend(now time.Time) {
	if !t.up || !t.here || t.silent.IsZero() {
		return
	}
	switch silence := now.Sub(t.silent); {
	case silence >= renewAfter:
		t.u.cfg.Log.Warn("central is there and answers nothing: the connection is made anew", "silence", silence)
		t.silent = time.Time{}
		t.u.line.Renew()
	case silence >= greetAfter && t.hello == nil:
		t.u.cfg.Log.Warn("central is there and answers nothing: it is greeted anew", "silence", silence)
		t.greet()
	}
}

// How long nothing may be answered before central is greeted anew, and before
// the connection is given up: longer than a slow line takes, shorter than a
// visit.
const (
	greetAfter = 20 * time.Second
	renewAfter = 40 * time.Second
)

// overdue sends again what was not answered, and lets down who waited too
// long for a link.
func (t *talk) overdue(now time.Time) {
	t.mend(now)
	t.greetAgain(now)
	if t.ready() {
		if len(t.queue) == 0 { // what has not gone out yet need not do so twice
			t.resend(now)
		}
		if now.Sub(t.born) >= figuresEvery {
			t.birth(t.session)
		}
		return
	}
	t.doubt(now)
	t.letDown(now)
}
