package journey

import (
	"slices"

	"unlockpoint/display"
)

// turn is one event being dealt with.
type turn struct {
	State
	effects []Effect
}

func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

func (t *turn) take(ev Event) {
	switch ev := ev.(type) {
	case Pressed:
		t.pressed(ev.Input)
	case CardIn:
		t.cardPutIn()
	case CardOut:
		t.cardTaken()
	case ReaderChanged:
		t.readerChanged(ev)
	case LinkChanged:
		t.linkChanged(ev.Up)
	case Rules:
		t.rulesCame(ev.Rules)
	case ListeningChanged:
		t.listeningChanged(ev.Listening)
	case Tick:
		t.tick(ev.Elapsed)
	case Fault:
		t.fault(ev.Why)
	case Outcome:
		t.outcome(ev)
	}
}

// show turns to a page and starts it afresh: what was typed before is wiped,
// but for what the page needs, and pages laid over it are gone.
func (t *turn) show(p PageID) {
	t.Page, t.under, t.revealed = p, nil, false
	t.clearField()
	t.spend(p)
	t.Complaint, t.Problem, t.Resent = "", NoProblem, false
	t.offset, t.quiet, t.reminded = 0, 0, 0
}

// complain stays on, or turns to, a page that says what to put right.
func (t *turn) complain(p PageID, c Complaint) {
	t.show(p)
	t.Complaint = c
}

// lay puts a page over the present one, which comes back as it was, but with
// what was typed hidden.
func (t *turn) lay(p PageID) {
	if p == t.Page {
		return
	}
	t.under = append(slices.Clone(t.under), t.Page)
	t.Page, t.revealed = p, false
}

// lift takes the topmost page away.
func (t *turn) lift() {
	n := len(t.under)
	if n == 0 {
		return
	}
	t.Page, t.under = t.under[n-1], slices.Clone(t.under[:n-1])
}

// stop ends the visit: everything typed is wiped, the card is let go.
func (t *turn) stop() {
	if t.Base() == TakeCard {
		t.show(TakeCard)
		return
	}
	left := t.unfinished(t.await)
	t.finish(TakeCard)
	t.Removed = left
}

// finish ends the visit on a page from which only the card has to be taken.
func (t *turn) finish(p PageID) {
	t.show(p)
	t.wipe()
	t.letGo()
}

// letGo lets the card be taken, and ends what may be done with it.
func (t *turn) letGo() {
	if t.cardIn && !t.ended {
		t.do(Release{})
	}
	t.ended = true
}

// leave forgets the visit.
func (t *turn) leave() {
	t.clearField()
	t.wipe()
	t.Visit = Visit{}
}

// wipe ends the life of every secret of the visit but the field's.
func (t *turn) wipe() {
	t.spend("")
	t.local, t.NewAddress = "", ""
}

// spend wipes the secrets of earlier pages that a page has no use for.
func (t *turn) spend(p PageID) {
	switch p {
	case RegisterQuestion, RegisterAnswer, UnlockAnswer: // all answers do their work together
	default:
		for _, a := range t.answers {
			a.Text.Wipe()
		}
		t.answers = nil
	}
	switch p {
	case ChangeNew, ChangeRepeat:
	default:
		t.old.Wipe()
		t.old = nil
	}
	switch p {
	case ChangeRepeat, UnlockRepeat, UnlockWorking, UnlockFailed:
	default:
		t.chosen.Wipe()
		t.chosen = nil
	}
}

func (t *turn) clearField() {
	t.input.Wipe()
	t.input = nil
}

// keep takes the field's text away from the page, to be used later.
func (t *turn) keep() *display.Secret {
	kept := t.input
	t.input = nil
	if kept == nil {
		return display.NewSecret("")
	}
	return kept
}
