package main

import (
	"cmp"
	"log/slog"

	"unlockpoint/cmd/settings"
	"unlockpoint/reader/pcsc"
	"unlockpoint/sync/wire"
)

// level is how much to log, in a form that may be changed.
func (c config) level() (*slog.LevelVar, error) {
	level := new(slog.LevelVar)
	l, err := settings.Level(c.Log)
	level.Set(l)
	return level, err
}

// apply does what central wants of readers and log; where it wants nothing,
// the terminal's own file holds.
func (c config) apply(want wire.Settings, slot *pcsc.Slot, level *slog.LevelVar) {
	readers := c.Reader.Names
	if len(want.Readers) > 0 {
		readers = want.Readers
	}
	slot.Approve(readers)
	if l, err := settings.Level(cmp.Or(want.Log, c.Log)); err == nil {
		level.Set(l)
	}
}
