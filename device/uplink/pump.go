package uplink

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"unlockpoint/device/store"
	"unlockpoint/sync/wire"
)

// window is how many facts may be on their way at once.
const window = 32

// pump hands the outbox over to central, in order, and again where an
// acknowledgement stays away. Its goroutine owns sent and acked.
type pump struct {
	u        *Uplink
	sessions chan *session // newest wins; nil: no session
	acks     chan wire.AckBody

	live    *session
	sent    uint64
	acked   uint64
	rewound rewind
}

// rewind is the last time that central saw a gap and was sent everything
// behind it again. Each fact that is on its way then complains of the same
// gap; to listen to all of them would send everything as often.
type rewind struct {
	to uint64
	at time.Time
}

func newPump(u *Uplink) *pump {
	return &pump{u: u, sessions: make(chan *session, 1), acks: make(chan wire.AckBody, window)}
}

// session tells the pump of the session to send in. The loop calls it.
func (p *pump) session(s *session) { newest(p.sessions, s) }

// ack hands over an acknowledgement. One too many is dropped: the next one
// says as much.
func (p *pump) ack(a wire.AckBody) {
	select {
	case p.acks <- a:
	default:
	}
}

func (p *pump) run(ctx context.Context) error {
	silence := time.NewTicker(p.u.cfg.Resend)
	defer silence.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case p.live = <-p.sessions:
			err = p.begin()
			silence.Reset(p.u.cfg.Resend)
		case a := <-p.acks:
			err = p.take(a)
			silence.Reset(p.u.cfg.Resend)
		case <-p.u.store.Added():
		case <-silence.C:
			p.sent = min(p.sent, p.acked)
		}
		if err == nil && p.live != nil {
			err = p.fill(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// begin goes on from where central says it is. That may be before what it
// once acknowledged: then it was restored from a backup.
func (p *pump) begin() error {
	if p.live == nil {
		return nil
	}
	p.acked, p.sent = p.live.acked, p.live.acked
	return p.note(p.live.acked)
}

// take takes an acknowledgement and those behind it: what they say together
// is written once.
func (p *pump) take(a wire.AckBody) error {
	for {
		p.consider(a)
		select {
		case a = <-p.acks:
		default:
			return p.note(p.acked)
		}
	}
}

func (p *pump) consider(a wire.AckBody) {
	if a.Inc != p.u.store.Inc() || a.Seq < p.acked {
		return // of another store, or overtaken
	}
	p.acked = a.Seq
	p.sent = max(p.sent, a.Seq)
	if a.Resend && (a.Seq != p.rewound.to || time.Since(p.rewound.at) >= p.u.cfg.Resend) {
		p.sent, p.rewound = a.Seq, rewind{a.Seq, time.Now()}
	}
}

// note writes down what central has. A central that is ahead has met a
// younger state of this disk: it raises the alarm, and here nothing is
// acknowledged that was not written.
func (p *pump) note(acked uint64) error {
	err := p.u.store.Acked(acked, p.u.Now())
	if errors.Is(err, store.ErrAhead) {
		p.u.cfg.Log.Error("central is ahead of this outbox", "acked", acked)
		return nil
	}
	if errors.Is(err, store.ErrFull) {
		return nil // the next acknowledgement says as much
	}
	return err
}

// fill sends facts until the window is full or there are no more.
func (p *pump) fill(ctx context.Context) error {
	room := window - int(min(p.sent-p.acked, window))
	if room == 0 {
		return nil
	}
	facts, err := p.u.store.After(p.sent, room)
	if err != nil {
		return err
	}
	for _, f := range facts {
		if err := p.send(ctx, f); err != nil {
			p.u.cfg.Log.Debug("send a fact", "seq", f.Seq, "err", err)
			return nil // the ticker or the next session tries again
		}
		p.sent = f.Seq
	}
	return nil
}

func (p *pump) send(ctx context.Context, f store.Fact) error {
	body, err := json.Marshal(wire.FactBody{Inc: p.u.store.Inc(), Seq: f.Seq, Chain: f.Chain, Fact: f.Text})
	if err != nil {
		return err
	}
	note, err := p.u.voice().sealed(wire.Envelope{Kind: f.Kind, ID: f.ID}, body)
	if err != nil {
		return err
	}
	return p.u.publish(ctx, parcel{topic: p.u.voice().up(wire.ClassFact), note: note})
}
