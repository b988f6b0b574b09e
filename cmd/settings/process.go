package settings

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// NoCoreDumps keeps what is in memory (passcodes, answers, keys) from being
// written to disk when the program crashes. Swap is the machine's business.
func NoCoreDumps() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil { // getrlimit(2)
		return fmt.Errorf("switching core dumps off: %w", err)
	}
	return nil
}

// stamp is "commit,time" (RFC 3339), set by the linker where the program is built
// without its repository: see buildroot/package/unlockpoint.
var stamp string

// Build says which commit the program was built from, and when that was made;
// a zero time when nobody noted it.
func Build() (name string, made time.Time) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown", made
	}
	return build(info)
}

func build(info *debug.BuildInfo) (name string, made time.Time) {
	name = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			name = s.Value[:min(12, len(s.Value))]
		case "vcs.time":
			made, _ = time.Parse(time.RFC3339, s.Value) // zero when it is none
		}
	}
	if commit, when, ok := strings.Cut(stamp, ","); ok && made.IsZero() {
		name = commit
		made, _ = time.Parse(time.RFC3339, when)
	}
	return name, made
}
