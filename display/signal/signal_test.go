package signal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/board/boardtest"
)

// pin remembers what it did, and for how long.
type pin struct {
	gpio.PinIO
	name   string
	noTone error

	mu    sync.Mutex
	fail  error
	now   string
	since time.Time
	past  []string
}

func (p *pin) String() string { return p.name }
func (p *pin) Name() string   { return p.name }

func (p *pin) Out(l gpio.Level) error { return p.turn(strings.ToLower(l.String())) }

func (p *pin) PWM(d gpio.Duty, f physic.Frequency) error {
	if p.noTone != nil {
		return p.noTone
	}
	if d == 0 {
		return p.turn("quiet")
	}
	return p.turn(fmt.Sprintf("1/%d at %s", gpio.DutyMax/d, f))
}

func (p *pin) turn(to string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	if p.now != "" && p.now != to {
		p.past = append(p.past, fmt.Sprintf("%s %v", p.now, time.Since(p.since)))
	}
	if p.now != to {
		p.now, p.since = to, time.Now()
	}
	return nil
}

func (p *pin) breaks(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

// took is what the pin did since it was last asked, but for what it does now.
func (p *pin) took() string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.past = nil }()
	return strings.Join(p.past, ", ")
}

// corridor is a terminal with a beeper and a lamp.
type corridor struct {
	*Signal
	beeper, lamp *pin
	log          *bytes.Buffer
}

// with runs a story in a bubble of its own time.
func with(t *testing.T, c Config, story func(*corridor)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &corridor{log: &bytes.Buffer{}}
		r.beeper, r.lamp = registered(t, "BEEPER"), registered(t, "LAMP")
		c.Beeper, c.Lamp, c.Log = "BEEPER", "LAMP", slog.New(slog.NewTextHandler(r.log, nil))
		s, err := Open(c)
		if err != nil {
			t.Fatal(err)
		}
		r.Signal = s
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Run(ctx) }()
		synctest.Wait()
		story(r)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		off := gpio.Level(c.LampLow)
		if r.lamp.fail == nil && r.lamp.now != strings.ToLower(off.String()) {
			t.Errorf("it leaves the lamp %s", r.lamp.now)
		}
	})
}

func registered(t *testing.T, name string) *pin {
	p := &pin{PinIO: gpio.INVALID, name: name}
	boardtest.Pins(t, p)
	return p
}

func expect(t *testing.T, p *pin, want string) {
	t.Helper()
	if got := p.took(); got != want {
		t.Errorf("the %s was %q, not %q", p, got, want)
	}
}

func TestABeepSwellsAndFades(t *testing.T) {
	with(t, Config{Tone: 2000}, func(r *corridor) {
		time.Sleep(time.Second)
		r.Beep()
		time.Sleep(time.Second)
		expect(t, r.beeper, "quiet 1s, 1/64 at 2kHz 10ms, 1/16 at 2kHz 60ms, 1/64 at 2kHz 10ms")
	})
}

func TestABuzzerBeepsByBeingOn(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		r.Beep()
		time.Sleep(time.Second)
		expect(t, r.beeper, "low 0s, high 60ms")
	})
}

func TestBeepsDoNotQueue(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		for range 10 {
			r.Beep()
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Second)
		expect(t, r.beeper, "low 0s, high 60ms")
		r.Beep()
		time.Sleep(time.Second)
		expect(t, r.beeper, "low 990ms, high 60ms")
	})
}

func TestABeepIsCutShortWhenTheProgramEnds(t *testing.T) {
	var left *pin
	with(t, Config{}, func(r *corridor) {
		left = r.beeper
		r.Beep()
		time.Sleep(10 * time.Millisecond)
	})
	if left.now != "low" || left.past[1] != "high 10ms" {
		t.Errorf("it was %v and is left %s", left.past, left.now)
	}
}

func TestTheLampHasARhythmForEachState(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		r.Show(Ready)
		time.Sleep(time.Minute)
		r.Show(Working)
		time.Sleep(4*time.Second + 500*time.Millisecond)
		expect(t, r.lamp, "low 0s, high 1m1s, low 1s, high 1s, low 1s")
		r.Show(Fault)
		time.Sleep(4 * time.Second)
		expect(t, r.lamp, "high 700ms, low 200ms, high 200ms, low 1.4s, high 200ms, low 200ms, high 200ms, low 1.4s")
		r.Show(Dark)
		time.Sleep(time.Minute)
		expect(t, r.lamp, "high 0s")
	})
}

func TestTheSameStateAgainDoesNotDisturbTheRhythm(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		for range 40 {
			r.Show(Working)
			time.Sleep(100 * time.Millisecond)
		}
		expect(t, r.lamp, "low 0s, high 1s, low 1s, high 1s, low 1s")
	})
}

func TestALampMayShineWhileItsPinIsLow(t *testing.T) {
	with(t, Config{LampLow: true}, func(r *corridor) {
		r.Show(Working)
		time.Sleep(1500 * time.Millisecond)
		expect(t, r.lamp, "high 0s, low 1s")
	})
}

// WCAG 2.2, 2.3.1: no more than three flashes in any one second.
func TestNoStateFlashesMoreThanThreeTimesASecond(t *testing.T) {
	for s := Dark; s <= Fault; s++ {
		rhythm := s.rhythm()
		if len(rhythm)%2 != 0 {
			t.Errorf("%s ends on, which shows as longer", s)
		}
		for i := 0; i < len(rhythm); i += 2 {
			three := time.Duration(0)
			for j := range 6 {
				three += rhythm[(i+j)%len(rhythm)]
			}
			if three < time.Second {
				t.Errorf("%s flashes three times in %v", s, three)
			}
		}
	}
}

func TestAPinThatFailsIsToldOnceAndTriedAgain(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		r.beeper.breaks(errors.New("gone"))
		r.lamp.breaks(errors.New("gone"))
		r.Show(Working)
		for range 5 {
			r.Beep()
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if n := strings.Count(r.log.String(), "\n"); n != 2 {
			t.Errorf("it was told %d times for two pins:\n%s", n, r.log)
		}
		r.beeper.breaks(nil)
		r.lamp.breaks(nil)
		r.beeper.took()
		r.Beep()
		time.Sleep(5 * time.Second)
		if got := r.beeper.took(); !strings.HasSuffix(got, "high 60ms") {
			t.Errorf("the beeper was %q", got)
		}
		if got := r.lamp.took(); !strings.Contains(got, "high 1s, low 1s") {
			t.Errorf("the lamp was %q", got)
		}
	})
}

func TestASteadyLampThatFailedShinesOnceItCan(t *testing.T) {
	with(t, Config{}, func(r *corridor) {
		r.lamp.breaks(errors.New("gone"))
		r.Show(Ready)
		time.Sleep(9500 * time.Millisecond)
		r.lamp.breaks(nil)
		time.Sleep(time.Hour)
		r.lamp.breaks(errors.New("gone"))
		r.Show(Dark)
		time.Sleep(59500 * time.Millisecond)
		r.lamp.breaks(nil)
		time.Sleep(time.Hour)
		expect(t, r.lamp, "low 10s, high 1h0m59.5s")
	})
}

func TestAWrongSettingIsNamedWithWhatToWrite(t *testing.T) {
	registered(t, "GPIO12")
	registered(t, "GPIO17").noTone = errors.New("PWM() not implemented")
	registered(t, "GPIO18").fail = errors.New("busy")
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{Beeper: "GPIO1"}, `signal: beeper is "GPIO1", and there is no such pin: there is GPIO12`},
		{Config{Lamp: "GPIO1"}, `signal: lamp is "GPIO1", and there is no such pin`},
		{Config{Beeper: "GPIO12", Lamp: "GPIO12"}, `signal: beeper "GPIO12" and lamp "GPIO12" are one pin`},
		{Config{Beeper: "GPIO12", Tone: 20}, "tone is 20: write a number of Hz from 200 to 4000, or 0"},
		{Config{Beeper: "GPIO12", Tone: 1 << 30}, "from 200 to 4000, or 0"},
		{Config{Beeper: "GPIO17", Tone: 2000}, "tone is 2000, and the pin GPIO17 can make none: PWM() not implemented: use a buzzer"},
		{Config{Beeper: "GPIO18"}, "the beeper's pin GPIO18 is no output: busy"},
	} {
		if _, err := Open(c.config); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: it should say %q", err, c.want)
		}
	}
}

// It runs as long as any other.
func TestATerminalMayHaveNeither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(Config{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := false
		go func() { s.Run(ctx); ended = true }()
		synctest.Wait()
		if ended {
			t.Error("it ended by itself")
		}
		s.Beep()
		s.Show(Fault)
		stop()
		synctest.Wait()
		if !ended {
			t.Error("it does not end")
		}
	})
}
