package uplink

import (
	"errors"
	"slices"
	"time"

	"unlockpoint/sync/wire"
)

// start takes a new call.
func (t *talk) start(c *call) {
	if t.ready() {
		t.put(c)
		return
	}
	t.waiting = append(t.waiting, c)
}

// put writes the call's note in this session and sends it.
func (t *talk) put(c *call) {
	c.id, c.session = wire.NewID(), t.session
	note, err := t.u.voice().sealed(wire.Envelope{Kind: c.kind, ID: c.id, Sess: c.session.ID}, c.body)
	if err != nil {
		c.done <- answer{err: err}
		return
	}
	c.note = note
	t.calls[c.id] = c
	t.transmit(c)
}

func (t *talk) transmit(c *call) {
	c.sent = time.Now()
	t.ask(c.note)
}

// resend sends the same bytes again where no reply came in time.
func (t *talk) resend(now time.Time) {
	for _, c := range t.calls {
		if now.Sub(c.sent) >= t.u.cfg.Resend {
			t.transmit(c)
		}
	}
}

// letDown ends the calls that waited for a first try for too long.
func (t *talk) letDown(now time.Time) {
	t.waiting = slices.DeleteFunc(t.waiting, func(c *call) bool {
		late := c.note == nil && !now.Before(c.until)
		if late {
			c.done <- answer{err: ErrLink}
		}
		return late
	})
}

// drop forgets a call that nobody waits for any more. Its reply, if it comes,
// is then a reply to nothing.
func (t *talk) drop(c *call) {
	delete(t.calls, c.id)
	t.waiting = slices.DeleteFunc(t.waiting, func(w *call) bool { return w == c })
}

// answered takes the reply to a request under way.
func (t *talk) answered(e wire.Envelope) error {
	c := t.calls[e.Re]
	if c == nil || e.Kind != c.kind.Reply() {
		return errors.New("reply to nothing under way")
	}
	plain, err := t.u.voice().plain(e, c.session.seal)
	if err != nil {
		return err
	}
	delete(t.calls, c.id)
	if refusal(plain) == wire.NewSession {
		t.anew(c)
		return nil
	}
	c.done <- answer{envelope: e, plain: plain}
	return nil
}

func refusal(plain []byte) wire.Refusal {
	var said wire.Answered
	if err := wire.Decode(plain, &said); err != nil {
		return ""
	}
	return said.Refused
}

// anew puts a request again under a new id: central knows the session it was
// made in no more and did nothing.
func (t *talk) anew(c *call) {
	if t.session == c.session {
		t.leave()
		t.greet()
		t.tell()
	}
	t.start(c)
}
