// Package display turns what a person should see into pixels on a panel.
//
// Its words: a [Page] is what the person sees, as data; a Screen (package
// layout) is how large and how dense the panel is; a Frame is the painted
// picture of one Page on one Screen. The same Page feeds the panel, the
// browser, the text form and the golden tests.
//
// The package knows nothing of cards, journeys or the network, and nothing
// here decides what comes next: it shows, and it reports what was pressed.
package display

// Page is everything a person sees at one moment.
type Page struct {
	ID          string   // stable for ever: tests, fleet figures and audit use it
	Title       string   // one line, or two at large text
	Doing       string   // what the person waits for; a panel shows it as the title, which stays the page's name
	Step        string   // "Step 2 of 4", or empty
	Body        []string // paragraphs, most important first
	Field       *Field   // at most one thing to fill in
	Choices     []Choice // numbered; at most nine a page, paging is the machine's
	Actions     []Action // the first one is the primary action
	Error       string   // what to put right, above the field; empty when all is well
	Tone        Tone
	Card        bool // about the card that is in the reader, or is to be: there may be a picture of it
	SecondsLeft int  // shown as a countdown when above zero
	Session     uint64
	Private     bool // never in a screenshot that leaves the terminal
	Stands      bool // waits for whoever comes, for hours maybe: a saver may take its place
	Saver       int  // above zero: only the title shows, at this one of many places
	Status      Status
	Look        Look
	Aloud       Aloud
	Words       Words
}

// Tone is the mood of a page: it picks the colour of the band and the symbol.
type Tone int

// The tones, after the NHS design system's panels and inset texts.
const (
	Plain   Tone = iota // a question or a step
	Working             // wait, leave the card in
	Success             // done
	Warning             // read this before going on
	Problem             // something has to happen elsewhere
)

// String names the tone.
func (t Tone) String() string {
	return [...]string{"plain", "working", "success", "warning", "problem"}[t]
}

// FieldKind says what is being asked for.
type FieldKind string

// The kinds of field, by their names in the driver's JSON.
const (
	CodeField     FieldKind = "code"     // digits from a mail, shown in the clear unless Masked
	PasscodeField FieldKind = "passcode" // digits or printable ASCII
	TextField     FieldKind = "text"     // an answer or an address
	ChoiceField   FieldKind = "choice"   // the choices of the page
)

// Field is the one thing a page asks for.
type Field struct {
	Kind    FieldKind
	Label   string
	Value   *Secret // what has been typed; only paint may look inside
	Max     int     // most characters
	Digits  bool    // digits only: a number pad serves, and keys are digits; else printable ASCII
	Masked  bool    // shown as dots
	CanShow bool    // the person may have it unmasked for a while
}

// Count is how many characters have been typed.
func (f *Field) Count() int {
	if f == nil || f.Value == nil {
		return 0
	}
	return f.Value.Len()
}

// Secret reports whether what is typed is for nobody's ears, shown or not:
// everything but an address is.
func (f *Field) Secret() bool { return f.Kind != TextField || f.Masked || f.CanShow }

// Choice is one of a page's numbered answers.
type Choice struct {
	Key      string // "1" to "9", or "0" for the next page of choices
	Label    string
	Language string // of Label, where it is not the page's
}

// Action is something the person may do, with the key that does it.
type Action struct {
	Key      string // a name from keys.go
	Label    string
	Language string // of Label, where it is not the page's
	Aside    bool   // not the way on: it never looks like the one thing to do
}

// Status is the quiet line at the edge of every page.
type Status struct {
	Terminal string // the terminal's name, as staff would say it on the phone
	Online   bool
	Reader   bool // a reader is there and approved
}

// Look is how a person likes pages to look.
type Look struct {
	TextScale int // per cent: 100, 135 or 170; 0 means 100
	Colours   Colours
	Language  string // "en", "cy"; empty is English
	Low       bool   // all that is touched is in the lower half of the panel
}

// Colours names a palette of package theme.
type Colours string

// The palettes.
const (
	Usual        Colours = ""
	HighContrast Colours = "high-contrast"
	Dark         Colours = "dark" // for wards at night, and for eyes that light hurts
)

// AllColours are the palettes, the usual one first.
func AllColours() []Colours { return []Colours{Usual, HighContrast, Dark} }

// Scale is the text scale in per cent.
func (l Look) Scale() int {
	if l.TextScale == 0 {
		return 100
	}
	return l.TextScale
}

// Aloud is whether a page is read aloud, and how.
type Aloud struct {
	On     bool
	Volume int // from 1 to Volumes; 0 is the usual one
}

// Volumes is how many volumes there are; UsualVolume is the one that every
// person begins with.
const (
	Volumes     = 5
	UsualVolume = 3
)

// Level is the volume as a number from 1 to Volumes.
func (a Aloud) Level() int {
	if a.Volume < 1 || a.Volume > Volumes {
		return UsualVolume
	}
	return a.Volume
}

// Words are the few that the display has of its own, in the language of the
// page.
type Words struct {
	Settings, Help  string // in the band
	More, Back      string // to the next part of a long page, and to the first
	Show, Hide      string // what is typed
	Space           string // on its key
	Online, Offline string
	Ready, Absent   string // the reader
	Covered, Why    string // in the place of a private page that nobody has touched for a while
	Spoken
}

// Spoken are words that are only heard, where a page is read aloud.
type Spoken struct {
	Wait, Done      string // the tone of a page, which else is a symbol
	Careful, Stuck  string
	Star, Hash      string // keys
	Others          string // characters, that # brings in a field for text
	Small, Capitals string // the sets of characters
	Digits, Signs   string
	Nothing         string // is typed
	One, Many       string // how many characters are typed, # is their number
	Hidden          string // letters of an address
	Left            string // how much time
	Listen          string // how to listen: said once
}
