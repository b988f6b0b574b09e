package central

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"unlockpoint/sync/central/audit"
	"unlockpoint/sync/central/enrol"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/central/terminals"
	"unlockpoint/sync/link"
	"unlockpoint/sync/wire"
)

// Invited is an enrolment code as it is told to the engineer, once.
type Invited struct {
	Code string    `json:"code"`
	Ends time.Time `json:"ends"`
	URL  string    `json:"url"` // where the terminal enrols
}

// ErrPasswords is the answer to whoever wants to enrol a terminal at a broker
// that asks for passwords.
var ErrPasswords = errors.New("terminals enrol where the broker asks for certificates")

// Invite makes a one-time code, with which a terminal joins. The id may be
// left empty: the terminal proposes one, or gets one made up.
func (c *Central) Invite(ctx context.Context, n NewTerminal) (in Invited, err error) {
	if c.vouches == nil {
		return in, ErrPasswords
	}
	if _, ok := c.cfg.sites()[n.Site]; !ok {
		return in, fmt.Errorf("site %q: %w", n.Site, ErrNoSite)
	}
	in.URL = c.cfg.Enrol
	err = c.db.Update(ctx, func(tx store.Tx) error {
		if err := free(tx, n.ID); err != nil {
			return err
		}
		code, ends, err := c.enrol.Invite(tx, enrol.Invitation{Site: n.Site, ID: n.ID, Name: n.Name})
		if err != nil {
			return err
		}
		in.Code, in.Ends = code.Text(), ends
		return c.noted(tx, audit.TerminalInvited, n.Site, n.ID)
	})
	return in, err
}

// free says what stands against a terminal of that id, if it was chosen.
func free(tx store.Tx, id string) error {
	if id == "" {
		return nil
	}
	if !wire.ValidTerminal(id) {
		return terminals.ErrMalformed
	}
	return terminals.Free(tx, id)
}

// enrolments answers terminals that join. They have a link of their own:
// anybody may speak there, and is to be in nobody else's way. What they had the
// broker retain, which Mosquitto cannot be told to refuse, is taken away.
func (c *Central) enrolments(ctx context.Context, line *link.Session) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-line.Up():
		case m := <-line.Messages():
			if len(m.Payload) > 0 { // else it is what takes one away
				err := errors.Join(c.enrolOne(ctx, line, m), publish(ctx, line, m.Topic, nil, true))
				if err != nil && ctx.Err() == nil {
					c.cfg.Log.Error("an enrolment could not be answered", "err", err)
				}
			}
			m.Ack()
		}
	}
}

// answerLimit for the broker to take an answer. One that does not get out is
// asked for again.
const answerLimit = 10 * time.Second

func (c *Central) enrolOne(ctx context.Context, line *link.Session, m link.Message) error {
	id, ok := wire.ParseEnrol(m.Topic)
	if !ok {
		return nil
	}
	var out enrol.Outcome
	err := c.db.Update(ctx, func(tx store.Tx) (err error) {
		if out, err = c.enrol.Answer(tx, id, m.Payload); err != nil || out.Refused != "" {
			return err
		}
		return c.notedOf(tx, audit.TerminalEnrolled, audit.Terminal(out.Terminal), out.Terminal, "")
	})
	if errors.Is(err, enrol.ErrIgnored) {
		c.cfg.Log.Warn("enrolment with a code that is none of ours, or mistyped", "code", id)
		return nil
	}
	if err != nil {
		return err
	}
	c.tellEnrolment(id, out)
	return publish(ctx, line, wire.EnrolReplyTopic(id), out.Reply, false)
}

func publish(ctx context.Context, line *link.Session, topic string, payload []byte, retained bool) error {
	limited, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	return line.Publish(limited, topic, payload, retained)
}

func (c *Central) tellEnrolment(code string, out enrol.Outcome) {
	switch out.Refused {
	case "":
		c.cfg.Log.Info("terminal enrolled", "terminal", out.Terminal, "code", code)
	case wire.CodeUsed:
		c.sessions.Metrics.Alarm()
		full(c.crier.wake)
		c.cfg.Log.Error("alarm: an enrolment code was used by two devices; the first is in quarantine", "terminal", out.Terminal, "code", code)
	default:
		c.cfg.Log.Warn("enrolment refused", "code", code, "why", out.Refused)
	}
}

// renew gives a terminal that asks over its link another certificate.
func (c *Central) renew(tx store.Tx, id string, body []byte) (any, error) {
	var b wire.CertRenewBody
	if err := wire.Decode(body, &b); err != nil || c.vouches == nil {
		return wire.Refuse(wire.BadRequest), nil
	}
	csr, err := x509.ParseCertificateRequest(b.CSR)
	if err != nil || csr.CheckSignature() != nil {
		return wire.Refuse(wire.BadRequest), nil
	}
	issued, err := terminals.Renew(tx, c.vouches, id, csr.PublicKey, c.cfg.Now())
	if errors.Is(err, terminals.ErrEnough) {
		return wire.Refuse(wire.TooMany), nil
	}
	return wire.CertRenewReply{Certificate: issued.PEM}, err
}
