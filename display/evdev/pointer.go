package evdev

import (
	"encoding/binary"
	"fmt"
	"image"

	"unlockpoint/display"
	"unlockpoint/display/touch"
)

// mostSlots is how many contacts a device may follow; panels follow 10.
const mostSlots = 64

// slot is what is known of one contact.
type slot struct {
	on   bool
	x, y int
	tool int
}

// pointer gathers what a device says of fingers until its report is complete.
// Everything but slots is one finger, in the first slot.
type pointer struct {
	way     way
	place   touch.Map
	slots   []slot
	current int
	fingers touch.Fingers
}

func newPointer(d Device, w way, o touch.Orientation, panel image.Point) (*pointer, error) {
	p := &pointer{way: w, slots: make([]slot, 1)}
	var r touch.Range
	var err error
	switch w {
	case slots:
		r, err = rangeOf(d, AbsMTPositionX, AbsMTPositionY)
		if err == nil {
			err = p.makeSlots(d)
		}
	case single, tablet:
		r, err = rangeOf(d, AbsX, AbsY)
	}
	p.place = touch.Stretch(r, o, panel)
	return p, err
}

func (p *pointer) makeSlots(d Device) error {
	info, err := absOf(d, AbsMTSlot)
	if err != nil {
		return err
	}
	if info.max < 0 || info.max >= mostSlots {
		return fmt.Errorf("it says it follows %d contacts", info.max+1)
	}
	p.slots = make([]slot, info.max+1)
	return nil
}

// take notes one event; nothing is told before the report is complete.
func (p *pointer) take(e Event) {
	first := &p.slots[0]
	switch {
	case p.way == slots && e.Type == EvAbs:
		p.takeSlot(int(e.Code), int(e.Value))
	case e.Type == EvAbs && e.Code == AbsX:
		first.x = int(e.Value)
	case e.Type == EvAbs && e.Code == AbsY:
		first.y = int(e.Value)
	case e.Type == EvKey && e.Code == p.button() && p.way != slots:
		first.on = e.Value != released
	}
}

// button is the key that says that the finger is down.
func (p *pointer) button() uint16 {
	if p.way == single {
		return BtnTouch
	}
	return BtnLeft
}

// takeSlot notes one axis of protocol B. A slot that there is not swallows
// what is said of it.
func (p *pointer) takeSlot(code, value int) {
	if code == AbsMTSlot {
		p.current = value
		return
	}
	if p.current < 0 || p.current >= len(p.slots) {
		return
	}
	p.slots[p.current].set(code, value)
}

func (s *slot) set(code, value int) {
	switch code {
	case AbsMTTracking:
		s.on = value >= 0
	case AbsMTPositionX:
		s.x = value
	case AbsMTPositionY:
		s.y = value
	case AbsMTToolType:
		s.tool = value
	}
}

// report tells what the complete report means.
func (p *pointer) report() []display.Event {
	var on []touch.Contact
	for id, s := range p.slots {
		if s.on {
			on = append(on, touch.Contact{ID: id, X: s.x, Y: s.y, Palm: s.tool == toolPalm})
		}
	}
	return p.fingers.Next(on, p.place)
}

// know asks the device where everything is, when it was opened and after
// events were lost. What is down by then does not count.
func (p *pointer) know(d Device, down bitmap) ([]display.Event, error) {
	events := p.fingers.Lose()
	var err error
	switch p.way {
	case slots:
		err = p.knowSlots(d)
	case single, tablet:
		err = p.knowAxes(d)
		p.slots[0].on = down.has(int(p.button()))
	}
	if err != nil {
		return events, err
	}
	return append(events, p.report()...), nil
}

func (p *pointer) knowAxes(d Device) error {
	x, err := absOf(d, AbsX)
	if err != nil {
		return err
	}
	y, err := absOf(d, AbsY)
	p.slots[0].x, p.slots[0].y = x.value, y.value
	return err
}

func (p *pointer) knowSlots(d Device) error {
	info, err := absOf(d, AbsMTSlot)
	if err != nil {
		return err
	}
	p.current = info.value
	for _, code := range []int{AbsMTTracking, AbsMTPositionX, AbsMTPositionY, AbsMTToolType} {
		raw := binary.NativeEndian.AppendUint32(nil, uint32(code))
		raw = append(raw, make([]byte, 4*len(p.slots))...)
		if _, err := d.Get(GetMTSlots, raw); err != nil {
			return fmt.Errorf("ask for the contacts: %w", err)
		}
		for i := range p.slots {
			p.slots[i].set(code, int(int32(binary.NativeEndian.Uint32(raw[4+4*i:]))))
		}
	}
	return nil
}
