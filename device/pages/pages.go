// Package pages is what a person sees of a journey: View turns a State of the
// machine into a Page.
//
// Its words: a variant is the same page in other circumstances; facts are
// what stands in the place of placeholders. The wording itself is data, in
// package words.
//
// View is pure and decides nothing about what comes next.
package pages

import (
	"unlockpoint/device/journey"
	"unlockpoint/device/pages/words"
	"unlockpoint/display"
)

// View is the page that a person sees in the state.
func View(s journey.State) display.Page {
	v := view{State: s, words: words.In(s.Look.Language)}
	v.facts = v.allFacts()
	v.text = v.words.Text(string(s.Page), v.variant())
	return display.Page{
		ID:          string(s.Page),
		Title:       v.say(v.text.Title),
		Doing:       v.doing(),
		Step:        v.step(),
		Body:        v.body(),
		Field:       v.field(),
		Choices:     v.choices(),
		Actions:     v.actions(),
		Error:       v.complaint(),
		Tone:        v.tone(),
		Card:        v.serves(),
		SecondsLeft: s.SecondsLeft(),
		Session:     s.Session,
		Private:     v.private(),
		Stands:      v.stands(),
		Status:      display.Status{Terminal: s.Rules.Terminal, Online: s.Online, Reader: s.Reader && !s.Unapproved},
		Look:        s.Look,
		Aloud:       s.Aloud,
		Words:       v.words.Display,
	}
}

// view is one page being put together.
type view struct {
	journey.State
	words *words.Language
	text  words.Text
	facts words.Facts
}

// say fills a text in, whether or not each fact is known.
func (v view) say(text string) string {
	said, _ := words.Fill(text, v.facts)
	return said
}

// doing is what a person waits for who has just done something.
func (v view) doing() string {
	if !v.Busy() || waiting(v.Page) {
		return ""
	}
	if v.PadAsks() {
		return v.words.Label[either(when(v.Base() == journey.ChangeOld, "pad-changes"), "pad-asks")]
	}
	return either(v.words.Busy[string(v.Base())], v.words.Label["moment"])
}

// body leaves out what would say nothing.
func (v view) body() []string {
	if v.PadAsks() {
		return []string{v.words.Label[either(when(v.Base() == journey.ChangeOld, "pad-change-keys"), "pad-keys")], v.words.Label["leave-in"]}
	}
	if v.doing() != "" {
		return []string{v.words.Label["leave-in"]}
	}
	var body []string
	for _, paragraph := range v.text.Body {
		if said, whole := words.Fill(paragraph, v.facts); whole {
			body = append(body, said)
		}
	}
	return body
}

func (v view) complaint() string {
	if v.Complaint == "" || v.Busy() || v.Page != v.Base() {
		return ""
	}
	return v.say(v.words.Complaint[string(v.Complaint)])
}

func (v view) tone() display.Tone {
	if v.Busy() {
		return display.Working
	}
	switch v.text.Tone {
	case "working":
		return display.Working
	case "success":
		return display.Success
	case "warning":
		return display.Warning
	case "problem":
		return display.Problem
	}
	return display.Plain
}

// serves reports whether a card may be put in now, or is in. A picture of one
// would invite people to put theirs into a terminal that is not ready.
func (v view) serves() bool {
	switch v.Page {
	case journey.Starting, journey.Updating, journey.OutOfService, journey.ReaderMissing, journey.ReaderUnapproved:
		return false
	}
	return true
}

// field is what the page asks for.
func (v view) field() *display.Field {
	f := v.Field()
	if f != nil {
		f.Label = v.say(v.text.Field)
	}
	return f
}

// stands reports whether the page waits for whoever comes next, or for who left
// their card.
func (v view) stands() bool {
	switch v.Page {
	case journey.Starting, journey.OutOfService, journey.Updating, journey.Idle, journey.ReaderMissing, journey.ReaderUnapproved, journey.TakeCard:
		return true
	}
	return false
}

// private reports whether a picture of the page must not leave the terminal:
// it shows a secret's length, an address or which questions were chosen.
func (v view) private() bool {
	switch v.Page {
	case journey.RegisterPasscode, journey.RegisterQuestion, journey.RegisterAnswer, journey.RegisterEmail,
		journey.RegisterEmailEdit, journey.RegisterCode, journey.UnlockAnswer, journey.UnlockCode, journey.CodeWhere, journey.AssistCode,
		journey.UnlockPasscode, journey.UnlockRepeat, journey.ChangeOld, journey.ChangeNew, journey.ChangeRepeat, journey.CardDetails:
		return true
	}
	return false
}
