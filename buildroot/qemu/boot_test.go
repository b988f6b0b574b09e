//go:build qemu

package qemu

import (
	"testing"
	"time"

	"unlockpoint/cmd/hospitaltest"
	"unlockpoint/sync/broker/brokertest"
)

// The aim is that people are served no later than at 1.5 times what the same
// kernel takes to a bare shell. An appliance is switched on many times, so the
// first start, which enrols it and grows its disk, does not count.
func BenchmarkBoot(b *testing.B) {
	if *imageFolder == "" {
		b.Skip("the appliance is not booted: make bench-image makes it, and does")
	}
	h := hospitaltest.OpenTLS(b, unhurried, guestHost)
	a := newAppliance(b, h)
	a.on()
	e := a.sits()
	e.wakes()
	e.enrols(a.joins)
	a.sees("idle")
	a.cut()
	var bare, idle time.Duration
	for b.Loop() {
		bare += took(func() {
			m := power(b, nil, openings{page: brokertest.FreeAddr(b)})
			if err := m.off(); err != nil {
				b.Fatal(err)
			}
		})
		idle += took(func() { a.on(); a.sees("idle") })
		a.cut()
	}
	b.ReportMetric(idle.Seconds()/bare.Seconds(), "x/boot")
}

func took(do func()) time.Duration {
	begun := time.Now()
	do()
	return time.Since(begun)
}
