package serial

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"unlockpoint/device/health"
)

// Report writes what somebody far away needs to help: how the terminal is, its
// faults, settings and log, and what it is built of. Nothing in it is secret
// or about a person.
func (c *Console) Report(ctx context.Context, w io.Writer) error {
	r, err := c.cfg.Terminal.Health(ctx)
	if err != nil {
		return err
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	for _, part := range []struct {
		name string
		what any
	}{
		{"reading", r},
		{"faults", append([]health.Fault{}, r.Faults()...)}, // never null
		{"program", map[string]any{"go": runtime.Version(), "arch": runtime.GOARCH, "heap_bytes": memory.HeapAlloc,
			"goroutines": runtime.NumGoroutine(), "modules": modules()}},
	} {
		text, err := json.MarshalIndent(part.what, "", " ")
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		if _, err := fmt.Fprintf(w, "== %s\n%s\n", part.name, plain(string(text))); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "== settings\n%s\n== log\n%s\n== end\n", plain(strings.TrimSpace(c.cfg.Settings)), strings.Join(c.cfg.Log.last(keptLines), "\n"))
	return err
}

// modules are those that the program is built of, with their versions.
func modules() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	var all []string
	for _, m := range info.Deps {
		all = append(all, m.Path+" "+m.Version)
	}
	return all
}

func (s *session) report(ctx context.Context, _ []string) error {
	return s.Report(ctx, screen{ctx, s.port})
}
