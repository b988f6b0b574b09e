// Package keypad reads matrices of keys, 3x4 and 4x4, on GPIO lines or behind
// an MCP23017 on I2C.
//
// Its words: a position is where a row and a column of the matrix cross; a
// set is the positions that are closed; a scan finds the set; a look is a
// scan while nobody presses anything, which costs one reading; a [Layout]
// gives positions their names.
//
// A key counts when it is the only one down and has been so for [stableScans]
// scans. It counts once, however long it is held. A second key that comes
// down while the first is held counts when the first is let go, as people who
// type fast expect; a key that came and went meanwhile does not. Two that
// come down at once, under a palm or as the ghost of three others, count for
// nothing until all are up: a wrong digit may cost a try of a passcode, a
// missing one is seen on the screen.
//
// Rows are driven low one at a time, the others let go, never driven high:
// two keys of a column would join the two. At rest all rows are low, so that
// any key pulls its column down and the pins can interrupt. Interrupts only
// make a scan come sooner: looks go on without them, and a press of 60 ms is
// found with every interrupt lost, once one of 120 ms has shown that they are.
//
// The package names keys and nothing else: what a key means is for package
// typing and the journey.
package keypad

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"

	"unlockpoint/display"
	"unlockpoint/display/mend"
)

const (
	// scanEvery is how far scans are apart while keys move. Contacts bounce
	// for 5 ms, worn ones for 15: stableScans outlast them.
	scanEvery = 5 * time.Millisecond

	// lookEvery is how far looks are apart at rest. Fingers stay down for
	// 70 ms and more; a look and four scans take 55.
	lookEvery = 35 * time.Millisecond

	// trustEvery is how far they are apart while edges tell of every key,
	// so that looks are for the day when one does not.
	trustEvery = 100 * time.Millisecond

	// backlog is how many keys wait for whoever reads them; more are dropped.
	backlog = 16
)

// mending is for a pad that failed: it is set up anew after no longer than a
// glitch on the bus takes, then after longer each time, up to what a person
// who plugs it in again puts up with.
var mending = mend.Plan{First: 10 * time.Millisecond, Longest: 5 * time.Second, Healthy: 10 * time.Second}

// wires is a matrix of keys as it is connected.
type wires interface {
	// configure sets everything up, whatever state it was left in.
	configure() error
	// scan finds the closed positions. After an error it wants configure.
	scan() (set, error)
	// interrupts gives the pins whose edges tell that a key moved; there may be none.
	interrupts() []gpio.PinIO
	// close lets go of what open took.
	close() error
	// hint is what to look at when nothing works.
	hint() string
	String() string
}

// Keypad is one matrix of keys.
type Keypad struct {
	*mend.Part // how the matrix is

	wires  wires
	layout Layout
	log    *slog.Logger
	events chan display.Event
}

func newKeypad(w wires, l Layout, log *slog.Logger) *Keypad {
	return &Keypad{Part: mend.New(mending), wires: w, layout: l, log: log, events: make(chan display.Event, backlog)}
}

// String names the keypad and where it is connected.
func (k *Keypad) String() string { return "keypad on " + k.wires.String() }

// Events gives the keys that were pressed, each an Event with Key alone. It
// is never closed. Keys that nobody reads are dropped after the first 16.
func (k *Keypad) Events() <-chan display.Event { return k.events }

// Run reads the keys until ctx ends, and lets go of bus and pins. What goes
// wrong on the way is logged and survived, so it returns nil.
func (k *Keypad) Run(ctx context.Context) error {
	r := &reading{Keypad: k, wake: make(chan int, 1), dirty: true}
	for ctx.Err() == nil {
		r.step(ctx)
	}
	r.watching.Wait()
	if err := r.wires.close(); err != nil {
		r.log.Warn("the keypad is not let go of", "keypad", r.wires, "error", err)
	}
	return nil
}

// reading is how far Run has got.
type reading struct {
	*Keypad
	wake      chan int // interrupt pins that had an edge
	watching  sync.WaitGroup
	listening bool // to interrupts
	edges     edges
	judge     judge
	second    second
	dirty     bool // set up before the next scan
}

// step scans once and waits until the next scan is due.
func (r *reading) step(ctx context.Context) {
	keys, err := r.scan(ctx)
	if err != nil {
		r.fail(ctx, err)
		return
	}
	if r.Part.Works(time.Now()) {
		r.log.Info("the keypad works again", "keypad", r.wires)
	}
	r.tell(r.judge.see(keys, time.Now()), time.Now())
	r.wait(ctx, keys)
}

// scan finds the closed positions, after setting up where that is due.
func (r *reading) scan(ctx context.Context) (set, error) {
	if r.dirty {
		if err := r.wires.configure(); err != nil {
			return 0, fmt.Errorf("set up: %w", err)
		}
		r.dirty = false
		r.listen(ctx)
	}
	return r.wires.scan()
}

// listen begins to hear interrupts, once it is known which there are.
func (r *reading) listen(ctx context.Context) {
	if r.listening {
		return
	}
	r.listening = true
	pins := r.wires.interrupts()
	r.edges.pins = len(pins)
	for i, pin := range pins {
		r.watching.Go(func() { watch(ctx, pin, i, r.wake) })
	}
}

// fail tells of an error, the first of a row of them, and waits, each time longer.
func (r *reading) fail(ctx context.Context, err error) {
	r.dirty = true
	wait, news := r.Part.Fails(err, time.Now())
	if news {
		r.log.Error("the keypad does not work: it is tried again and again", "keypad", r.wires, "error", err, "try", r.wires.hint())
	}
	pause(ctx, nil, wait)
}

// wait lasts until the next scan is due. Scanning makes edges of its own
// where a key is down, so interrupts count at rest only.
func (r *reading) wait(ctx context.Context, keys set) {
	if keys != 0 || !r.judge.settled() {
		pause(ctx, nil, r.judge.interval())
		return
	}
	interval := lookEvery
	if r.edges.trusted() {
		interval = trustEvery
	}
	if r.edges.last = pause(ctx, r.wake, interval); r.edges.last != none {
		r.judge.unsettle()
	}
}

// tell passes on what the judge found. A key that a person pressed is not
// named in the log, for it may be of a passcode: it is once it is still down
// when the program starts again.
func (r *reading) tell(v verdict, now time.Time) {
	if v.stuck != 0 {
		keys := fmt.Sprintf("%d pressed before; starting again tells which", v.stuck.count())
		if v.nobodys {
			keys = r.layout.names(v.stuck)
		}
		r.log.Warn("keys are stuck: they are ignored until they come up", "keypad", r.wires, "keys", keys)
	}
	if v.freed != 0 {
		r.log.Info("stuck keys came up", "keypad", r.wires, "keys", v.freed.count())
	}
	if v.pressed == 0 {
		return
	}
	r.edges.press()
	var name string
	r.second, name = r.second.read(r.layout.name(v.pressed), now)
	if name != "" {
		r.emit(display.Event{Key: name})
	}
}

// emit passes an event on, unless nobody has read the last 16.
func (k *Keypad) emit(e display.Event) {
	select {
	case k.events <- e:
	default:
	}
}

// none is no interrupt pin.
const none = -1

// pause waits for so long, or less if an interrupt pin has an edge: that one
// it returns.
func pause(ctx context.Context, wake <-chan int, d time.Duration) (pin int) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case pin = <-wake:
		return pin
	}
	return none
}
