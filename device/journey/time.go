package journey

import "time"

const (
	// deafFor is how long a reader may take to be heard of after start, before
	// it counts as missing. pcscd starts beside the terminal, and finds USB
	// readers within about three seconds.
	deafFor = 10 * time.Second

	// strangerFor is how long a terminal that never met central says that it
	// takes a few seconds.
	strangerFor = time.Minute

	// pollEvery is how often a page about a code asks what became of its
	// mail: a person reads the change within a breath, and central answers
	// one small question.
	pollEvery = 4 * time.Second

	// removedFor is how long a page that says why a card came out too early
	// stays up.
	removedFor = 20 * time.Second

	// revealFor is how long what was typed stays shown, from the last key on:
	// time to find a slip in a long answer, and none for who comes by later.
	revealFor = 5 * time.Second

	beepEvery  = 5 * time.Second
	beepSeldom = 30 * time.Second // after the first minute: it is a corridor
	beepFor    = 5 * time.Minute  // nobody who went away for longer hears it
)

func (r RuleSet) pageTimeout() time.Duration { return orElse(r.PageTimeout, 60*time.Second) }
func (r RuleSet) moreTime() time.Duration    { return orElse(r.MoreTime, 20*time.Second) }

// unhurried is how many times as long a page waits for a person who asked for
// more time, or who has to hear a page out.
const unhurried = 5

func (s State) pageTimeout() time.Duration { return s.waits(s.Rules.pageTimeout()) }
func (s State) moreTime() time.Duration    { return s.waits(s.Rules.moreTime()) }

func (s State) waits(d time.Duration) time.Duration {
	if s.Unhurried || s.Aloud.On {
		return unhurried * d
	}
	return d
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

func (t *turn) tick(elapsed time.Duration) {
	if elapsed <= 0 {
		return
	}
	t.shown += elapsed
	t.quiet += elapsed
	t.polled += elapsed
	t.revealed = t.revealed && t.quiet < revealFor
	t.countCode(elapsed)
	t.deaf()
	t.timeOut()
	t.poll()
}

// timeOut turns to what comes when a page was quiet for too long.
func (t *turn) timeOut() {
	switch {
	case t.Page == Starting:
		t.stranger()
	case t.Page == RemovedEarly:
		t.after(removedFor, t.leaveRemoved)
	case t.Page == Idle:
		t.after(t.Rules.pageTimeout(), t.forgetLook)
	case t.atHome():
		t.after(t.Rules.pageTimeout(), t.rest)
	case t.ended:
		t.remind()
	case t.Page == MoreTime:
		t.after(t.moreTime(), t.stop)
	case t.PadAsks():
		t.after(t.padFor(), t.stop)
	case t.Busy():
		t.after(2*t.Rules.pageTimeout(), t.stop) // no effect takes as long: give the card back
	default:
		t.after(t.pageTimeout(), t.askForMore)
	}
}

func (t *turn) after(d time.Duration, do func()) {
	if t.quiet >= d {
		do()
	}
}

// rest is a terminal that nobody stands at: settings and help are put away.
func (t *turn) rest() {
	t.lift()
	t.hush()
}

// deaf gives a reader time to be found: a card that is put in meanwhile is
// served as soon as it is.
func (t *turn) deaf() {
	if !t.heard && t.quiet >= deafFor {
		t.heard = true
		t.home()
	}
}

// stranger stops promising what does not come.
func (t *turn) stranger() {
	if t.Page == Starting && t.Rules.Site == "" {
		t.after(strangerFor, func() { t.fault(NeverMet) })
	}
}

// remind calls back a person who leaves the card behind, and tells central
// once if they do not come.
func (t *turn) remind() {
	if len(t.under) > 0 {
		t.after(t.Rules.pageTimeout(), t.lift)
		return
	}
	every := beepEvery
	if t.quiet > t.Rules.pageTimeout() {
		every = beepSeldom
	}
	if t.quiet <= beepFor && t.quiet-t.reminded >= every {
		t.reminded = t.quiet
		t.do(Beep{})
	}
	if t.quiet >= t.Rules.pageTimeout() && !t.reported {
		t.reported = true
		t.do(Report{What: "card.left"})
		quiet := t.quiet
		t.show(TakeCard)
		t.quiet, t.reminded = quiet, quiet
	}
}

func (t *turn) askForMore() {
	t.lay(MoreTime)
	t.quiet = 0
}

func (t *turn) pressMoreTime(key string) {
	switch key {
	case "Enter", "1":
		t.lift()
	case "Cancel", "2":
		t.stop()
	}
}
