package journey

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"unlockpoint/device/pages/words"
	"unlockpoint/display"
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
	text, err := normal(s.input.Bytes())
	defer clear(text)
	switch {
	case errors.Is(err, answer.ErrCharacter):
		return AnswerCharacter
	case errors.Is(err, answer.ErrLong):
		return AnswerLong
	case err != nil:
		return AnswerShort
	case slices.ContainsFunc(words.Wordings(s.Question), func(q string) bool { return inWords(text, q) }):
		return AnswerInQuestion
	case same(text, []byte(s.local)):
		return AnswerIsAddress
	case slices.ContainsFunc(s.answers, func(a Answer) bool { return same(text, a.Text.Bytes()) }):
		return AnswerTwice
	}
	return ""
}

// inWords reports whether the answer is one or several words of the question
// in a row.
func inWords(text []byte, question string) bool {
	spoken := strings.Fields(question)
	for i := range spoken {
		for j := i + 1; j <= len(spoken); j++ {
			if same(text, []byte(strings.Join(spoken[i:j], ""))) {
				return true
			}
		}
	}
	return false
}

// normal is the form that answers are compared in, for the caller to clear.
// What was typed is cleared.
func normal(typed []byte) ([]byte, error) {
	defer clear(typed)
	return answer.Normalise(typed)
}

// same reports whether what was typed is an answer, and this one.
func same(text, typed []byte) bool {
	other, err := normal(typed)
	defer clear(other)
	return err == nil && bytes.Equal(text, other)
}

func isAnswer(typed *display.Secret) bool {
	text, err := normal(typed.Bytes())
	clear(text)
	return err == nil
}

// withAnswer never shares memory with the answers of an earlier State.
func withAnswer(answers []Answer, a Answer) []Answer {
	return append(slices.Clone(answers), a)
}
