package serial_test

import (
	"testing"
	"time"

	"unlockpoint/device/serial/serialtest"
)

// BenchmarkPrompt is from the key that wakes the console to its first prompt,
// over a pseudo terminal, which brings every byte at once: the program's share.
// What a line of 9600 baud adds is in TestThePromptComesSoonAt9600Baud.
func BenchmarkPrompt(b *testing.B) {
	d := sitAtGate(b, gateKey, nil)
	var slowest time.Duration
	for b.Loop() {
		pressed := time.Now()
		d.challenged()
		slowest = max(slowest, time.Since(pressed))
		at := d.Row()
		d.Types("\r") // no answer: it sleeps again
		d.Sees("the end of the line", func(p *serialtest.Paper) bool { return p.Row() > at })
	}
	b.ReportMetric(float64(slowest.Microseconds())/1000, "ms/prompt")
}
