package appliance

import (
	"unlockpoint/device/journey"
	"unlockpoint/device/store"
	"unlockpoint/display"
)

// remember keeps how the holder of a card likes pages to be. One that cannot
// be kept is no reason to serve nobody.
func (a *Appliance) remember(card string, p journey.Preferences) {
	kept := store.Preferences{
		TextScale: p.Look.TextScale, Colours: string(p.Look.Colours), Language: p.Look.Language, Low: p.Look.Low, Unhurried: p.Unhurried,
	}
	if err := a.store.Prefer(card, kept, a.now()); err != nil {
		a.cfg.Log.Warn("preferences are lost", "err", err)
	}
}

// recall is what the holder of a card likes, as far as that is known.
func (a *Appliance) recall(card string) journey.Preferences {
	kept, err := a.store.Preferences(card, a.now())
	if err != nil {
		a.cfg.Log.Warn("preferences are not known", "err", err)
	}
	return journey.Preferences{
		Look:      display.Look{TextScale: kept.TextScale, Colours: display.Colours(kept.Colours), Language: kept.Language, Low: kept.Low},
		Unhurried: kept.Unhurried,
	}
}
