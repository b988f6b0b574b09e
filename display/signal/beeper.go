package signal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"

	"unlockpoint/display/mend"
)

// step is a part of a tone: so loud, for so long. Loudness is the part of each
// wave that the pin is high; half would be the loudest there is.
type step struct {
	duty gpio.Duty
	long time.Duration
}

// soft is a beep: it swells and fades, for a tone that is cut off clicks. A
// sixteenth is some 14 dB below the loudest: it carries across a corridor at
// night and wakes nobody behind a door.
var soft = []step{
	{gpio.DutyMax / 64, 10 * time.Millisecond},
	{gpio.DutyMax / 16, 60 * time.Millisecond},
	{gpio.DutyMax / 64, 10 * time.Millisecond},
}

// plain is a beep of a buzzer that knows one loudness only.
const plain = 60 * time.Millisecond

type beeper struct {
	pin    gpio.PinOut
	tone   physic.Frequency // 0 for a buzzer that sounds by itself
	asked  chan struct{}
	errors once
}

// newBeeper tries the pin without a sound.
func newBeeper(pin gpio.PinOut, tone int, log *slog.Logger) (*beeper, error) {
	b := &beeper{pin: pin, tone: physic.Frequency(tone) * physic.Hertz, asked: make(chan struct{}, 1), errors: once{log: log}}
	if tone != 0 && (tone < int(lowest/physic.Hertz) || tone > int(highest/physic.Hertz)) {
		return nil, fmt.Errorf("tone is %d: write a number of Hz from %d to %d, or 0 for a buzzer that sounds by itself",
			tone, lowest/physic.Hertz, highest/physic.Hertz)
	}
	if err := b.quiet(); err != nil && tone != 0 {
		return nil, fmt.Errorf("tone is %d, and the pin %s can make none: %w: use a buzzer that sounds by itself and write 0, or another pin", tone, pin, err)
	} else if err != nil {
		return nil, fmt.Errorf("the beeper's pin %s is no output: %w: see that no other program has it", pin, err)
	}
	return b, nil
}

// beep asks for a tone.
func (b *beeper) beep() {
	select {
	case b.asked <- struct{}{}:
	default:
	}
}

func (b *beeper) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.asked:
		}
		b.errors.check("beeper", errors.Join(b.sound(ctx), b.quiet()))
		select {
		case <-b.asked: // while it sounded
		default:
		}
	}
}

// sound makes one tone. The caller makes it quiet again.
func (b *beeper) sound(ctx context.Context) error {
	if b.tone == 0 {
		err := b.pin.Out(gpio.High)
		mend.Pause(ctx, plain)
		return err
	}
	for _, s := range soft {
		if err := b.pin.PWM(s.duty, b.tone); err != nil {
			return err
		}
		mend.Pause(ctx, s.long)
	}
	return nil
}

func (b *beeper) quiet() error {
	if b.tone == 0 {
		return b.pin.Out(gpio.Low)
	}
	return b.pin.PWM(0, b.tone)
}
