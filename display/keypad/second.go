package keypad

import (
	"time"

	"unlockpoint/display"
)

// Second is a key that a pad of twelve has for what it has no keys for: the
// key after it has its second meaning. It is pressed and let go before the
// next, so one finger will do, and there is no time to keep.
//
//	Second Second   Clear
//	Second Enter    Help, and in text the next character set
//	Second 0        Cancel
//	Second 1        Settings
//
// Any other key after it is itself, so a touch by accident costs nothing.
const Second = "Second"

// forget is when a Second that nothing followed is forgotten, so that it does
// not wait for the next person. 20 s is what WCAG 2.2, 2.2.1 gives people for
// one simple action.
const forget = 20 * time.Second

// secondly is the second meanings of keys.
var secondly = map[string]string{
	Second:        display.Clear,
	display.Enter: display.Help,
	"0":           display.Cancel,
	"1":           display.Settings,
}

// second remembers that Second was pressed, and when. The zero value is not.
type second struct{ at time.Time }

// read gives the name that a key has now; none for Second itself.
func (s second) read(key string, now time.Time) (second, string) {
	armed := !s.at.IsZero() && now.Sub(s.at) < forget
	if meaning := secondly[key]; armed && meaning != "" {
		return second{}, meaning
	}
	if key == Second {
		return second{at: now}, ""
	}
	return second{}, key
}
