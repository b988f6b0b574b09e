// Package speech reads pages aloud, to people who do not see them.
//
// Its words: a [Speaker] follows the pages that a person is shown and says
// what is new to them; a [Voice] is what makes sound of it. The voice of a
// terminal is a [Program], espeak-ng, in a process of its own.
//
// Everything that a page shows is said, in one order: tone and title, step,
// what to put right, the paragraphs, the field, choices and actions with their
// keys, and last what stands at the edges. Secrets are counted, never said: nothing
// in this package looks at one, shown or not.
package speech

import (
	"cmp"

	"unlockpoint/display"
	"unlockpoint/display/typing"
)

// Utterance is a stretch of speech.
type Utterance struct {
	Text     string
	Sign     bool   // Text is one character, to be called by its name
	Language string // of Text: "cy"; empty is English
	Volume   int    // from 1 to display.Volumes
}

// Voice makes sound. Neither of its methods waits.
type Voice interface {
	// Say says something after all that is still to be said.
	Say(Utterance)

	// Hush is silent at once, and forgets what was still to be said.
	Hush()
}

// Speaker says what is new to somebody who listens. It is for one goroutine at
// a time.
type Speaker struct {
	voice Voice
	heard heard
	aloud display.Aloud
	look  display.Look
}

// NewSpeaker returns a Speaker that has said nothing yet.
func NewSpeaker(v Voice) *Speaker { return &Speaker{voice: v} }

// Show is what the person is shown now. Another page is said from its
// beginning, and ends what is being said of the one before; of the same page
// only what is new is said, after that.
func (s *Speaker) Show(p display.Page, layer typing.Layer) {
	before, was := s.heard, s.aloud.On
	s.aloud, s.look = p.Aloud, p.Look
	if !p.Aloud.On {
		if was {
			s.heard = heard{}
			s.voice.Hush()
		}
		return
	}
	s.heard = hear(p, layer)
	switch {
	case !was:
		s.Again()
		s.say(p.Words.Listen)
	case s.heard.place != before.place:
		s.Again()
	default:
		s.news(before)
	}
}

// Hush ends what is being said, as the person does something.
func (s *Speaker) Hush() {
	if s.aloud.On {
		s.voice.Hush()
	}
}

// Again says the page from its beginning.
func (s *Speaker) Again() {
	if s.aloud.On {
		s.voice.Hush()
		s.lines(s.heard.lines)
	}
}

// news says what is new on the same page.
func (s *Speaker) news(before heard) {
	s.lines(s.heard.after(before))
	if s.heard.typed == before.typed {
		return
	}
	if sign := s.heard.sign(before); sign != "" {
		s.voice.Say(Utterance{Text: sign, Sign: true, Language: s.look.Language, Volume: s.aloud.Level()})
		return
	}
	s.say(s.heard.count)
}

// lines says lines, each in its language.
func (s *Speaker) lines(lines []line) {
	for _, p := range parts(lines) {
		s.voice.Say(Utterance{Text: p.text, Language: cmp.Or(p.language, s.look.Language), Volume: s.aloud.Level()})
	}
}

func (s *Speaker) say(text string) {
	if text != "" {
		s.voice.Say(Utterance{Text: text, Language: s.look.Language, Volume: s.aloud.Level()})
	}
}
