package journey

import (
	"testing"

	"unlockpoint/display"
)

func TestTrivial(t *testing.T) {
	for passcode, want := range map[string]bool{
		"111111": true, "123456": true, "654321": true, "890123": true, "210987": true, "cdefgh": true, "aaaa": true, "1": true, "": true,
		"112233": false, "135790": false, "123457": false, "121212": false, "abdc": false, "831742": false,
	} {
		if got := trivial(display.NewSecret(passcode)); got != want {
			t.Errorf("trivial(%q) = %v", passcode, got)
		}
	}
}

func TestFresh(t *testing.T) {
	rule := Rule{Min: 6, Max: 8, Digits: true}
	for passcode, want := range map[string]Complaint{
		"": PasscodeEmpty, "40293": PasscodeShort, "402937461": PasscodeLong, "111111": PasscodeTrivial, "402937": "", "40293746": "",
	} {
		if got := rule.fresh(display.NewSecret(passcode)); got != want {
			t.Errorf("fresh(%q) = %q, want %q", passcode, got, want)
		}
	}
}

func TestInWords(t *testing.T) {
	const question = "What was the name of your first soft toy?"
	for answer, want := range map[string]bool{
		"toy": true, "softtoy": true, "firstsofttoy": true, "what": true, "mrbun": false, "toys": false, "ofttoy": false,
	} {
		if got := inWords([]byte(answer), question); got != want {
			t.Errorf("inWords(%q) = %v", answer, got)
		}
	}
}

// An answer that stands in the question is no secret, whatever language the
// question was read in.
func TestAnAnswerIsInNoWordingOfTheQuestion(t *testing.T) {
	for answer, want := range map[string]Complaint{"soft toy": AnswerInQuestion, "Tegan meddal": AnswerInQuestion, "Mr Bun": ""} {
		for _, language := range []string{"", "cy"} {
			s := State{Visit: Visit{Question: 2, input: display.NewSecret(answer)}, Look: display.Look{Language: language}}
			if got := s.checkAnswer(); got != want {
				t.Errorf("%q in %q: %q", answer, language, got)
			}
		}
	}
}
