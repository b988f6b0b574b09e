package settings

import (
	"fmt"

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
