package evdev

import (
	"fmt"

	"unlockpoint/display"
)

// decoder turns the events of one device into what people did with it.
type decoder struct {
	device   Device
	pointer  *pointer  // nil: nobody touches it
	keyboard *keyboard // nil: nobody types on it
	dropped  bool      // until the report in which events are missing is over
}

// happen reads one event.
func (d *decoder) happen(e Event) ([]display.Event, error) {
	report := e.Type == EvSyn && e.Code == SynReport
	switch {
	case e.Type == EvSyn && e.Code == SynDropped:
		d.dropped = true
		return d.lose(), nil
	case d.dropped && report:
		d.dropped = false
		return d.know()
	case d.dropped:
		return nil, nil
	case report && d.pointer != nil:
		return d.pointer.report(), nil
	}
	return d.take(e), nil
}

func (d *decoder) take(e Event) []display.Event {
	if d.pointer != nil {
		d.pointer.take(e)
	}
	if d.keyboard != nil && e.Type == EvKey {
		return d.keyboard.key(e.Code, e.Value)
	}
	return nil
}

// know asks the device how everything stands.
func (d *decoder) know() ([]display.Event, error) {
	down := make(bitmap, keyBytes)
	if _, err := d.device.Get(GetKeys, down); err != nil {
		return d.lose(), fmt.Errorf("ask which keys are down: %w", err)
	}
	if d.keyboard != nil {
		d.keyboard.know(down)
	}
	if d.pointer != nil {
		return d.pointer.know(d.device, down)
	}
	return nil, nil
}

// lose ends a touch that is under way.
func (d *decoder) lose() []display.Event {
	if d.pointer == nil {
		return nil
	}
	return d.pointer.fingers.Lose()
}
