package display

// Event is what a panel, a pad or a computer keyboard reports, before anyone
// has worked out what it means on the page shown: exactly one of Touch, Key
// and Rune is set.
type Event struct {
	Touch *Touch
	Key   string // a key of the pad: a name from keys.go, or "0" to "9"
	Rune  rune   // a character from a computer keyboard
}

// Touch is a finger on the panel, in panel pixels.
type Touch struct {
	Phase  Phase
	X, Y   int
	Finger int // 0 is the first finger down; others are ignored
}

// Phase is where in its course a touch is.
type Phase int

// The phases.
const (
	Down Phase = iota
	Move
	Up
	Lost // the panel lost the finger: nothing was meant
)
