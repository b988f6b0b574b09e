package house

import (
	"context"
	"sync/atomic"
	"time"

	"unlockpoint/sync/central"
	"unlockpoint/sync/central/mail/catcher"
)

// switched says what is switched off.
type switched struct{ link atomic.Bool }

// Mails lists the mails, oldest first.
func (h *House) Mails() []catcher.Mail { return h.mail.Mails() }

// MailMode is how the mail server behaves.
func (h *House) MailMode() catcher.Mode { return h.mail.Mode() }

// SetMailMode changes how the mail server behaves.
func (h *House) SetMailMode(m catcher.Mode) { h.mail.SetMode(m) }

// LinkUp reports whether the terminal's line is whole.
func (h *House) LinkUp() bool { return !h.cut.link.Load() }

// SetLink cuts the terminal's line, or mends it.
func (h *House) SetLink(up bool) {
	h.cut.link.Store(!up)
	h.broker.Cut(h.who.MQTT.User, !up)
}

// ReaderPresent reports whether the reader is plugged in.
func (h *House) ReaderPresent() bool { return !h.reader.gone.Load() }

// SetReader plugs the reader in or out.
func (h *House) SetReader(present bool) error { return h.reader.plug(present) }

// Now is the house's time.
func (h *House) Now() time.Time { return h.clock.Now() }

// Advance moves time on for central and the terminal.
func (h *House) Advance(ctx context.Context, d time.Duration) error {
	if err := h.clock.advance(d); err != nil {
		return err
	}
	h.central.Nudge()
	return h.wall.advance(ctx, d)
}

// Overview is what central knows.
func (h *House) Overview(ctx context.Context) (any, error) {
	o, err := h.central.Overview(ctx)
	return overview{o, switches{Link: h.LinkUp(), Reader: h.ReaderPresent()}}, err
}

// overview is central.json: what central knows, and the demo's own switches.
type overview struct {
	central.Overview
	Demo switches `json:"demo"`
}

type switches struct {
	Link   bool `json:"link"`
	Reader bool `json:"reader"`
}
