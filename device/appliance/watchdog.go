package appliance

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	// feedEvery is well below the time of any watchdog: a Raspberry Pi's bites
	// after 15 s at most (Linux, bcm2835_wdt.c).
	feedEvery = 3 * time.Second
	// aliveIn is how long the loop, the store and the screen may take to say
	// that they are there.
	aliveIn = 5 * time.Second
)

// feedWatchdog keeps the watchdog from starting the machine again for as long
// as the terminal is alive. A machine without one serves people too.
func (a *Appliance) feedWatchdog(ctx context.Context) error {
	if a.cfg.Watchdog == "" {
		return nil
	}
	dog, err := os.OpenFile(a.cfg.Watchdog, os.O_WRONLY, 0)
	if err != nil {
		a.cfg.Log.Error("there is no watchdog", "err", err)
		return nil
	}
	defer dog.Close()
	feed := time.NewTicker(feedEvery)
	defer feed.Stop()
	told := false
	for {
		food := []byte{0}
		err := a.alive(ctx)
		ending := ctx.Err() != nil
		if ending {
			food = []byte{'V'} // that we do not stop by mistake: the kernel's watchdog-api.rst, "magic close"
		} else if err != nil {
			food = nil
		}
		if _, wrong := dog.Write(food); wrong != nil {
			err = errors.Join(err, wrong)
		}
		if ending {
			return nil
		}
		if err != nil && !told {
			a.cfg.Log.Error("the watchdog is not fed", "err", err)
		}
		told = err != nil
		select {
		case <-feed.C:
		case <-ctx.Done():
		}
	}
}

// alive asks everything that serves people: the loop, which waits for reader
// and card, the store, and the screen with what is pressed on it.
func (a *Appliance) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, aliveIn)
	defer cancel()
	r, err := a.Health(ctx)
	if err != nil {
		return err
	}
	if !r.Alive() {
		return fmt.Errorf("a driver hangs: %+v", r.Face)
	}
	if err := a.front.Settle(ctx); err != nil {
		return fmt.Errorf("the screen: %w", err)
	}
	return nil
}
