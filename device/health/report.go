package health

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"unlockpoint/sync/wire"
)

// Report is all that a terminal tells of itself, for somebody far away. Nothing
// in it is secret or about a person.
type Report struct {
	Reading
	Faults   []Fault     `json:"faults"`
	Rules    wire.Policy `json:"rules"`
	Texts    wire.Site   `json:"texts"`
	Program  Program     `json:"program"`
	Settings []string    `json:"settings"` // the lines of terminal.toml
	Log      []string    `json:"log"`      // its newest lines
}

// JSON is the report as people read it, too.
func (r Report) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return append(text, '\n'), nil
}

// Program is what a terminal runs.
type Program struct {
	Go         string   `json:"go"`
	Arch       string   `json:"arch"`
	Heap       uint64   `json:"heap_bytes"`
	Goroutines int      `json:"goroutines"`
	Modules    []string `json:"modules"` // with their versions
}

// ThisProgram is the one that runs.
func ThisProgram() Program {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	p := Program{Go: runtime.Version(), Arch: runtime.GOARCH, Heap: memory.HeapAlloc, Goroutines: runtime.NumGoroutine()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			p.Modules = append(p.Modules, m.Path+" "+m.Version)
		}
	}
	return p
}
