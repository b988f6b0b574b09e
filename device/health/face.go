package health

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// attention is how long a test waits for a hand on the terminal.
const attention = 30 * time.Second

const nobody = "nobody is at the console to say what the terminal does"

// page is one that a test shows: what to do with what its title shows, and for
// whoever passes by what this is; in all languages at once, since nobody in front
// of it has chosen one. Without a title it is what to do.
func page(id, title string) display.Page {
	p := display.Page{ID: id, Title: title}
	for _, label := range []string{id, "tested"} {
		for _, l := range words.Languages() {
			p.Body = append(p.Body, l.Label[label])
		}
	}
	if title == "" {
		p.Title, p.Body = p.Body[0], p.Body[1:]
	}
	return p
}

// tables are the parts in terminal.toml.
var tables = map[PartName]string{Panel: "panel", Touch: "touch", Keypad: "keys"}

// fails reports whether a part of the face is down: then there is no more to try.
func (b bench) fails(ctx context.Context, name PartName) bool {
	r, ok := b.reading(ctx)
	if !ok {
		return true
	}
	p := r.part(name)
	if p.Down > 0 {
		b.fail(string(name), p.Cause, "See its cable; \"hardware\" lists what answers. "+setUp(tables[name]))
	}
	return p.Down > 0
}

func testPanel(ctx context.Context, b bench) {
	if b.fails(ctx, Panel) {
		return
	}
	if b.engineer == nil {
		b.skip("panel", nobody)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	number := fmt.Sprint(1000 + rand.N(9000))
	if err := b.Show(ctx, page("test.panel", number)); err != nil {
		b.skip("panel", err.Error())
		return
	}
	read, err := b.engineer.Ask(ctx, "Which number does the panel show? ")
	switch read = strings.TrimSpace(read); {
	case err != nil:
		b.skip("panel", err.Error())
	case read == number:
		b.pass("panel", "it shows %s", number)
	default:
		b.fail("panel", fmt.Sprintf("it was sent %s, and %q was read", number, read),
			"Dark: see the flat cable and the backlight. Wrong colours or torn lines: a lower clock_mhz may help. "+setUp("panel"))
	}
}

func testTouch(ctx context.Context, b bench) {
	b.hands(ctx, Touch, page("test.touch", ""), 4,
		"Touch the panel in four different places, a finger's width apart.",
		func(e display.Event) (string, bool) {
			if e.Touch == nil || e.Touch.Phase != display.Down {
				return "", false
			}
			return fmt.Sprintf("%d,%d", e.Touch.X, e.Touch.Y), true
		},
		"See the flat cable; \"hardware\" lists what answers. Touches in the wrong place: \"calibrate\". "+setUp("touch"))
}

func testKeypad(ctx context.Context, b bench) {
	b.hands(ctx, Keypad, page("test.keypad", ""), 4,
		"Press four different keys of the keypad.",
		func(e display.Event) (string, bool) { return e.Key, e.Key != "" },
		"See the cable; \"hardware\" lists what is plugged in. "+setUp("keys"))
}

// apart is how many pixels lie between two places at least: 7 mm on the
// coarsest panel. A finger that stays where it is moves less.
const apart = 40

// differ says whether two events are of different keys, or places.
func differ(a, b display.Event) bool {
	if a.Touch == nil || b.Touch == nil {
		return a.Key != b.Key
	}
	return math.Hypot(float64(a.Touch.X-b.Touch.X), float64(a.Touch.Y-b.Touch.Y)) >= apart
}

// hands waits for so many events of one kind, of which no two are the same.
func (b bench) hands(ctx context.Context, part PartName, p display.Page, n int, say string, read func(display.Event) (string, bool), advice string) {
	if b.fails(ctx, part) {
		return
	}
	what := string(part)
	if b.engineer == nil {
		b.skip(what, nobody)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, attention)
	defer cancel()
	events := b.Events(ctx)
	if err := b.Show(ctx, p); err != nil {
		b.skip(what, err.Error())
		return
	}
	b.engineer.Say(say)
	var seen []string
	var had []display.Event
	for len(seen) < n {
		select {
		case <-ctx.Done():
			b.fail(what, fmt.Sprintf("%d different ones of %d in %v: %s", len(seen), n, attention, strings.Join(seen, " ")), advice)
			return
		case e := <-events:
			again := func(one display.Event) bool { return !differ(one, e) }
			if text, ok := read(e); ok && !slices.ContainsFunc(had, again) {
				seen, had = append(seen, text), append(had, e)
			}
		}
	}
	b.pass(what, "%s", strings.Join(seen, " "))
}
