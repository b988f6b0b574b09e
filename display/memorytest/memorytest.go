// Package memorytest looks for what somebody typed in the memory of the
// program that runs.
package memorytest

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Traces are what something typed looks like in memory, by what each one is,
// [Masked]: a search must not find itself.
type Traces map[string][]byte

const mask = 0xa5

// Masked puts bytes under the mask of [Traces], where they lie.
func Masked(raw ...byte) []byte {
	for i := range raw {
		raw[i] ^= mask
	}
	return raw
}

// Found names the traces that are in any memory that can be written.
func (x Traces) Found(t testing.TB) []string {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	var names []string
	chunk := make([]byte, 1<<20)
	for name, trace := range x {
		if x.anywhere(memory, string(maps), chunk, trace) {
			names = append(names, name)
		}
		clear(chunk)
	}
	return names
}

// mostMapped leaves out what the race detector keeps beside memory.
const mostMapped = 1 << 30

func (x Traces) anywhere(memory *os.File, maps string, chunk, trace []byte) bool {
	for line := range strings.Lines(maps) {
		var from, to int64
		var may string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &may); err != nil || !strings.HasPrefix(may, "rw") || to-from > mostMapped {
			continue
		}
		for at := from; at < to; at += int64(len(chunk) - len(trace)) {
			n, _ := memory.ReadAt(chunk[:min(int64(len(chunk)), to-at)], at) // what cannot be read holds nothing
			if contains(chunk[:n], trace) {
				return true
			}
		}
	}
	return false
}

// contains looks for what is under the mask.
func contains(data, trace []byte) bool {
	for i := 0; ; i++ {
		next := bytes.IndexByte(data[i:], trace[0]^mask)
		if next < 0 || i+next+len(trace) > len(data) {
			return false
		}
		i += next
		same := true
		for j := 0; j < len(trace) && same; j++ {
			same = data[i+j]^mask == trace[j]
		}
		if same {
			return true
		}
	}
}
