package appliance

import (
	"context"
	"time"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// call is how often a terminal beeps that is looked for.
const call = 2 * time.Second

// Identify draws eyes and ears to the terminal until ctx ends: its name on the
// panel, a flashing lamp, and a beep now and then. While a card is in it is
// refused.
func (a *Appliance) Identify(ctx context.Context) error {
	if err := a.Show(ctx, a.lookedFor()); err != nil {
		return err
	}
	again := time.NewTicker(call)
	defer again.Stop()
	for {
		if a.cfg.Beeper != nil {
			a.cfg.Beeper.Beep()
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// lookedFor is the page of a terminal that somebody looks for: which one it is,
// in all languages at once, since nobody in front of it has chosen one.
func (a *Appliance) lookedFor() display.Page {
	p := display.Page{ID: "identify", Title: a.cfg.Identity.Name, Tone: display.Warning}
	for _, l := range words.Languages() {
		p.Body = append(p.Body, l.Label["looked-for"])
	}
	p.Body = append(p.Body, a.cfg.Identity.ID)
	return p
}
