package house_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"unlockpoint/cmd/demo/house"
	"unlockpoint/sync/socket"
	"unlockpoint/sync/wire"
)

// Which readers may be used and how much is logged is taken over while the
// terminal runs, as by the program on a wall.
func TestReadersAndLogAreWhatCentralSets(t *testing.T) {
	data, level := t.TempDir(), new(slog.LevelVar)
	l := live(t, data, small, func(c *house.Config) { c.Level = level })
	s := story{t, l, l.person("amina", "amina.shah@nhs.net")}
	set := func(b wire.ConfigSetBody) {
		b.Terminal = "ward7-door"
		s.ok(socket.NewClient(filepath.Join(data, "central.sock")).Call(t.Context(), "POST", "/acts/config.set", b, nil))
	}
	set(wire.ConfigSetBody{Set: []wire.ConfigChange{{Key: "readers", Value: "omnikey"}, {Key: "log", Value: "debug"}}})
	s.shows("reader-unapproved")
	s.until("the log is of debugging", func() bool { return level.Level() == slog.LevelDebug })

	set(wire.ConfigSetBody{Unset: []string{"readers", "log"}})
	s.shows("idle")
	s.until("the log is as it was", func() bool { return level.Level() == slog.LevelInfo })
}
