package central

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"unlockpoint/sync/central/mail"
	"unlockpoint/sync/central/store"
	"unlockpoint/sync/link"
)

// gauges registers what can be read off at any time.
func (c *Central) gauges(line *link.Session) {
	gauge := func(name, help string, read func() float64) {
		c.metrics.MustRegister(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: "unlockpoint", Name: name, Help: help}, read))
	}
	gauge("link_up", "Whether the link to the broker is up.", func() float64 {
		if c.linkUp.Load() {
			return 1
		}
		return 0
	})
	gauge("link_overflow", "Messages that did not fit into the link's queue.", func() float64 { return float64(line.Dropped()) })
	gauge("mail_queue", "Letters still to be sent; -1 when the store does not answer.", c.queue)
	gauge("terminals_online", "Terminals whose last word was a birth.", func() (n float64) {
		for _, seen := range c.sessions.Presence.All() {
			if seen.Online {
				n++
			}
		}
		return n
	})
}

func (c *Central) queue() (n float64) {
	err := c.db.View(context.Background(), func(tx store.Tx) error {
		letters, err := mail.Queue(tx)
		n = float64(letters)
		return err
	})
	if err != nil {
		return -1
	}
	return n
}
