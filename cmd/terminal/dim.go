package main

import (
	"context"
	"time"

	"unlockpoint/display/panel"
)

// dim makes a panel darker by night, and lets it sleep once nobody has been
// there for long. Whoever comes wakes it: by the touch or key that ends the
// saver, and does nothing else, or by a card.
func dim(ctx context.Context, p *panel.Panel, c panelConfig, alone <-chan bool) error {
	look := time.NewTimer(0)
	defer look.Stop()
	var left time.Time // nobody is there since; zero: somebody is
	for {
		select {
		case <-ctx.Done():
			return nil
		case nobody := <-alone:
			switch {
			case !nobody:
				left = time.Time{}
			case left.IsZero():
				left = time.Now().Add(-c.patience().Saver) // which was waited for
			}
		case <-look.C:
		}
		light, again := c.lights(time.Now(), left)
		p.SetLight(light)
		look.Reset(again)
	}
}

// lights is how bright a panel is at a time when nobody has been there since
// left, and when that is to be looked at again.
func (c panelConfig) lights(at, left time.Time) (panel.Light, time.Duration) {
	const seldom = time.Minute
	light, patience := c.light(at), c.Sleep
	if light == panel.Night {
		patience = c.NightSleep
	}
	if left.IsZero() || patience == 0 {
		return light, seldom
	}
	rest := left.Add(time.Duration(patience) * time.Second).Sub(at)
	if rest <= 0 {
		return panel.Dark, seldom
	}
	return light, min(rest, seldom)
}

// light is the brightness at a time.
func (c panelConfig) light(at time.Time) panel.Light {
	from, to, hour := c.NightFrom, c.NightTo, at.Hour()
	night := from <= hour && hour < to
	if from > to { // over midnight
		night = hour >= from || hour < to
	}
	if night {
		return panel.Night
	}
	return panel.Day
}
