package pcsc

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// footprint is what this process holds.
type footprint struct {
	Goroutines int `json:"goroutines"`
	Files      int `json:"fds"`
	Heap       int `json:"heap_kib"` // after a collection
	Resident   int `json:"rss_kib"`
	Threads    int `json:"threads"`
}

func measure() footprint {
	debug.FreeOSMemory() // collects, too
	debug.FreeOSMemory() // after the finalizers of the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := footprint{Goroutines: runtime.NumGoroutine(), Heap: int(m.HeapAlloc >> 10)}
	if files, err := os.ReadDir("/proc/self/fd"); err == nil {
		f.Files = len(files)
	}
	status, _ := os.ReadFile("/proc/self/status") // proc_pid_status(5)
	for line := range strings.Lines(string(status)) {
		fmt.Sscanf(line, "VmRSS: %d kB", &f.Resident)
		fmt.Sscanf(line, "Threads: %d", &f.Threads)
	}
	return f
}

func (f footprint) plus(o footprint) footprint {
	return footprint{
		f.Goroutines + o.Goroutines, f.Files + o.Files, f.Heap + o.Heap,
		f.Resident + o.Resident, f.Threads + o.Threads,
	}
}

const (
	// heapGrowth is far below what a soak would lose with each link or card:
	// a kilobyte at least.
	heapGrowth = 256 // KiB
	// residentGrowth leaves room for the scatter of two allocators.
	residentGrowth = 8 << 10 // KiB
)

// leaks says what is held that was not held before.
func (t tally) leaks() error {
	var errs []error
	for _, c := range []struct {
		what          string
		before, after int
		room          int
	}{
		{"goroutines", t.Before.Goroutines, t.After.Goroutines, 0},
		{"open files", t.Before.Files, t.After.Files, 0},
		{"KiB of heap", t.Before.Heap, t.After.Heap, heapGrowth},
		{"KiB of memory", t.Before.Resident, t.After.Resident, residentGrowth},
	} {
		if raced && c.room == residentGrowth {
			continue
		}
		if c.after > c.before+c.room {
			errs = append(errs, fmt.Errorf("%d %s, %d before", c.after, c.what, c.before))
		}
	}
	return errors.Join(errs...)
}
