package journey

import (
	"errors"
	"slices"
	"strings"

	"unlockpoint/device/pages/words"
	"unlockpoint/sync/answer"
)

// perPage is how many numbered choices a page has (PAGES.md, "Keys").
const perPage = 6

// Choices are the questions on the page RegisterQuestion, by number: the
// first has key "1".
func (s State) Choices() []int {
	free := s.free()
	end := min(s.offset+perPage, len(free))
	return free[min(s.offset, end):end]
}

// More reports whether there are further choices, for key "0".
func (s State) More() bool { return len(s.free()) > perPage }

// free are the questions that are not taken yet.
func (s State) free() []int {
	var free []int
	for q := 1; q <= s.Rules.Bank; q++ {
		if !slices.ContainsFunc(s.answers, func(a Answer) bool { return a.Question == q }) {
			free = append(free, q)
		}
	}
	return free
}

// moreChoices turns to the next six, and after the last ones to the first.
func (t *turn) moreChoices() {
	t.offset += perPage
	if t.offset >= len(t.free()) {
		t.offset = 0
	}
}

// checkAnswer holds an answer to the rules of choice.
func (s State) checkAnswer() Complaint {
	text, err := answer.Normalise(s.input.Reveal())
	switch {
	case errors.Is(err, answer.ErrCharacter):
		return AnswerCharacter
	case errors.Is(err, answer.ErrLong):
		return AnswerLong
	case err != nil:
		return AnswerShort
	case slices.ContainsFunc(words.Wordings(s.Question), func(q string) bool { return inWords(text, q) }):
		return AnswerInQuestion
	case text == normal(s.local):
		return AnswerIsAddress
	case slices.ContainsFunc(s.answers, func(a Answer) bool { return normal(a.Text.Reveal()) == text }):
		return AnswerTwice
	}
	return ""
}

// inWords reports whether the answer is one or several words of the question
// in a row.
func inWords(text, question string) bool {
	spoken := strings.Fields(question)
	for i := range spoken {
		for j := i + 1; j <= len(spoken); j++ {
			if normal(strings.Join(spoken[i:j], "")) == text {
				return true
			}
		}
	}
	return false
}

// normal is the form that answers are compared in, empty for what cannot be
// an answer.
func normal(s string) string {
	text, err := answer.Normalise(s)
	if err != nil {
		return ""
	}
	return text
}

// withAnswer never shares memory with the answers of an earlier State.
func withAnswer(answers []Answer, a Answer) []Answer {
	return append(slices.Clone(answers), a)
}
