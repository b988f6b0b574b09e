package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Severity says how much a fault matters.
type Severity int

// The severities.
const (
	Notice  Severity = iota // worth knowing
	Warning                 // people are served, and somebody should look today
	Failure                 // people are not served
)

var severities = [...]string{"notice", "warning", "failure"}

// String names the severity.
func (s Severity) String() string { return severities[s] }

// MarshalText writes the name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severities[:], string(text))
	if i < 0 {
		return fmt.Errorf("severity %q: it is notice, warning or failure", text)
	}
	*s = Severity(i)
	return nil
}

// Fault is something that a person should do something about.
type Fault struct {
	Code     string   `json:"code"` // keeps its meaning for ever
	Title    string   `json:"title"`
	Severity Severity `json:"severity"`
	Advice   string   `json:"advice"` // what to do
}

// LinkDown is the code of the one fault that central sees from its own end.
const LinkDown = "link.down"

// The codes of the faults with which a terminal can serve nobody, whatever
// reader it has.
const (
	StoreFull    = "store.full"
	PanelFailing = "panel.failing"
	HandsNone    = "hands.none"
)

const (
	littleSpace = 256 << 20 // a week of logs and a store that is rewritten once
	noSpace     = 32 << 20  // Badger's next files: 2 x 2 MiB of tables, 8 MiB of log, and again
	manyFacts   = 1000      // a terminal writes some 200 a day

	// downFor is how long a part of the face may be down: a panel that is set
	// up again takes half a second, a pad that is plugged in again a few.
	downFor = 5 * time.Second
	// often is how many times in ten minutes are no accident.
	often = 3
	// off is how wrong a clock may be: as much as Kerberos allows.
	off = 5 * time.Minute
)

// setClock is what to do about a clock that is wrong.
const setClock = "Central's welcome sets it where no time server does: see \"test central\", and ask the network team whether the terminal reaches a time server."

// moreRoom is what to do before a disk is full.
const moreRoom = "Before it is full it wants a larger flash card, or \"factory-reset\", and is then enrolled anew: tell central IT."

// setUp is who can change a part of terminal.toml: nobody can at a console.
func setUp(part string) string {
	return "Who set the machine up can change [" + part + "] in terminal.toml."
}

// Faults are those that follow from a reading, the worst first.
func (r Reading) Faults() []Fault {
	var found []Fault
	for _, check := range checks {
		if check.is(r) {
			found = append(found, check.Fault)
		}
	}
	slices.SortStableFunc(found, func(a, b Fault) int { return cmp.Compare(b.Severity, a.Severity) })
	return found
}

// StoreShut is a store that cannot be opened, because of err. No reading tells of
// it: without a store no terminal runs.
func StoreShut(err error) Fault {
	return shut("store.shut", "The store cannot be opened", err,
		"If it does not come after a \"reboot\", the flash card is worn out: put in a new one, and enrol the terminal anew.")
}

// IdentityShut is an identity that cannot be read, because of err.
func IdentityShut(err error) Fault {
	return shut("identity.shut", "Nobody can say which terminal this is", err,
		"If it does not come after a \"reboot\", \"factory-reset\" makes it one that can be enrolled anew.")
}

func shut(code, title string, err error, advice string) Fault {
	return Fault{code, title, Failure, err.Error() + ". It is tried again every few seconds. " + advice}
}

// Known is the fault with a code.
func Known(code string) Fault {
	i := slices.IndexFunc(checks, func(c check) bool { return c.Code == code })
	if i < 0 {
		panic("there is no fault " + code)
	}
	return checks[i].Fault
}

// check is a fault and how it shows.
type check struct {
	Fault
	is func(Reading) bool
}

var checks = []check{
	{Fault{"reader.missing", "No card reader", Failure, "Plug the reader in again. If it stays missing, try another cable and socket; \"hardware\" lists the readers that are seen."},
		func(r Reading) bool { return r.Reader.Name == "" }},
	{Fault{"reader.unapproved", "The card reader may not be used", Failure, "Plug in one that may be used, or ask central IT to allow this one: \"show reader\" has its name, fleet config set readers=NAME allows it."},
		func(r Reading) bool { return r.Reader.Name != "" && !r.Reader.Approved }},
	{Fault{StoreFull, "The disk is full", Failure, "Nothing can be kept any more. \"factory-reset\" makes room: then the terminal is enrolled anew. If it fills up again, it wants a larger flash card."},
		func(r Reading) bool { return r.Store.Free < noSpace }},
	{Fault{"store.space", "The disk is nearly full", Warning, moreRoom},
		func(r Reading) bool { return r.Store.Free >= noSpace && r.Store.Free < littleSpace }},
	{Fault{"store.replaced", "The store was damaged and replaced", Warning, "Facts that central had not yet may be lost. If it happens again, replace the flash card."},
		func(r Reading) bool { return r.Store.SetAside != "" }},
	{Fault{LinkDown, "Central cannot be reached", Failure, "Run \"test network\" and \"test mqtt\": they say how far the terminal gets."},
		func(r Reading) bool { return !r.Link.Up }},
	{Fault{"facts.waiting", "Central is far behind", Warning, "More than 1,000 facts wait for central. If the link is up, tell central IT."},
		func(r Reading) bool { return r.Store.Waiting > manyFacts }},
	{Fault{"certificate.ending", "The terminal's certificate ends soon", Warning, "Central has not renewed it. See that clock and central pass their tests, and tell central IT: after its end the broker lets nobody in, and the terminal is to be enrolled again. \"show link\" has the day."},
		Reading.ending},
	{Fault{"clock.behind", "The clock is wrong", Warning, "It is behind a time that is certainly over. " + setClock},
		func(r Reading) bool { return r.At.Before(r.certain()) }},
	{Fault{"clock.off", "The clock is wrong", Warning, "It is 5 minutes or more away from central's. " + setClock},
		func(r Reading) bool { return !r.At.Before(r.certain()) && r.Clock.Ahead.Abs() >= off }},
	{Fault{PanelFailing, "The panel does not work", Failure, "See its flat cable and its power. \"show face\" says what its bus answers. " + setUp("panel")},
		func(r Reading) bool { return r.down(Panel) }},
	{Fault{"panel.unsteady", "The panel keeps failing", Warning, "It is started again each time. See its flat cable and plugs; a lower clock_mhz may help. " + setUp("panel")},
		func(r Reading) bool { return r.unsteady(Panel) }},
	{Fault{HandsNone, "Nobody can press anything", Failure, "Neither touch nor keys work. See their cables; \"show face\" says what is wrong with each."},
		Reading.handless},
	{Fault{"touch.failing", "The touch screen does not work", Warning, "See its flat cable. \"hardware\" lists what answers. " + setUp("touch")},
		func(r Reading) bool { return r.down(Touch) }},
	{Fault{"touch.unsteady", "The touch screen keeps failing", Warning, "It is set up again each time. See its flat cable and plugs."},
		func(r Reading) bool { return r.unsteady(Touch) }},
	{Fault{"keypad.failing", "The keypad does not work", Warning, "See its cable. \"hardware\" lists what is plugged in. " + setUp("keys")},
		func(r Reading) bool { return r.down(Keypad) }},
	{Fault{"keypad.unsteady", "The keypad keeps failing", Warning, "It is set up again each time. See its cable and plugs."},
		func(r Reading) bool { return r.unsteady(Keypad) }},
	{Fault{"policy.none", "No rules from central yet", Notice, "They come with the first connection. Until then the built-in ones hold."},
		func(r Reading) bool { return r.Policy == 0 }},
}

// certain is a time that is certainly over.
func (r Reading) certain() time.Time {
	if r.Made.After(r.Clock.Floor) {
		return r.Made
	}
	return r.Clock.Floor
}

// ending reports whether the certificate is in the last sixth of its life. The
// terminal has tried to renew it for as long as that (see package uplink).
func (r Reading) ending() bool {
	left := r.Link.Until.Sub(r.At.Add(-r.Clock.Ahead))
	return !r.Link.Until.IsZero() && left < r.Link.Until.Sub(r.Link.From)/6
}

// part is one of the face; a terminal without it has one that works.
func (r Reading) part(name PartName) Part {
	for _, p := range r.Face {
		if p.Name == name {
			return p
		}
	}
	return Part{Name: name}
}

func (r Reading) down(name PartName) bool { return r.part(name).Down >= downFor }

func (r Reading) unsteady(name PartName) bool {
	return !r.down(name) && r.part(name).Times >= often
}

// handless: there are things to press, and none of them works.
func (r Reading) handless() bool {
	some := false
	for _, p := range r.Face {
		if p.Name == Panel {
			continue
		}
		if some = true; p.Down < downFor {
			return false
		}
	}
	return some
}

// quietFor is how long a driver may say nothing: the slowest has something to
// say every 30 s.
const quietFor = 2 * time.Minute

// Alive reports whether every driver of the face is at work, whatever comes of
// it: one that hangs says nothing.
func (r Reading) Alive() bool {
	return !slices.ContainsFunc(r.Face, func(p Part) bool { return p.Quiet >= quietFor })
}
