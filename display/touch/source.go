package touch

import (
	"context"
	"io"
	"log/slog"
	"time"

	"periph.io/x/conn/v3/gpio"

	"unlockpoint/display"
	"unlockpoint/display/mend"
)

// How often a controller is asked. Controllers measure about 100 times a
// second; asking more often says nothing new.
const (
	often     = 10 * time.Millisecond  // while something is on the glass, and the least time between two questions
	sometimes = 40 * time.Millisecond  // at rest where there are no edges: a tap takes 50 ms at least
	seldom    = 100 * time.Millisecond // where there are: some get lost
)

// waking is how long a controller that has just started may see nothing though
// there is a finger: an FT6336 takes 300 ms. Before, silence is no empty glass.
const waking = 400 * time.Millisecond

// mending is for a controller that fails.
var mending = mend.Plan{First: 100 * time.Millisecond, Longest: 10 * time.Second, Healthy: 10 * time.Second}

// Source is the fingers on one panel.
type Source struct {
	*mend.Part // how the controller is

	chip    Chip
	cfg     Config
	tapped  Calibration
	bus     io.Closer // nil: somebody else's
	events  chan display.Event
	fingers Fingers
}

// New returns a Source for a controller, which is Run's alone from then on.
// Only the part of the configuration counts that says how the picture lies on
// the glass. A calibration that cannot be read is told of, and done without.
func New(chip Chip, c Config) (*Source, error) {
	if err := c.checkPanel(); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Source{Part: mend.New(mending), chip: chip, cfg: c, events: make(chan display.Event)}
	s.fingers.Lose() // who touches it already does not mean us
	if c.Calibration != "" && !c.Raw {
		var err error
		if s.tapped, err = ReadCalibration(c.Calibration, c.Panel, c.Orientation); err != nil {
			c.Log.Warn("touches may be off until the panel is calibrated", "error", err)
		}
	}
	return s, nil
}

// Events gives what fingers did. It is never closed, and it has to be read:
// the controller waits meanwhile.
func (s *Source) Events() <-chan display.Event { return s.events }

// Run reads the controller until ctx ends, and closes the bus. Errors of the
// bus end a touch that is under way, are told of once, and tried again.
func (s *Source) Run(ctx context.Context) error {
	if s.bus != nil {
		defer s.bus.Close()
	}
	for ctx.Err() == nil {
		err := s.serve(ctx)
		s.send(ctx, s.fingers.Lose())
		if err == nil {
			break
		}
		wait, news := s.Part.Fails(err, time.Now())
		if news {
			s.cfg.Log.Warn("the touch controller fails; setting it up until it works", "chip", s.chip.String(), "error", err)
		}
		mend.Pause(ctx, wait)
	}
	return nil
}

// serve sets the controller up and reads it until it fails or ctx ends.
func (s *Source) serve(ctx context.Context) error {
	sensor, err := s.chip.SetUp()
	if err != nil {
		return err
	}
	place, err := s.place(sensor.Range)
	if err != nil {
		return err
	}
	for mend.Pause(ctx, waking); ctx.Err() == nil; {
		report, err := s.chip.Read()
		if err != nil {
			return err
		}
		if s.Part.Works(time.Now()) {
			s.cfg.Log.Info("the touch controller works again", "chip", s.chip.String())
		}
		s.send(ctx, s.tell(report, place))
		if report.Stale || !s.fingers.Empty() {
			mend.Pause(ctx, often)
		} else {
			s.rest(ctx, sensor.Edge)
		}
	}
	return nil
}

// place is the way from the glass to the panel.
func (s *Source) place(r Range) (Map, error) {
	switch {
	case s.cfg.Raw:
		return Map{XX: 1, YY: 1, Size: rawSize}, nil
	case s.tapped != Calibration{}:
		return s.tapped.Map, nil
	case r == Range{}:
		r = Pixels(s.cfg.Orientation.Unturned(s.cfg.Panel))
	}
	return Stretch(r, s.cfg.Orientation, s.cfg.Panel), r.Check()
}

func (s *Source) tell(r Report, m Map) []display.Event {
	switch {
	case r.Palm:
		return s.fingers.Lose()
	case r.Stale:
		return nil
	}
	return s.fingers.Next(r.Contacts, m)
}

// rest returns when it is time to ask again though nothing is on the glass. An
// edge of a line that chatters is not heard more often than the controller
// measures.
func (s *Source) rest(ctx context.Context, edge gpio.PinIn) {
	if edge == nil {
		mend.Pause(ctx, sometimes)
		return
	}
	begun, rest := time.Now(), seldom
	if edge.WaitForEdge(seldom) {
		rest = often
	}
	mend.Pause(ctx, rest-time.Since(begun)) // no edge may be an error, and early
}

// send waits for whoever reads, or for the end.
func (s *Source) send(ctx context.Context, events []display.Event) {
	for _, e := range events {
		select {
		case s.events <- e:
		case <-ctx.Done():
		}
	}
}
