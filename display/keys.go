package display

// The keys of the pad, by the names that pages, the driver and tests use.
// The digits are "0" to "9".
const (
	Enter    = "Enter"  // the primary action
	Clear    = "Clear"  // delete the last character, or nothing
	Cancel   = "Cancel" // stop
	Settings = "*"
	Help     = "#"    // inside text fields: the next character set
	Show     = "Show" // touch only: shows or hides a masked field; by keys it is the first choice under Settings
)

// Input is one thing a person did, after touches and multi-tap have been
// worked out: exactly one of Key and Rune is set.
type Input struct {
	Key     string // a name from this file, or "0" to "9" where no field takes digits
	Rune    rune   // a character typed into the field
	Replace bool   // Rune takes the place of the last character: the next letter on a multi-tap key
}

// IsKey reports whether the pad has a key of this name. Show is not on it.
func IsKey(name string) bool {
	switch name {
	case Enter, Clear, Cancel, Settings, Help:
		return true
	}
	return len(name) == 1 && name[0] >= '0' && name[0] <= '9'
}
