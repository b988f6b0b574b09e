package typing

// Layer is the set of characters in reach, both on the keyboard of the panel
// and by multi-tap on the pad. On the pad, # goes to the next one.
type Layer int

// The layers.
const (
	Letters Layer = iota
	Capitals
	Digits
	Symbols
	layers // how many there are
)

// Next is the layer after this one.
func (l Layer) Next() Layer { return (l + 1) % layers }

// Name is the layer as a key shows it.
func (l Layer) Name() string {
	return [...]string{"abc", "ABC", "123", "#+="}[l]
}

// Does says what touching a target does.
type Does int

// What touching can do.
const (
	Nothing Does = iota
	Presses      // Key, as the page names it
	Types        // Rune, into the field
	Changes      // to Layer
	Opens        // Group, or closes it when 0
	Turns        // to Part of a long page
)

// Target is what touching something does.
type Target struct {
	Does  Does
	Key   string
	Rune  rune
	Layer Layer
	Group int
	Part  int
}

// String is the target as golden layouts show it.
func (t Target) String() string {
	switch t.Does {
	case Presses:
		return "key " + t.Key
	case Types:
		return "type " + string(t.Rune)
	case Changes:
		return "layer " + t.Layer.Name()
	case Opens:
		return "group " + string(rune('0'+t.Group))
	case Turns:
		return "part " + string(rune('1'+t.Part))
	}
	return ""
}

// Keypad is what a digit key of the pad gives on a layer, in the order of its
// taps. The letters are those printed on telephones (ITU-T E.161); the
// symbols are ours: a key holds signs that are used alike.
func Keypad(l Layer, key string) string {
	i := key[0] - '0'
	switch l {
	case Letters:
		return [...]string{" 0", ".,@-_'1", "abc2", "def3", "ghi4", "jkl5", "mno6", "pqrs7", "tuv8", "wxyz9"}[i]
	case Capitals:
		return [...]string{" 0", ".,@-_'1", "ABC2", "DEF3", "GHI4", "JKL5", "MNO6", "PQRS7", "TUV8", "WXYZ9"}[i]
	case Digits:
		return key
	}
	return [...]string{" ", ".,?!", "'\"`", ":;", "()", "[]{}", "<>=", "/\\|", "+-*^~", "@#$%&_"}[i]
}

// Rows is the keyboard of the panel, a string of at most ten characters a row;
// the last row leaves room for keys at its ends.
func (l Layer) Rows() []string {
	switch l {
	case Letters:
		return []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}
	case Capitals:
		return []string{"QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"}
	case Digits:
		return []string{"1234567890", "@&-_/:;\"'", "().,?!"}
	}
	return []string{"#$%*+=^~\\|", "<>[]{}`", ""}
}

// Groups is the keyboard of a narrow panel: each string opens when touched.
// Group n of the answer is number n+1 in State and Target.
func (l Layer) Groups() []string {
	switch l {
	case Letters:
		return []string{"abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"}
	case Capitals:
		return []string{"ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"}
	case Digits:
		return []string{"12345", "67890", ".,?!", "@&-_", "/:;", "\"'", "()"}
	}
	return []string{"#$%", "*+=", "^~`", "\\|", "<>", "[]", "{}"}
}
