package appliance

import (
	"context"
	"time"

	"unlockpoint/display"
)

// call is how often a terminal beeps that is looked for.
const call = 2 * time.Second

// Identify draws eyes and ears to the terminal until ctx ends: its name on the
// panel, a flashing lamp, and a beep now and then. While a card is in it is
// refused.
func (a *Appliance) Identify(ctx context.Context) error {
	page := display.Page{ID: "identify", Title: a.cfg.Identity.Name, Tone: display.Warning,
		Body: []string{"An engineer is looking for this terminal.", a.cfg.Identity.ID}}
	if err := a.Show(ctx, page); err != nil {
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
